from celery import shared_task

from portal.outbox import sending


@shared_task
def send() -> int:
    return sending.send_waiting()


@shared_task
def sweep() -> bool:
    return sending.sweep()

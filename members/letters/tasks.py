from celery import shared_task

from members.letters import services


@shared_task
def sweep() -> int:
    return services.sweep()

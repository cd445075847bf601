from uuid import UUID

from celery import shared_task

from portal.outbox import services


@shared_task
def deliver(mail: str) -> bool:
    return services.deliver(UUID(mail))


@shared_task
def sweep() -> int:
    return services.sweep()

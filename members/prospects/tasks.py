from celery import shared_task

from members.prospects import services


@shared_task
def carry_on(found: int) -> None:
    services.carry_on(found)


@shared_task
def sweep() -> int:
    return services.sweep()

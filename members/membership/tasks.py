from celery import shared_task

from members.membership import rounds, services


@shared_task
def carry_on(found: int) -> None:
    rounds.carry_on(found)


@shared_task
def sweep() -> int:
    services.end_leaves()
    return rounds.sweep()

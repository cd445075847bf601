from celery import shared_task

from members.intake import claims, services


@shared_task
def carry_on(source: int) -> None:
    services.carry_on(source)


@shared_task
def sweep() -> int:
    return services.sweep()


@shared_task
def remind() -> int:
    return claims.remind()

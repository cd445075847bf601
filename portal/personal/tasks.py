from celery import shared_task

from portal.personal import deletion, services


@shared_task
def make_export(pk: str) -> bool:
    return services.make(pk)


@shared_task
def end_sessions(pk: int) -> int:
    return deletion.end_sessions(pk)


@shared_task
def sweep() -> int:
    deletion.forget_farewells()
    return services.sweep()

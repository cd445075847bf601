from celery import shared_task

from members.recruitment import links, writing


@shared_task
def sweep() -> int:
    return writing.sweep()


@shared_task
def advance() -> int:
    return writing.advance()


@shared_task
def check_links(drive: int) -> None:
    links.check(drive)

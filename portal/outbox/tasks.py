from celery import shared_task
from django.conf import settings

from portal.outbox import returns, sending


@shared_task
def send() -> int:
    return sending.send_waiting()


@shared_task
def sweep() -> bool:
    return sending.sweep()


@shared_task
def read_bounces() -> int:
    return returns.read_mailbox(settings.BOUNCE_MAILBOX) if settings.BOUNCE_MAILBOX else 0

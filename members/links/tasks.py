from celery import shared_task

from members.links import services


@shared_task
def look() -> int:
    """Woken by every new link, and by the clock for what a lost wake-up missed and what is old."""
    return services.look_at_due()

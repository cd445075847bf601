from celery import shared_task

from portal.retention import services


@shared_task
def run(at: str = "") -> bool:
    return services.run(at)

"""Whether the addresses in a drive's texts answer, looked up by a worker before anybody is written to."""

from django.utils import timezone
from django.utils.translation import override

from members.recruitment import letters
from members.recruitment.models import Drive
from portal import fetch
from portal.wake import wake

MOST = 30  # addresses of one drive; each may take ten seconds
TASK = "members.recruitment.tasks.check_links"


def check_soon(drive: Drive) -> None:
    """Have a worker look, where there is anything to look at."""
    if letters.addresses_of(drive):
        wake(TASK, drive.pk)


def check(pk: int) -> None:
    """Ask each address, and write down which did not answer, and why."""
    drive = Drive.objects.select_related("package", "started_by").filter(pk=pk).first()
    if drive is None:
        return
    with override("en"):
        drive.links = {url: fetch.answers(url) for url in sorted(letters.addresses_of(drive))[:MOST]}
    drive.links_checked_at = timezone.now()
    drive.save(update_fields=["links", "links_checked_at"])

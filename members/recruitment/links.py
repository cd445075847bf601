"""Whether the addresses in a drive's texts answer, looked up by workers before anybody is written to."""

import time

from django.utils import timezone

from members.recruitment import letters
from members.recruitment.models import Drive
from portal import fetch
from portal.wake import wake

TASK = "members.recruitment.tasks.check_links"
PATIENCE = 4.0  # seconds for each address
SPELL = 3.0  # seconds after which a task hands over to the next: mails do not wait for slow sites


def check_soon(drive: Drive) -> None:
    """Have workers look at all of them anew, where there are any."""
    Drive.objects.filter(pk=drive.pk).update(links={}, links_checked_at=None)
    drive.links, drive.links_checked_at = {}, None
    if letters.addresses_of(drive):
        wake(TASK, drive.pk)


def check(pk: int, *, seconds: float = SPELL) -> None:
    """Ask the addresses that were not asked yet, and keep what is wrong with each. Safe to run twice."""
    ends = time.monotonic() + seconds
    drive = Drive.objects.select_related("package").filter(pk=pk).first()
    if drive is None:
        return
    wanted = letters.addresses_of(drive)
    found = {url: fault for url, fault in drive.links.items() if url in wanted}
    for url in sorted(wanted - set(found)):
        found[url] = fetch.fault_of(url, seconds=PATIENCE)
        Drive.objects.filter(pk=pk).update(links=found)
        if time.monotonic() > ends and len(found) < len(wanted):
            wake(TASK, pk)
            return
    Drive.objects.filter(pk=pk).update(links=found, links_checked_at=timezone.now())

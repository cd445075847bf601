"""The links in a drive's texts, looked up at real sites."""

import pytest

from members.recruitment import checks, links
from members.recruitment.models import Drive, Step
from tests import factories
from tests.portal.sites import Site, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings):
    with Site({"/here": page(b"words"), "/gone": page(b"", status=410)}) as found:
        settings.FETCH_ALLOWED = {("127.0.0.1", found.port)}
        yield found


@pytest.fixture
def drive(site):
    made = factories.drive("Ada <ada@example.org>")
    made.package.texts.update(body=f'<p><a href="{site.url("/gone")}">gone</a></p>')
    Step.objects.update(body_en=f"{{link}} {site.url('/here')} and http://127.0.0.1:1/x")
    return made


def look(drive, **options):
    links.check(drive.pk, **options)
    return Drive.objects.get(pk=drive.pk)


def test_links_are_asked_and_what_is_wrong_is_told_in_the_readers_language(drive, site):
    found = look(drive)
    assert found.links == {site.url("/here"): "", site.url("/gone"): "410", "http://127.0.0.1:1/x": "not_public"}
    assert found.links_checked_at is not None
    assert checks.warnings(found) == [
        "The link http://127.0.0.1:1/x does not answer: The address is not on the public internet.",
        f"The link {site.url('/gone')} does not answer: There is no page at this address.",
    ]


def test_links_of_slow_sites_are_asked_one_task_after_the_other(drive, site):
    found = look(drive, seconds=0)
    assert (len(found.links), found.links_checked_at) == (1, None)
    assert "The links in the texts have not been looked at yet." in checks.warnings(found)
    look(drive, seconds=0)
    found = look(drive, seconds=0)
    assert (len(found.links), found.links_checked_at is None, len(site.asked)) == (3, False, 2)


def test_links_asked_for_again_are_asked_again(drive, site):
    look(drive)
    links.check_soon(drive)
    assert Drive.objects.get(pk=drive.pk).links == {}
    look(drive)
    assert len(site.asked) == 4


def test_links_of_a_drive_that_is_gone_are_nobodys(drive):
    pk = drive.pk
    drive.delete()
    links.check(pk)
    assert not Drive.objects.exists()

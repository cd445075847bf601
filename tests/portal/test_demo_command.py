"""manage.py demo, at the first start and at later ones."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.calendar.models import Event
from portal.demo import accounts, scenarios
from portal.shared import version
from portal.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    """DEMO=1 with a password of the environment's."""
    settings.DEMO = True
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo_password="try-the-demo")


def run(*args):
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


def marker():
    """The account that says that a demo is there."""
    return User.objects.create_user(accounts.MARKER, "old-password", name="Luz")


def test_demo_without_demo_is_refused():
    with pytest.raises(CommandError, match=r"^The demo is built only with DEMO=1"):
        run()
    assert not User.objects.exists()


def test_demo_is_built_once_and_prints_its_accounts(demo, committed):
    before = version.current()
    with committed():
        said = run("--once")
    lines = said.splitlines()
    assert lines[1] == "Demo accounts, all with the password try-the-demo"
    assert [line.split()[0] for line in lines[2:]] == list(accounts.ROLES)
    assert version.current() != before


def test_demo_once_when_it_is_there_builds_nothing(demo):
    marker()
    assert run("--once").splitlines()[0] == "Demo accounts, all with the password try-the-demo"
    assert not Event.objects.exists()


def test_demo_once_makes_the_printed_password_true(demo):
    user = marker()
    run("--once")
    user.refresh_from_db()
    kept = user.password
    run("--once")
    user.refresh_from_db()
    assert (user.check_password("try-the-demo"), user.password) == (True, kept)


def test_demo_twice_is_refused(demo):
    marker()
    with pytest.raises(CommandError, match=r"^The demo is here already\."):
        run()


def test_demo_that_does_not_fit_leaves_nothing_behind(demo):
    scenarios.event(scenarios.programme.PLANS[0], today=scenarios.timezone.localdate())
    with pytest.raises(CommandError, match=r"^The demo does not fit into what is here already\. cbd-cop: "):
        run()
    assert (User.objects.count(), Event.objects.count()) == (0, 1)


def test_demo_password_of_no_environment_is_kept(settings, tmp_path):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo_password="")
    settings.DATA_DIR = tmp_path
    first = accounts.password()
    assert len(first) > 40
    assert accounts.password() == first
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600

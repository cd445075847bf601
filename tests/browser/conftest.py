"""Browsers and running portals. The portals are real ones: `manage.py up` in a data folder of its own."""

import fcntl
import os
import shutil
import subprocess

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import stack as stacks
from tests.browser.people import Person
from tests.browser.stack import DEMO_PASSWORD, PostOffice, Stack

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    """The longest first: one worker walks while the other one starts the demo and shows it to axe."""
    items.sort(key=lambda item: "production" not in item.fixturenames)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that failed shows what people had before them, and what the portals said last."""
    report = yield
    if report.failed:
        here = [person for person in getattr(item, "funcargs", {}).get("came", []) if not person.page.is_closed()]
        report.sections += [person.testimony() for person in here]
        report.sections += [(f"Portal on port {one.port}", one.last_words()) for one in stacks.running]
    return report


@pytest.fixture(scope="module")
def chromium():
    """Not longer than a module: while Playwright runs, its event loop keeps Django from the database."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def came():
    """Who has come in this test."""
    return []


@pytest.fixture
def people(chromium, came):
    """`people(stack.url, phone=True, …)` lets somebody in. In the end nobody may have complained."""

    def come(url, **options):
        came.append(Person(chromium, url, **options))
        return came[-1]

    yield come
    for person in came:
        person.leave()


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory, worker_id):
    """A data folder as the first start leaves it: migrated, nobody there. One worker makes it, later starts copy it."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder = shared / "empty-data"
    with (shared / "empty-data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with Stack(EMAIL_URL="smtp://127.0.0.1:9", WEB_WORKERS="1") as stack:
                stack.stop()
                subprocess.run(["cp", "-a", stack.data_dir, folder], check=True)
    return folder


@pytest.fixture(scope="session")
def demo(empty_data):
    """The demo as `make run` has it; the tests of a worker share it."""
    with Stack(template=empty_data, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD, WEB_WORKERS="1") as stack:
        yield stack


@pytest.fixture
def production(empty_data):
    """An empty portal as in production, and the mail server it sends by."""
    with PostOffice() as office, Stack(template=empty_data, EMAIL_URL=office.url) as stack:
        yield stack, office

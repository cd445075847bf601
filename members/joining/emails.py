from members.joining.models import MembershipApplication
from portal.outbox import services as outbox


def application_received(application: MembershipApplication) -> None:
    _write(application, "application_received")


def asked(application: MembershipApplication) -> None:
    _write(application, "asked")


def welcome(application: MembershipApplication) -> None:
    _write(application, "welcome")


def declined(application: MembershipApplication) -> None:
    _write(application, "declined")


def _write(application: MembershipApplication, message: str) -> None:
    outbox.write(application.user, f"members/email/{message}", {"application": application}, kind=message)

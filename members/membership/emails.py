from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from members.directory.models import Member
from members.membership.models import Renewal, ReturnRequest
from portal.outbox import services as outbox


def asked(renewal: Renewal) -> None:
    _about(renewal, "renewal_asked")


def reminder(renewal: Renewal) -> None:
    _about(renewal, "renewal_reminder")


def lapsed(renewal: Renewal) -> None:
    _about(renewal, "renewal_lapsed")


def leave_over(member: Member) -> None:
    _write(member, "leave_over", {})


def returned(request: ReturnRequest) -> None:
    _write(request.member, "return_approved", {"request": request})


def not_returned(request: ReturnRequest) -> None:
    _write(request.member, "return_declined", {"request": request})


def _about(renewal: Renewal, message: str) -> None:
    link = settings.BASE_URL + renewal.personal_path
    _write(renewal.member, message, {"round": renewal.round, "link": link})


def _write(member: Member, message: str, context: dict[str, object]) -> None:
    with override(member.user.language):
        page = settings.BASE_URL + reverse("membership")
    outbox.write(member.user, f"members/email/{message}", {"member": member, "page": page, **context}, kind=message)

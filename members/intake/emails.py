from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from members.intake.models import ProfileClaim
from portal.outbox import services as outbox

KINDS = ("profile_claim", "profile_claim_reminder")


def claim(claim: ProfileClaim) -> None:
    _write(claim, "profile_claim")


def reminder(claim: ProfileClaim) -> None:
    _write(claim, "profile_claim_reminder")


def _write(claim: ProfileClaim, message: str) -> None:
    link = claim.personal_path
    token = link.rstrip("/").rpartition("/")[2]
    with override(claim.member.user.language):
        off = reverse("decline_profile", args=[token])
    context = {"member": claim.member, "link": settings.BASE_URL + link, "off_link": settings.BASE_URL + off}
    outbox.write(claim.member.user, f"members/email/{message}", context, kind=message)

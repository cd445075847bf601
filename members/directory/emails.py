from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from members.directory.models import Member
from portal.outbox import services as outbox

REMINDER = "profile_reminder"


def reminder(member: Member, *, is_bare: bool) -> None:
    """Would they look at their profile: because it says nothing, or because that was long ago."""
    with override(member.user.language):
        page = settings.BASE_URL + reverse("profile_edit")
        profile = settings.BASE_URL + member.get_absolute_url()
    context = {"page": page, "profile": profile, "is_bare": is_bare}
    outbox.write(member.user, "members/email/profile_reminder", context, kind=REMINDER)

from django.conf import settings

from members.recruitment.models import Invitation
from portal.outbox import services as outbox


def thanks(invitation: Invitation) -> None:
    """To whoever invited somebody who is a member now."""
    if invitation.invited_by is None:
        return
    member = getattr(invitation.user, "member", None)
    context: dict[str, object] = {
        "invited": invitation.user.name if invitation.user else invitation.name,
        "link": settings.BASE_URL + member.get_absolute_url() if member else "",
    }
    outbox.write(invitation.invited_by, "members/email/invitation_thanks", context, kind="invitation_thanks")

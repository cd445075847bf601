from django.conf import settings
from django.utils.translation import override

from members.recruitment.models import Invitation
from portal.outbox import services as outbox


def thanks(invitation: Invitation) -> None:
    """To whoever invited somebody who is a member now."""
    if invitation.invited_by is None:
        return
    member = getattr(invitation.user, "member", None)
    with override(invitation.invited_by.language):
        link = settings.BASE_URL + member.get_absolute_url() if member else ""
    name = invitation.user.name if invitation.user else invitation.name
    context: dict[str, object] = {"invited": name, "link": link}
    outbox.write(invitation.invited_by, "members/email/invitation_thanks", context, kind="invitation_thanks")

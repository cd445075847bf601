"""How long lists of prospects are kept."""

from django.utils.translation import gettext_lazy as _

from members.prospects import services
from members.prospects.models import ProspectList
from portal.registry import RetentionRule

RULES = (
    RetentionRule(
        "lists-of-prospects",
        _("Lists of prospects by which nobody was added"),
        _("30 days after they were brought"),
        _("The list is deleted."),
        lambda now: ProspectList.objects.to_erase(now).count(),
        services.forget_old,
    ),
)

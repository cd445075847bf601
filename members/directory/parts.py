"""Who may see a part of a profile, and which part that leaves."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.IntegerChoices):
    """The more, the fewer see it: a viewer's own number must reach that of what is shown."""

    EVERYONE = 0, _("Everyone")
    MEMBERS = 1, _("Members")
    COORDINATORS = 2, _("Coordinators")


# Parts of a profile that have an audience of their own, each in a column `<part>_shown_to`. Nobody gets to see more
# than the whole profile's visibility lets them.
PARTS = (
    "headline", "organisation", "bio", "topics", "languages", "city", "country", "time_zone", "links", "portrait",
    "hours_pledged", "away",
)  # fmt: skip


def column(part: str) -> str:
    """The column that says who may see this part."""
    return f"{part}_shown_to"


def shown_to(default: Audience = Audience.EVERYONE) -> Any:
    """The column of one part."""
    return models.PositiveSmallIntegerField(_("shown to"), choices=Audience, default=default)

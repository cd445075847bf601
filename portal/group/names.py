"""Names kept in each of the portal's languages, in plain columns."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def localised(row: models.Model, field: str) -> str:
    """The column `<field>_<language>` of the active language, or the English one where that is empty."""
    language = (get_language() or "en").split("-")[0]
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_en")


class Named(models.Model):
    """A row with a name in English and, where somebody gave it, in French and Spanish."""

    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return localised(self, "name")

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """When a rule of how long something is kept was last followed, and what that came to. One row a rule."""

    rule = models.CharField(_("rule"), max_length=40, unique=True)
    ran_at = models.DateTimeField(_("last run"), default=timezone.now)
    removed = models.PositiveIntegerField(_("removed by the last run"), default=0)
    removed_in_all = models.PositiveBigIntegerField(_("removed in all"), default=0)
    error = models.CharField(_("what went wrong"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("how long things are kept")
        verbose_name_plural = _("how long things are kept")
        ordering = ["rule"]

    def __str__(self) -> str:
        return self.rule

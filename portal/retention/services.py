"""What is over its time is removed: once a day, a bounded number at once, one rule after the other."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal import registry
from portal.retention.models import RetentionRun
from portal.wake import wake

RUN = "portal.retention.tasks.run"
AT_ONCE = 200  # rows of one batch
ONCE_IN = timedelta(hours=23)  # whoever starts the portal in the morning and stops it at night is served, too
SPELL = 4.0  # seconds after which a task hands over to the next: mails do not wait for this
log = logging.getLogger(__name__)


def run(at: str = "", *, now: datetime | None = None, seconds: float = SPELL) -> bool:
    """Follow the rules that were not followed today; `at` names the one that an earlier task could not end.

    False where another task goes on.

    Safe to run twice, also at once: each rule looks again at what it removes, under a lock.
    """
    ends, now = time.monotonic() + seconds, now or timezone.now()
    rules = list(registry.retention_rules)
    for rule in rules[next((place for place, one in enumerate(rules) if one.name == at), 0) :]:
        if rule.name != at and not _begin(rule, now):
            continue
        if not _follow(rule, now, ends):
            wake(RUN, rule.name)
            return False
    return True


def _follow(rule: registry.RetentionRule, now: datetime, ends: float) -> bool:
    """Batch after batch. False where time was up before everything was removed."""
    while True:
        try:
            removed = rule.run(now, AT_ONCE)
        except Exception as error:  # one rule that fails does not keep the others from being followed
            log.exception("a retention rule failed", extra={"rule": rule.name, "error": type(error).__name__})
            RetentionRun.objects.filter(rule=rule.name).update(error=type(error).__name__)
            return True
        _count(rule, removed)
        if removed < AT_ONCE:
            return True
        if time.monotonic() > ends:
            return False


@transaction.atomic
def _begin(rule: registry.RetentionRule, now: datetime) -> bool:
    """False where the rule was followed within a day, or another worker begins it in this moment."""
    RetentionRun.objects.get_or_create(rule=rule.name, defaults={"ran_at": now - ONCE_IN})
    free = RetentionRun.objects.filter(rule=rule.name, ran_at__lte=now - ONCE_IN)
    return bool(free.update(ran_at=now, removed=0, error=""))


def _count(rule: registry.RetentionRule, removed: int) -> None:
    found = RetentionRun.objects.filter(rule=rule.name)
    found.update(removed=F("removed") + removed, removed_in_all=F("removed_in_all") + removed)

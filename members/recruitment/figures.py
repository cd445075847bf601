"""What a drive's page shows of it: whom it is for, how far it is and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from members.recruitment import audience, checks, letters, results
from members.recruitment.models import Drive, Step
from members.recruitment.results import Progress, Stage, Status, StepResult


@dataclass(frozen=True)
class Figures:
    """Counted when they are first asked for."""

    drive: Drive

    @cached_property
    def people(self) -> int:
        return self.drive.invitations.count()

    @cached_property
    def left_out(self) -> list[tuple[str, str, int]]:
        return audience.left_out(self.drive)

    @property
    def written_to(self) -> int:
        return self.people - sum(count for _reason, _words, count in self.left_out)

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.drive.steps.all())

    @cached_property
    def problems(self) -> list[str]:
        of_audience = checks.problems_of_audience(
            self.drive, is_empty=not self.people, is_written_to=self.written_to > 0
        )
        return [*checks.problems_of_texts(self.drive), *of_audience]

    @cached_property
    def warnings(self) -> list[str]:
        return checks.warnings(self.drive)

    @cached_property
    def progress(self) -> Progress:
        return results.progress(self.drive)

    @cached_property
    def by_step(self) -> list[StepResult]:
        return results.by_step(self.drive)

    @cached_property
    def funnel(self) -> list[Stage]:
        return results.funnel(self.drive)

    @cached_property
    def has_links(self) -> bool:
        """There are web addresses in the texts, other than each person's own."""
        return bool(letters.addresses_of(self.drive))

    @property
    def failed(self) -> int:
        return sum(one.mails[Status.FAILED] for one in self.by_step)

    @property
    def suppressed(self) -> int:
        return sum(one.mails[Status.SUPPRESSED] for one in self.by_step)

    @property
    def unknown(self) -> int:
        return sum(one.unknown for one in self.by_step)

    @property
    def is_sending(self) -> bool:
        """Mails are under way, or the first ones are being written."""
        if not self.drive.is_running:
            return False
        return self.progress.done < self.progress.people or any(one.waiting for one in self.by_step)

    @property
    def next_step(self) -> tuple[Step, datetime] | None:
        """The follow-up that comes next, and from when on it leaves."""
        started = self.drive.started_at
        if started is None or self.drive.is_over:
            return None
        coming = ((one.step, started + timedelta(days=one.step.days)) for one in self.by_step if not one.written)
        return next(((step, moment) for step, moment in coming if moment > timezone.now()), None)

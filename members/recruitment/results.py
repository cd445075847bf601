"""How far a drive is, and what came of it: counted from what people did, never from mails that were opened."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from members.recruitment.models import Drive, DriveMail, Invitation, Step
from portal import registry
from portal.outbox.models import OutgoingMail

Status = OutgoingMail.Status
ACTS = ("opened_at", "applied_at", "joined_at")


@dataclass(frozen=True)
class Stage:
    """A stage of the funnel: how many people came so far, and which share of the first stage that is (0 to 100)."""

    name: str
    title: str
    count: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class StepResult:
    """What became of one mail of the drive, and who acted after it and before the next."""

    step: Step
    mails: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        return self.mails.total()

    @property
    def sent(self) -> int:
        return self.mails[Status.SENT]

    @property
    def waiting(self) -> int:
        return sum(self.mails[one] for one in OutgoingMail.ON_ITS_WAY)

    @property
    def held(self) -> int:
        return self.mails[Status.HELD]

    @property
    def not_sent(self) -> int:
        """Refused by mail servers, or not sent since the person does not want it, or was written to enough."""
        return self.mails[Status.FAILED] + self.mails[Status.SUPPRESSED]

    @property
    def unknown(self) -> int:
        return self.mails[Status.UNKNOWN]

    @property
    def opened(self) -> int:
        return self.acts["opened_at"]

    @property
    def applied(self) -> int:
        return self.acts["applied_at"]

    @property
    def joined(self) -> int:
        return self.acts["joined_at"]


@dataclass(frozen=True)
class Progress:
    """How far the sending is: of those who get a mail at all, how many have it, in whole percents."""

    people: int
    done: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.people if self.people else 0


def progress(drive: Drive) -> Progress:
    """Of the first mail: to how many it goes, and for how many it is decided what became of it."""
    first = DriveMail.objects.filter(step__drive=drive, step__days=0)
    to_come = drive.invitations.all().going_on().exclude(Exists(first.filter(invitation=OuterRef("pk"))))
    people = first.count() + to_come.count()
    decided = Q(mail=None) | ~Q(mail__status__in=OutgoingMail.YET_TO_LEAVE)
    return Progress(people, first.filter(decided).count())


def funnel(drive: Drive) -> list[Stage]:
    """From those who were mailed to those who joined, and what they did for the first time since."""
    mailed = drive.invitations.all().mailed()
    of = mailed.count()
    stages = [("mailed", _("were mailed"), of)]
    if drive.is_recruitment:
        acted = [
            ("opened", _("opened their page"), mailed.exclude(opened_at=None).count()),
            ("applied", _("applied"), mailed.exclude(applied_at=None).count()),
            ("joined", _("joined"), mailed.exclude(joined_at=None).count()),
        ]
        stages += [*acted, *_milestones(mailed)]
    return [Stage(name, title, count, of) for name, title, count in stages]


def _milestones(mailed: QuerySet[Invitation]) -> Iterator[tuple[str, str, int]]:
    joined = [pk for pk in mailed.exclude(joined_at=None).values_list("user", flat=True) if pk is not None]
    for one in registry.milestones:
        yield one.name, str(one.title), len(set(one.reached(joined)))


def by_step(drive: Drive) -> list[StepResult]:
    """For each mail of the drive what became of it. An act counts for the last mail that was written before it."""
    results = {step.pk: StepResult(step) for step in drive.steps.all()}
    states = DriveMail.objects.filter(step__drive=drive).values_list("step", "mail__status")
    for step, status, number in states.annotate(number=Count("pk")).order_by():
        results[step].mails[status or Status.SENT] += number  # a mail that is not kept any more left long ago
    for act in ACTS:
        for step in _last_steps(drive, act):
            results[step].acts[act] += 1
    return list(results.values())


def _last_steps(drive: Drive, act: str) -> Iterable[int]:
    before = DriveMail.objects.filter(invitation=OuterRef("pk"), created_at__lte=OuterRef(act))
    last = before.order_by("-created_at").values("step")[:1]
    acted = drive.invitations.exclude(**{act: None}).annotate(after=Subquery(last))
    return acted.exclude(after=None).values_list("after", flat=True)


def table(drive: Drive) -> Iterator[list[str | int]]:
    """The result as rows of a table, its names first: one row for each mail, then all of them."""
    yield [
        _("Mail"), _("days"), _("sent"), _("waiting"), _("not sent"), _("nobody knows"), _("opened their page"),
        _("applied"), _("joined"),
    ]  # fmt: skip
    for one in by_step(drive):
        counts = [one.sent, one.waiting + one.held, one.not_sent, one.unknown, one.opened, one.applied, one.joined]
        yield [one.step.subject_en, one.step.days, *counts]
    yield []
    for stage in funnel(drive):
        yield [stage.title, stage.count]


def people(drive: Drive) -> Iterator[list[str]]:
    """Each person of the audience with how far they came, as rows of a table, its names first."""
    yield [
        _("Name"), _("E-mail address"), _("invited by"), _("not written to"), _("opened the page"), _("said no"),
        _("applied"), _("joined"),
    ]  # fmt: skip
    rows = drive.invitations.select_related("contact", "invited_by").order_by("pk")
    for one in rows.iterator(chunk_size=1000):
        moments = [one.opened_at, one.declined_at, one.applied_at, one.joined_at]
        days = [f"{moment:%Y-%m-%d}" if moment else "" for moment in moments]
        inviter = one.invited_by.name if one.invited_by else ""
        yield [one.name, one.contact.address, inviter, str(one.get_excluded_because_display()), *days]

"""Requests of the demo: one that waits for an answer, one that has got it."""

from datetime import datetime, timedelta

from members.directory.models import Member
from members.letters import services
from members.letters.models import Letter
from portal.group.models import Topic
from portal.users.models import User

COUNT = """Dear Tevita,

our lake watchers are between fourteen and nineteen, and next year they want to run the count without us. You have \
handed over a whole programme to young people: what would you do again, and what never?

Half an hour on a call would help us most."""
OPENING = """Dear Ragna,

we meet in three languages and lose the quiet ones in each. Is there an opening that you trust?"""
ANSWER = """Dear Tevita,

let everybody draw first and speak after. I have a page of such openings, and send it to you."""
MEMBER, ASKS, ANSWERS = "member@example.org", "wanjiru@example.org", "coordinator2@example.org"


def requests(*, now: datetime) -> list[Letter]:
    """To the member of the demo and from them, so that both sides can be looked at."""
    asked = {"kind": Letter.Kind.WORK, "topic": "youth-leadership", "words": COUNT}
    waiting = _request(ASKS, MEMBER, at=now - timedelta(days=2), **asked)
    asked = {"kind": Letter.Kind.QUESTION, "topic": "facilitation", "words": OPENING}
    answered = _request(MEMBER, ANSWERS, at=now - timedelta(days=9), **asked)
    services.answer(answered, by=_user(ANSWERS), words=ANSWER, now=now - timedelta(days=8))
    return [waiting, answered]


def _request(writer: str, to: str, *, topic: str, at: datetime, **asked: str) -> Letter:
    member = Member.objects.get(user__email=to)
    return services.write(member, by=_user(writer), now=at, topic=Topic.objects.get(slug=topic), **asked)


def _user(email: str) -> User:
    return User.objects.get(email=email)

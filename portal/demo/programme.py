"""The events of the demo: what is known of them from portal/data, moved to days around today."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parent.parent / "data" / "events.json"


@dataclass(frozen=True)
class Plan:
    """When an event is put, in days from today, and what the data does not say about it."""

    slug: str
    starts: int
    days: int
    summary: str
    why: str
    hashtags: str
    status: str = "published"
    edition: int = 0
    online: tuple[str, str, str] | None = None  # begins, ends, zone

    @property
    def fields(self) -> dict[str, Any]:
        """What a coordinator would type into the event's form, but for days, country and topics."""
        facts = known()[self.slug]
        begins, ends, zone = self.online or ("", "", "")
        where = {"mode": "online", "city": "", "zone": zone} if self.online else self._where(facts)
        return {
            "slug": self.slug,
            "name": facts["name"],
            "summary": self.summary,
            "why": self.why,
            "organiser": facts["organiser"],
            "website": facts["website"],
            "status": self.status,
            "hashtags": self.hashtags,
            "are_dates_illustrative": True,
            "start_time": begins,
            "end_time": ends,
            **where,
        }

    @property
    def country(self) -> str | None:
        return None if self.online else known()[self.slug]["editions"][self.edition]["country"]

    @property
    def topics(self) -> list[str]:
        return known()[self.slug]["topics"]

    def when(self, today: date) -> dict[str, date]:
        first = today + timedelta(days=self.starts)
        return {"starts_on": first, "ends_on": first + timedelta(days=self.days - 1)}

    def _where(self, facts: dict[str, Any]) -> dict[str, str]:
        edition = facts["editions"][self.edition]
        return {"mode": "onsite", "city": edition["city"], "zone": edition["zone"]}


def known() -> dict[str, dict[str, Any]]:
    """The facts about each event, by its slug."""
    return {event["slug"]: event for event in json.loads(FACTS.read_text(encoding="utf-8"))["events"]}


PLANS = (
    Plan(
        "cbd-cop",
        starts=-2,
        days=12,
        summary="Governments negotiate what the world does for its living things; article 13 of the convention is "
        "about education and awareness.",
        why="Watch how people who disagree learn from each other in contact groups and in the coffee queue. Side "
        "events on communication, education and participation run every day.",
        hashtags="COP17",
    ),
    Plan(
        "oeb-global",
        starts=16,
        days=3,
        edition=0,
        summary="Where people who build courses for work, schools and public service compare what they tried.",
        why="Bring the question your organisation cannot answer about learning online. Small formats work best: the "
        "discovery demos and the debates.",
        hashtags="OEB",
    ),
    Plan(
        "conference-on-communication-and-environment",
        starts=31,
        days=2,
        summary="Researchers and practitioners on how we speak about the environment, this time online.",
        why="Two afternoons from your own desk. Good for first reports: pick one talk and write down what you would do "
        "differently on Monday.",
        hashtags="COCE",
        online=("13:00", "17:30", "Europe/London"),
    ),
    Plan(
        "ecsa-conference",
        starts=45,
        days=4,
        summary="Citizen science in Europe: volunteers, scientists and the people who bring them together.",
        why="Volunteers know how to learn together for years without being paid. Ask them.",
        hashtags="ECSA",
    ),
    Plan(
        "europarc-conference",
        starts=58,
        days=4,
        status="postponed",
        summary="The yearly meeting of those who run Europe’s protected areas.",
        why="Half of the programme is field visits in mixed groups, which is where the learning happens.",
        hashtags="EUROPARC",
    ),
    Plan(
        "iucn-africa-protected-areas-congress",
        starts=83,
        days=6,
        summary="Protected areas of Africa, discussed by those who live in and around them.",
        why="Community leaders and young rangers lead sessions themselves. A chance to see a congress run as a "
        "learning event.",
        hashtags="APAC, AfricaParks",
    ),
    Plan(
        "world-ranger-congress",
        starts=117,
        days=5,
        summary="Rangers from every continent share how they work, train and keep each other safe.",
        why="Peer learning at its plainest: people who do the same work in different places.",
        hashtags="WorldRangerCongress",
    ),
    Plan(
        "iucn-world-conservation-congress",
        starts=172,
        days=7,
        summary="Members of IUCN meet to decide, and thousands more to learn.",
        why="Our own congress. We help to make it a learning event, and our reporters cover it.",
        hashtags="IUCNcongress",
    ),
    Plan(
        "asia-parks-congress",
        starts=-47,
        days=6,
        summary="Park staff and neighbours of parks from all over Asia.",
        why="Rangers taught more sessions than professors did.",
        hashtags="AsiaParks",
    ),
    Plan(
        "world-environmental-education-congress",
        starts=-96,
        days=5,
        summary="The world’s environmental educators, from kindergarten to university and beyond.",
        why="Methods to take home, tried by people who teach on Monday.",
        hashtags="WEEC",
    ),
)

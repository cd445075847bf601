"""The walk: from an empty portal to coverage that everybody can read, as people take it."""

from dataclasses import dataclass

from tests.browser import steps

TAG = "iucncec"
MEMBER = "tala@example.net"
NAME = "Tala Fonoti"


@dataclass(frozen=True)
class Way:
    """One way to take the walk."""

    name: str
    language: str = "en"
    javascript: bool = True
    sizes: tuple = ()

    def browser(self, album, **options):
        own = {"language": self.language, "javascript": self.javascript, "album": f"{self.name}/{album}"}
        return own | {"sizes": self.sizes} | options


def walk(way, stack, people, coordinator, letters, folder):
    """Everything after a coordinator has come to the desk."""
    clerk = coordinator if way.javascript else people(stack.url, like=coordinator, album=f"{way.name}/clerk")
    event = steps.enter_event(clerk)

    visitor = people(stack.url, **way.browser("visitor", phone=True))
    steps.see_event(visitor, event, tag=TAG)
    assert steps.open_in_khal(visitor, folder) == [f"{steps.EVENT}|Nairobi, Kenya"]

    member = people(stack.url, **way.browser("member", phone=True))
    steps.sign_up(member, MEMBER, NAME)
    steps.confirm_address(member, letters.link(MEMBER, "Welcome, one step to go", language=way.language))
    steps.apply(member)
    steps.decide(coordinator, "Applications to join", NAME, "Make them a member")
    steps.fill_profile(member, letters.link(MEMBER, "Welcome to the group", language=way.language))
    steps.see_member(visitor, NAME)

    piece = steps.write_coverage(member, event, javascript=way.javascript)
    steps.decide(coordinator, "Coverage to publish", steps.HEADLINE, "Publish")
    steps.see_published(visitor, piece, event, tag=TAG, member="tala-fonoti")
    told = letters.link(MEMBER, "Published: “%(headline)s”", language=way.language, headline=steps.HEADLINE)
    assert told == piece

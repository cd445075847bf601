"""What a profile tells already, and what else would help others to find its member. Nobody is graded."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.directory.models import Member


@dataclass(frozen=True)
class Completeness:
    """How many of the parts that others look for are told, and which are not."""

    told: int
    parts: int
    missing: list[str]

    @property
    def is_whole(self) -> bool:
        return not self.missing


def of(member: Member) -> Completeness:
    """Asks two questions, for topics and links, unless both are fetched already."""
    parts = {
        _("a few words under your name"): member.headline,
        _("what somebody could ask you about"): list(member.topics.all()),
        _("a picture"): member.portrait,
        _("some sentences about you"): member.bio,
        _("the languages you can answer in"): member.languages,
        _("your country"): member.country_id,
        _("where else you are found"): list(member.links.all()),
    }
    missing = [words for words, given in parts.items() if not given]
    return Completeness(len(parts) - len(missing), len(parts), missing)

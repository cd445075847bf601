"""What is looked at before a drive may start, each thing told in a sentence."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from members.recruitment import audience, letters
from members.recruitment.letters import Letter
from members.recruitment.models import Drive, Step
from portal import fetch
from portal.group.models import SpecialtyGroup

HEAVIEST = 100 * 1024  # bytes of one mail as HTML; Gmail cuts off what is longer than 102 KB


def problems(drive: Drive) -> list[str]:
    """What stands in the way of sending. Empty: it may start."""
    is_written_to = audience.reasoned(drive).filter(audience.WRITTEN_TO).exists()
    is_empty = not is_written_to and not drive.invitations.exists()
    return [*problems_of_texts(drive), *problems_of_audience(drive, is_empty=is_empty, is_written_to=is_written_to)]


def problems_of_texts(drive: Drive) -> list[str]:
    """What stands in the way of sending, the audience apart."""
    return list(_problems_of_texts(drive))


def warnings(drive: Drive) -> list[str]:
    """What should be looked at, and does not stand in the way."""
    dead = drive.dead_links.items()
    words = _("The link %(url)s does not answer: %(why)s")
    found = [words % {"url": url, "why": fetch.in_words(fault)} for url, fault in dead]
    if letters.addresses_of(drive) - set(drive.links):
        found.append(_("The links in the texts have not been looked at yet."))
    return found


def problems_of_audience(drive: Drive, *, is_empty: bool, is_written_to: bool) -> list[str]:
    """What stands in the way while people are being added, or where nobody is there or written to."""
    if any(one.status == "adding" for one in drive.lists.all()):
        return [_("People of a list are still being added.")]
    if is_empty:
        return [_("There is nobody in the audience.")]
    return [] if is_written_to else [_("Everybody in the audience is left out.")]


def _problems_of_texts(drive: Drive) -> Iterator[str]:
    group, steps = SpecialtyGroup.objects.current(), list(drive.steps.all())
    if not group.postal_address:
        yield _("The group has no postal address, and mails to many must show one. Enter it in the group’s settings.")
    if not steps or not steps[0].is_first:
        yield _("There is no first mail.")
    if drive.is_recruitment and (drive.package is None or drive.package.text() is None):
        yield _("Choose a package with a text: the link in the mail leads there.")
    for step in steps:
        yield from problems_of(step, group)


def problems_of(step: Step, group: SpecialtyGroup) -> Iterator[str]:
    """What is wrong with one mail, in each language that it is written in."""
    for language, name in settings.LANGUAGES:
        written, subject, body = step.words(language)
        if written != language:
            continue
        about = {"mail": subject, "language": name}
        for field in letters.unknown_fields(f"{subject} {body}"):
            yield _("“%(mail)s” asks for {%(field)s}, which does not exist.") % {**about, "field": field}
        if step.drive.is_recruitment and "{link}" not in body:
            yield _("“%(mail)s” (%(language)s) has no {link}: nobody could answer it.") % about
        if len(Letter(step.drive, step, language, group).written[2].encode()) > HEAVIEST:
            yield _("“%(mail)s” (%(language)s) is longer than mail programs show.") % about

"""The mails of a drive: written once for each step and language, filled in for each person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from members.recruitment.models import Drive, Invitation, Step
from portal.group.models import SpecialtyGroup
from portal.outbox.models import OutgoingMail

FIELDS = ("name", "link", "inviter", "group")  # what a text may ask for, each between braces
OPEN, CLOSE = "\ue000", "\ue001"  # of the private use area: no text that people write holds them
FIELD = re.compile(r"\{(\w*)\}")
MARK = re.compile(f"{OPEN}(\\w+){CLOSE}")
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def unknown_fields(text: str) -> list[str]:
    """Words between braces that are no field: they would stand in the mail as they are."""
    return sorted({found for found in FIELD.findall(text) if found not in FIELDS})


def marked(text: str) -> str:
    """The text with its known fields as marks; whatever else is in braces stays as it was typed."""
    plain = text.replace(OPEN, "").replace(CLOSE, "")
    return FIELD.sub(lambda found: f"{OPEN}{found[1]}{CLOSE}" if found[1] in FIELDS else found[0], plain)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its marks replaced, once: what a value holds is never looked at again."""
    return MARK.sub(lambda found: values.get(found[1], ""), text)


def as_html(text: str) -> SafeString:
    """Paragraphs at empty lines; addresses become links; a line with the link alone becomes a button."""
    paragraphs = [_paragraph(part) for part in re.split(r"\n\s*\n", text.strip())]
    return mark_safe("\n".join(paragraphs))  # noqa: S308 - each paragraph is escaped


def _paragraph(text: str) -> str:
    if text.strip() == f"{OPEN}link{CLOSE}":
        return str(render_to_string("email/_act.html", {"url": text.strip(), "label": f"{OPEN}label{CLOSE}"}))
    linked = ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text))
    linked = linked.replace(f"{OPEN}link{CLOSE}", f'<a href="{OPEN}link{CLOSE}">{OPEN}link{CLOSE}</a>')
    return format_html("<p>{}</p>", mark_safe(linked.replace("\n", "<br>")))  # noqa: S308 - escaped above


def addresses_of(drive: Drive) -> set[str]:
    """Every web address that stands in the drive's mails and in the pages of its package."""
    texts = [getattr(step, f"body_{code}") for step in drive.steps.all() for code, _name in settings.LANGUAGES]
    pages = [text.body for text in drive.package.texts.all()] if drive.package else []
    found = [*(ADDRESS.findall(text) for text in texts), *(ADDRESS.findall(unescape(page)) for page in pages)]
    return {url for urls in found for url in urls}


@dataclass(frozen=True)
class Letter:
    """One step in one language, with marks where each person's own words go."""

    drive: Drive
    step: Step
    language: str
    group: SpecialtyGroup

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        """Subject, text and HTML."""
        language, subject, body = self.step.words(self.language)
        subject, body = marked(" ".join(subject.split())), marked(body.replace("\r\n", "\n"))
        with override(language):
            context = {
                "subject": subject,
                "body": body,
                "body_html": as_html(body),
                "group": self.group,
                "base_url": settings.BASE_URL,
                "contact": {"personal_path": f"{OPEN}preferences{CLOSE}"},
                "why": f"{OPEN}why{CLOSE}",
            }
            text = render_to_string("members/email/drive.txt", context).strip() + "\n"
            return subject, text, render_to_string("members/email/drive.html", context)

    def to(self, invitation: Invitation) -> OutgoingMail:
        """The mail for one person, not yet stored."""
        subject, text, html = self.parts
        values = self.values(invitation)
        safe = {name: escape(value) for name, value in values.items()}
        return OutgoingMail(
            contact=invitation.contact,
            domain=invitation.contact.domain,
            lane=OutgoingMail.Lane.BULK,
            kind=self.drive.mail_kind,
            subject=filled(subject, values)[:250],
            text=filled(text, values),
            html=filled(html, safe),
            sender=self.group.sender,
            reply_to=self.group.reply_to,
        )

    def values(self, invitation: Invitation) -> dict[str, str]:
        """What the fields stand for. Whoever's name we do not know is a colleague."""
        with override(self.step.words(self.language)[0]):
            is_recruitment = self.drive.is_recruitment
            return {
                "name": invitation.name or gettext("colleague"),
                "link": settings.BASE_URL + self._link(invitation),
                "inviter": invitation.invited_by.name if invitation.invited_by else self.group.short_name,
                "group": self.group.name,
                "label": gettext("See what it is about") if is_recruitment else gettext("Open the portal"),
                "preferences": invitation.contact.personal_path,
                "why": self._why(invitation),
            }

    def _link(self, invitation: Invitation) -> str:
        """Where the mail leads. That of a test, whose invitation is not stored, shows the page at the desk."""
        if not self.drive.is_recruitment:
            return reverse("me")
        if invitation.pk is None:
            return reverse("admin:members_drive_page", args=[self.drive.pk])
        return invitation.personal_path

    def _why(self, invitation: Invitation) -> str:
        """Why somebody gets this mail, and where their address is from (GDPR, article 14)."""
        if not self.drive.is_recruitment:
            return gettext("You get this because you are a member of %(group)s.") % {"group": self.group.name}
        if invitation.invited_by:
            return gettext("You get this because %(name)s invited you.") % {"name": invitation.invited_by.name}
        words = gettext("You get this because we thought it might interest you. We have your address from: %(source)s.")
        return words % {"source": invitation.contact.source.rstrip(".") or gettext("a colleague")}

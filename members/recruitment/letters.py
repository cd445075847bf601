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


def filled(parts: list[str], values: Mapping[str, str]) -> str:
    """A text that was cut at its marks, with the values between, once: what a value holds is never looked at again."""
    return "".join(values[part] if place % 2 else part for place, part in enumerate(parts))


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
    def written(self) -> tuple[str, str, str]:
        """Subject, text and HTML, with their marks."""
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

    @cached_property
    def parts(self) -> list[list[str]]:
        """Subject, text and HTML, each cut at its marks: a text, a mark's name, a text, and so on."""
        return [MARK.split(one) for one in self.written]

    @cached_property
    def said(self) -> dict[str, str]:
        """What the portal says in this language to people of whom it does not know more."""
        with override(self.step.words(self.language)[0]):
            is_recruitment = self.drive.is_recruitment
            return {
                "colleague": gettext("colleague"),
                "group": self.group.name,
                "short_name": self.group.short_name,
                "me": reverse("me"),
                "label": gettext("See what it is about") if is_recruitment else gettext("Open the portal"),
                "member": gettext("You get this because you are a member of %(group)s.") % {"group": self.group.name},
                "invited": gettext("You get this because %(name)s invited you."),
                "listed": gettext(
                    "You get this because we thought it might interest you. We have your address from: %(source)s."
                ),
            }

    def to(self, invitation: Invitation) -> OutgoingMail:
        """The mail for one person, not yet stored."""
        values = self.values(invitation)
        safe = {name: str(escape(value)) for name, value in values.items()}
        subject, text, html = self.parts
        return OutgoingMail(
            contact=invitation.contact,
            domain=invitation.contact.domain,
            lane=OutgoingMail.Lane.BULK,
            kind=self.drive.mail_kind,
            subject=" ".join(filled(subject, values).split())[:250],
            text=filled(text, values),
            html=filled(html, safe),
            sender=self.group.sender,
            reply_to=self.group.reply_to,
        )

    def values(self, invitation: Invitation) -> dict[str, str]:
        """What the fields stand for. Whoever's name we do not know is a colleague."""
        return {
            "name": invitation.name or self.said["colleague"],
            "link": settings.BASE_URL + self._link(invitation),
            "inviter": invitation.invited_by.name if invitation.invited_by else self.said["short_name"],
            "group": self.said["group"],
            "label": self.said["label"],
            "preferences": invitation.contact.personal_path,
            "why": self._why(invitation),
        }

    def _link(self, invitation: Invitation) -> str:
        """Where the mail leads. That of a test, whose invitation is not stored, shows the page at the desk."""
        if not self.drive.is_recruitment:
            return self.said["me"]
        if invitation.pk is None:
            return f"{reverse('admin:members_drive_page', args=[self.drive.pk])}?language={self.language}"
        return invitation.personal_path

    def _why(self, invitation: Invitation) -> str:
        """Why somebody gets this mail, and where their address is from (GDPR, article 14)."""
        if not self.drive.is_recruitment:
            return self.said["member"]
        if invitation.invited_by:
            return self.said["invited"] % {"name": invitation.invited_by.name}
        return self.said["listed"] % {"source": invitation.contact.source.rstrip(".") or self.said["colleague"]}

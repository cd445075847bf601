"""Mails about requests. Their text is a secret of two people: the desk does not show it, and it is erased once sent.

None holds an address of the other side, in its headers or its text, but for those of an answer that shows both.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from members.directory.models import Member
from members.letters.models import Letter
from portal.contacts.models import Contact
from portal.outbox import services as outbox
from portal.outbox.models import OutgoingMail
from portal.users.models import User

REPLY_TO_AT_MOST = OutgoingMail._meta.get_field("reply_to").max_length or 0


def confirm(letter: Letter) -> None:
    """To somebody without an account: is this address yours?

    It holds nothing that was typed: else anybody could write anything to anybody in our name.
    """
    with override(letter.language):
        link = settings.BASE_URL + reverse("confirm_letter", args=[letter.token])
    to_writer(letter, "letter_confirm", link=link)


def arrived(letter: Letter) -> None:
    """To the member, the moment a request is sent."""
    to_member(letter, "letter", profile=_profile_of_writer(letter))


def reminder(letter: Letter) -> None:
    to_member(letter, "letter_reminder")


def answered(letter: Letter) -> None:
    """To the writer; the member's address stands in it only where the member shows it."""
    shown = letter.recipient.user.email if letter.shares_addresses else ""
    to_writer(letter, "letter_answered", reply_to=shown, address=shown)


def addresses(letter: Letter) -> None:
    """To the member who has shown their address: here is the writer's."""
    address = letter.writer_address
    to_member(letter, "letter_addresses", reply_to=address, address=address)


def declined(letter: Letter) -> None:
    to_writer(letter, "letter_declined")


def closed(letter: Letter) -> None:
    to_writer(letter, "letter_closed")


def _profile_of_writer(letter: Letter) -> str:
    """The address of the writer's profile, where the member may see one."""
    member = letter.recipient
    found = Member.objects.visible_to(member.user).filter(user=letter.writer_id).first() if letter.writer_id else None
    with override(member.user.language):
        return settings.BASE_URL + found.get_absolute_url() if found else ""


def to_member(letter: Letter, message: str, **context: str) -> None:
    _to_user(letter.recipient.user, letter, message, **context)


def to_writer(letter: Letter, message: str, **context: str) -> None:
    if letter.writer is not None:
        _to_user(letter.writer, letter, message, **context)
    else:
        assert letter.contact is not None  # letter_has_one_writer
        with override(letter.language):
            page = settings.BASE_URL + reverse("members:member_list")
        _queue(letter.contact, letter.name, letter.language, letter, message, **{"page": page, **context})


def _to_user(user: User, letter: Letter, message: str, **context: str) -> None:
    with override(user.language):
        page = settings.BASE_URL + letter.get_absolute_url()
    contact = Contact.objects.of(user.email, user=user)
    _queue(contact, user.name, user.language, letter, message, **{"page": page, **context})


def _queue(
    contact: Contact, name: str, language: str, letter: Letter, message: str, reply_to: str = "", **context: str
) -> None:
    quoted = {"quoted_words": _quoted(letter.words), "quoted_answer": _quoted(letter.answer)}
    about = {"name": name, "letter": letter, **quoted, **context}
    mail = outbox.compose(contact, f"members/email/{message}", about, kind=message, language=language)
    mail.is_secret = True
    if reply_to and len(reply_to) <= REPLY_TO_AT_MOST:
        mail.reply_to = reply_to
    outbox.queue(mail)


def _quoted(words: str) -> str:
    """In mails of plain text, so that nobody takes a person's words for ours."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())

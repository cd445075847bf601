"""One row of a list: what would happen to it, a profile made from it, and that profile taken out again."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.directory import services as directory
from members.directory.models import LEFT, Member
from members.intake import emails
from members.intake.columns import Reader
from members.intake.models import Import, ImportRow, ProfileClaim
from portal.contacts.models import Contact, OptOut, fingerprint_of
from portal.lists.rows import Row
from portal.outbox.models import OutgoingMail
from portal.personal import deletion
from portal.personal.traces import erase
from portal.personal.uses import unused
from portal.refusal import Refusal
from portal.users.models import User
from portal.users.services import account_for

Outcome = ImportRow.Outcome
PROFILE = ("city", "headline", "bio")


class Checker:
    """Says of each row what would happen to it, asking the database once a batch."""

    def __init__(self, source: Import) -> None:
        self.source, self.reader = source, Reader()

    def checked(self, batch: Iterable[Row]) -> list[ImportRow]:
        batch = list(batch)
        known = _Known({row.values["email"] for row in batch if row.is_good})
        return [self._checked(row, known) for row in batch]

    def _checked(self, row: Row, known: "_Known") -> ImportRow:
        values, misread = self.reader.understood(row.values)
        problems = [[one.column, one.words] for one in row.problems] + misread
        outcome = Outcome.PROBLEM if problems else known.outcome(values["email"])
        if outcome == Outcome.PROBLEM and not problems:
            problems = [["", _("Another account uses this address beside its own, or is closed.")]]
        return ImportRow(source=self.source, number=row.number, values=values, problems=problems, outcome=outcome)


class _Known:
    """What is known here of some addresses."""

    def __init__(self, addresses: set[str]) -> None:
        self.accounts = dict(User.objects.filter(email__in=addresses).values_list("email", "is_active"))
        self.members = dict(Member.objects.filter(user__email__in=addresses).values_list("user__email", "status"))
        beside = EmailAddress.objects.filter(email__in=addresses, verified=True)
        self.beside = set(beside.values_list("email", flat=True)) - self.accounts.keys()
        prints = {fingerprint_of(address): address for address in addresses}
        refusals = OptOut.objects.filter(fingerprint__in=prints)
        self.refused = {prints[one.fingerprint] for one in refusals if one.covers(emails.KINDS[0])}

    def outcome(self, address: str) -> Outcome:
        if address in self.members:
            return Outcome.FORMER if self.members[address] in LEFT else Outcome.MEMBER
        if address in self.refused:
            return Outcome.REFUSED
        if address in self.beside or self.accounts.get(address) is False:
            return Outcome.PROBLEM
        return Outcome.ACCOUNT if address in self.accounts else Outcome.NEW


def bring_in(row: ImportRow) -> None:
    """Make the account where there is none, the profile, and the mail with the link; or say why not."""
    outcome = _Known({row.email}).outcome(row.email)  # since it was checked things may have changed
    if outcome in {Outcome.NEW, Outcome.ACCOUNT}:
        try:
            with transaction.atomic():
                _make(row)
        except (Refusal, IntegrityError) as error:
            words = str(error) if isinstance(error, Refusal) else _("This profile could not be made. Try it again.")
            row.outcome, row.problems = Outcome.PROBLEM, [["", words]]
    else:
        row.outcome = outcome
    row.save()


def _make(row: ImportRow) -> None:
    row.has_made_contact = not Contact.objects.filter(address=row.email).exists()
    row.has_made_account = not User.objects.filter(email__iexact=row.email).exists()
    user = account_for(row.email, name=row.values.get("name", ""))
    if row.has_made_account:
        user.language = row.values.get("language") or row.source.language
        user.save(update_fields=["language"])
    row.member = directory.enrol(user, **_profile(row.values))
    row.imported_at = timezone.now()
    claim = ProfileClaim.objects.create(member=row.member, has_made_account=row.has_made_account)
    emails.claim(claim)


def _profile(values: dict[str, Any]) -> dict[str, Any]:
    joined = values.get("joined_on")
    return {
        "status": Member.Status.UNCLAIMED,
        "on": date.fromisoformat(joined) if joined else None,
        "country_id": values.get("country"),
        **{name: values[name] for name in PROFILE if name in values},
    }


def why_it_stays(row: ImportRow) -> str:
    """What somebody did with this profile since; empty where nobody did anything."""
    member = row.member
    if member is None:
        return ""
    user = member.user
    if not member.is_unclaimed:
        return _("They have claimed their profile.")
    if member.history.count() > 1:
        return _("Their profile was changed since.")
    if row.has_made_account and (user.last_login or user.is_staff or user.has_usable_password()):
        return _("Their account is used.")
    if row.has_made_account and user.applications.exists():
        return _("They have applied to join.")
    return ""


def take_out(row: ImportRow) -> None:
    """Delete what the row made and nobody touched: the profile with its history, the account, mails that wait."""
    member, row.member = row.member, None
    if member is not None:
        ImportRow.objects.filter(pk=row.pk).update(member=None)  # else it would be wiped with the account
        remove_profile(member, with_account=row.has_made_account)
        contacts = Contact.objects.filter(address=row.email)
        _forget_mails(contacts)
        if row.has_made_contact:
            forget_contacts(contacts.filter(mails=None))


def remove_profile(member: Member, *, with_account: bool) -> None:
    """Delete a profile and all of its versions; with it the account that was made for it."""
    pk = member.pk
    if with_account:
        deletion.end_unused_account(member.user)
    else:
        member.delete()
    Member.history.filter(id=pk).delete()  # also the last version, which deleting writes


def forget_contacts(made: Iterable[Contact]) -> None:
    """Delete addresses that a list brought, where nothing else hangs on them."""
    contacts = Contact.objects.filter(pk__in=[one.pk for one in made])
    _forget_mails(contacts)
    erase(unused(contacts.exclude(basis=Contact.Basis.CONSENT)))


def _forget_mails(contacts: QuerySet[Contact]) -> None:
    """Those about the profile that wait: there is none to be claimed any more."""
    OutgoingMail.objects.filter(contact__in=contacts, kind__in=emails.KINDS, status__in=["queued", "held"]).delete()

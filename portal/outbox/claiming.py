"""Which mails leave next: the only place where lanes, times and rates are weighed, in one statement of SQL."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from portal.outbox.models import OutgoingMail

LEASE = timedelta(seconds=10)  # a worker claims anew after two (sending.TURN)
MINUTE = timedelta(minutes=1)
CLAIMING = 7_274_301  # of the advisory lock under which rates are counted: two workers never count the same room
Status, Lane = OutgoingMail.Status, OutgoingMail.Lane

# Mails of the account lane are let through whatever the rates say; the others share what the last minute left.
CLAIM = """
WITH recent AS (
    SELECT domain, count(*) AS n FROM portal_outgoingmail
    WHERE taken_at > %(minute_ago)s AND lane > %(account)s GROUP BY domain
), room AS (
    SELECT %(rate)s - coalesce(sum(n), 0) AS n FROM recent
), picked AS (
    SELECT id, domain, lane, send_after FROM portal_outgoingmail mail
    WHERE status = 'queued' AND send_after <= %(now)s AND (
        lane = %(account)s
        OR (SELECT n FROM room) > 0
        AND NOT EXISTS (SELECT FROM recent WHERE recent.domain = mail.domain AND recent.n >= %(domain_rate)s)
    )
    ORDER BY lane, send_after LIMIT %(size)s FOR UPDATE SKIP LOCKED
), ranked AS (
    SELECT id, domain, lane,
        count(*) FILTER (WHERE lane > %(account)s) OVER (ORDER BY lane, send_after, id) AS nth,
        count(*) FILTER (WHERE lane > %(account)s) OVER (PARTITION BY domain ORDER BY lane, send_after, id) AS nth_there
    FROM picked
)
UPDATE portal_outgoingmail mail
SET status = 'leased', lease = %(lease)s, taken_at = %(now)s, leased_until = %(until)s
FROM ranked LEFT JOIN recent ON recent.domain = ranked.domain
WHERE mail.id = ranked.id AND (
    ranked.lane = %(account)s
    OR ranked.nth <= (SELECT n FROM room) AND ranked.nth_there + coalesce(recent.n, 0) <= %(domain_rate)s
)
"""

# A secret's body is erased as it leaves (see `finish`, which says the same of one mail that is the last).
START = """
WITH before AS (
    UPDATE portal_outgoingmail
    SET status = 'sent', sent_at = %(now)s, error = '', lease = NULL, leased_until = NULL,
        text = CASE WHEN is_secret THEN '' ELSE text END, html = CASE WHEN is_secret THEN '' ELSE html END
    WHERE id = %(before)s AND status IN ('sending', 'unknown') AND lease = %(lease)s
)
UPDATE portal_outgoingmail SET status = 'sending', taken_at = %(now)s, attempts = %(attempts)s
WHERE id = %(mail)s AND status = 'leased' AND lease = %(lease)s AND leased_until > %(now)s
"""


@dataclass(frozen=True)
class Rates:
    """How many mails may be taken in any minute: in all, and to one domain."""

    in_all: int
    to_a_domain: int

    @classmethod
    def of_settings(cls) -> "Rates":
        return cls(settings.MAIL_RATE, settings.MAIL_DOMAIN_RATE)


def claim(lease: uuid.UUID, size: int, *, now: datetime, rates: Rates | None = None) -> list[OutgoingMail]:
    """Lease at most `size` mails that are due, the first lanes first, as far as the rates leave room.

    No word is spoken to a mail server yet: a lease that runs out is given back by the sweep.
    """
    rates = rates or Rates.of_settings()
    values: dict[str, Any] = {
        "now": now,
        "minute_ago": now - MINUTE,
        "until": now + LEASE,
        "lease": lease,
        "size": size,
        "account": Lane.ACCOUNT,
        "rate": rates.in_all,
        "domain_rate": rates.to_a_domain,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
        cursor.execute(CLAIM, values)
    return list(leased(lease).order_by("lane", "send_after", "pk").select_related("contact"))


def leased(lease: uuid.UUID | None) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(status=Status.LEASED, lease=lease)


@transaction.atomic
def give_back(mails: QuerySet[OutgoingMail]) -> int:
    """These were leased and did not leave: they are queued as before, and take up no room in the rates.

    What somebody holds back or drops just now is theirs, and not waited for.
    """
    return _free(mails).update(status=Status.QUEUED, lease=None, leased_until=None, taken_at=None)


def _free(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Those still leased that nobody else has in hand; locked until the transaction ends."""
    mine = mails.filter(status=Status.LEASED).order_by()
    return OutgoingMail.objects.filter(pk__in=mine.select_for_update(skip_locked=True).values("pk"))


def start(mail: OutgoingMail, *, now: datetime, after: OutgoingMail | None = None) -> bool:
    """Commit that this mail is being handed over, and with it that the one before it has left.

    False where the lease ran out meanwhile. One statement, since it is spoken for each of twenty thousand mails.
    """
    mail.attempts += 1
    values: dict[str, Any] = {
        "mail": mail.pk, "lease": mail.lease, "now": now, "attempts": mail.attempts, "before": after and after.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(START, values)
        return cursor.rowcount > 0


def finish(mail: OutgoingMail, status: str, **fields: object) -> bool:
    """Write down how it went. Also for a mail that was given up as unknown while this worker still spoke."""
    mine = OutgoingMail.objects.filter(pk=mail.pk, status__in=[Status.SENDING, Status.UNKNOWN], lease=mail.lease)
    body = {"text": "", "html": ""} if mail.is_secret and status != Status.QUEUED else {}
    return bool(mine.update(status=status, lease=None, leased_until=None, **body, **fields))


@transaction.atomic
def suppress(mails: Collection[OutgoingMail], why: str) -> int:
    """These, which one worker has leased, are not to be sent after all."""
    mine = leased(next(iter(mails)).lease).filter(pk__in=[mail.pk for mail in mails])
    return _free(mine).update(status=Status.SUPPRESSED, error=why, lease=None, leased_until=None, taken_at=None)

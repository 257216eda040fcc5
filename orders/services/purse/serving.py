"""Serving waiting lists: when quota comes back, the first of the list is sent, then the next.

Each line is its own transaction, begun by locking it. Who is served at the same moment by two workers
is found gone by the second; a line that has not been decided yet is waited for, so nobody passes it.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Refused
from dinamis.outbox import after_commit
from orders.ledger.errors import QuotaTooSmall
from orders.models import Account, Line, LineEvent, PoolDraw, Quote
from orders.policies.lines import needs_referent
from orders.services.asking import quotes
from orders.services.desk import approving
from orders.services.lines import lines
from orders.services.lines.history import locked, note
from orders.services.lines.merging import hold_organisation_of
from orders.services.lines.steps import take
from orders.services.purse import waiting
from orders.services.purse.purses import carrier_of
from orders.services.rules.rules import rules_in_force, version_in_force
from orders.states import Approval
from orders.states.pool import DrawState

log = structlog.get_logger(__name__)

SERVING = Actor.system("waiting list")
MOST = 500  # lines served in one go; the next minute does the rest
TOLD_BEFORE = timedelta(days=5)  # the quote of a waiting line expires


def serve(account_id: int) -> int:
    """Send those who wait for a purse, in order, as far as it goes; return how many left the list.

    The first that the purse cannot hold stops it; where the rules let others overtake, it is passed.
    """
    gone, passed = 0, set()
    while gone + len(passed) < MOST:
        waiting_here = Line.objects.queued().filter(waits_on=account_id).exclude(pk__in=passed)
        line = waiting_here.select_related("order__organisation").first()
        if line is None:
            break
        if _serve_or_leave(line):
            gone += 1
        elif _may_overtake(line):
            passed.add(line.pk)
        else:
            break
    return gone


def came_back(accounts: Sequence[Account]) -> None:
    """Promise to serve the lists of the purses that were given something, where anybody waits."""
    waiting = Line.objects.queued().filter(waits_on__in=accounts).order_by("waits_on")
    for account in waiting.values_list("waits_on", flat=True).distinct():
        after_commit("orders.tasks.serve", account)


def sweep() -> int:
    """What no event tells: purses of a new period or organisation, and what flows from one purse to the next."""
    _follow_purses()
    waited = Line.objects.queued().order_by().values("waits_on").distinct()
    return sum(serve(row["waits_on"]) for row in waited)


def remind() -> int:
    """Tell, once for each quote, whoever is about to lose a place because the quote expires."""
    soon = timezone.now() + TOLD_BEFORE
    told = 0
    said = LineEvent.objects.filter(
        line=OuterRef("pk"), step="expiring", at__gte=OuterRef("quote__made_at")
    )
    near = Line.objects.queued().filter(~Exists(said), quote__expires_at__lte=soon)
    for found in near[:MOST]:
        with transaction.atomic():
            line = locked(found)
            if near.filter(pk=line.pk).exists():
                note(line, "expiring", by=SERVING, until=line.quote.expires_at)
                told += 1
    return told


def _serve_or_leave(line: Line) -> bool:
    """True when the line has left the list, whichever way; False when the quota cannot hold it."""
    try:
        return _serve(line)
    except Refused as refused:
        log.info("waiting_line_stays", line=line.reference, code=refused.code)
        return False


@transaction.atomic
def _serve(line: Line) -> bool:
    hold_organisation_of(line.order_id)
    line = locked(line)
    if line.approval != Approval.WAITING_QUOTA:
        return True
    if line.quote.has_expired(timezone.now()):
        lines.lapse(line, by=SERVING)
        return True
    if not _seems_enough(line):
        return False
    try:
        with transaction.atomic(), translation.override(line.order.requester.language):
            if grown := _priced_today(line):
                return _set_aside(line, _grown(grown), quote=grown)
            lines.check_ready(line)
            step = "serve_to_referent" if needs_referent(line) else "serve"
            since = line.queued_at
            take(line, "approval", step, by=SERVING, changed=waiting.left(line), queued_at=since)
            if line.approval == Approval.SUBMITTED:
                approving.arrive(line)
    except Refused as refused:
        if isinstance(refused, QuotaTooSmall) or refused.code == "no_quota_open":
            raise
        return _set_aside(locked(line), refused)
    return True


def _seems_enough(line: Line) -> bool:
    """Look before pricing and booking; the ledger alone decides."""
    found = carrier_of(line, rules_in_force())
    return found is not None and any(
        account.balance >= line.quote.quota_units for account in found.accounts
    )


def _priced_today(line: Line) -> Quote | None:
    """Where the rules have changed, price the line anew and give it the quote, or return it if it grew."""
    if line.quote.rule_version_id == version_in_force().pk:
        return None
    quote, before = quotes.renew(line, by=SERVING), line.quote
    if quote.units > before.units or quote.price_eur > before.price_eur:
        return quote
    quotes.apply(line, quote)
    return None


def _grown(quote: Quote) -> str:
    return _("The rules %(version)s hold now: read the new quote %(quote)s, then send it.") % {
        "version": quote.rule_version,
        "quote": quote,
    }


def _set_aside(line: Line, why: Refused | str, *, quote: Quote | None = None) -> bool:
    """Make a line that cannot be sent a draft again; it keeps its place for when it comes back."""
    reason = why if isinstance(why, str) else str(why.sentence)
    due_at = max((quote or line.quote).expires_at, timezone.now())
    take(line, "approval", "set_aside", by=SERVING, reason=reason, due_at=due_at)
    if quote is not None:
        quotes.apply(line, quote)
    return True


def _may_overtake(line: Line) -> bool:
    found = carrier_of(line, rules_in_force())
    return found is not None and found.may_overtake


def _follow_purses() -> None:
    """Let those whose purse is another today (a new period, a merger) wait for that one, in their place."""
    rules, seen = rules_in_force(), {}
    granted = Exists(PoolDraw.objects.filter(line=OuterRef("pk"), state=DrawState.GRANTED))
    queued = Line.objects.queued().annotate(on_a_pool=granted)
    for line in queued.select_related("order__organisation", "order__project"):
        own = line.pk if line.on_a_pool else None
        key = (line.order.organisation_id, line.order.project_id, line.sensor_id, own)
        if key not in seen:
            seen[key] = carrier_of(line, rules)
        found = seen[key]
        if found is not None and found.first.pk != line.waits_on_id:
            Line.objects.queued().filter(pk=line.pk).update(waits_on=found.first)

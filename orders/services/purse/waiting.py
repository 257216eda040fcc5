"""The waiting list of a purse: who waits for it, in which order, and who may not go before them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dinamis.errors import NotNow
from orders.models import Account, Line
from orders.services.purse.money import no_quota_open
from orders.services.purse.purses import Carrier, carrier_of

# Why a line may be put on the list instead of being sent.
WORTH_WAITING = frozenset({"quota_too_small", "others_wait"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in its list: `rank` of `count`, and what its purse has free."""

    rank: int
    count: int
    free: Decimal


@dataclass(frozen=True, slots=True)
class List:
    """The list of one purse: how many wait and for how much in all. Whose they are is not told."""

    account: Account
    count: int
    units: Decimal


@dataclass(frozen=True, slots=True)
class Queue:
    """The list of one purse for a reader: `places` are (rank, line) of the lines they may see."""

    count: int
    units: Decimal
    places: list[tuple[int, Line]]


def purse_of(line: Line) -> Carrier:
    """The purse that a line waits for. Raises NotNow: nothing to wait for, or no quota open."""
    if line.quote.quota_units <= 0:
        raise NotNow("nothing_to_wait_for", _("This counts nothing on a quota: send it."))
    found = carrier_of(line, line.quote.rule_version.rules)
    if found is None:
        raise no_quota_open(line)
    return found


def check_turn(line: Line) -> None:
    """Refuse a line that would go before others who wait for its purse, unless the rules let it.

    Raises NotNow (others_wait, with how many).
    """
    if line.quote.quota_units <= 0:
        return
    found = carrier_of(line, line.quote.rule_version.rules)
    if found is None or found.may_overtake:
        return
    waiting = before(line, found.first).count()
    if waiting:
        raise NotNow(
            "others_wait",
            ngettext(
                "%(count)s request waits for this quota before yours: wait for it in your turn.",
                "%(count)s requests wait for this quota before yours: wait for it in your turn.",
                waiting,
            )
            % {"count": waiting},
            waiting=waiting,
        )


def before(line: Line, account: Account | int) -> QuerySet[Line]:
    """Those that are served before a line: all of the list, for one that has no place in it."""
    found = Line.objects.queued().filter(waits_on=account).exclude(pk=line.pk)
    if line.queued_at is None:
        return found
    same = Q(queued_at=line.queued_at, pk__lt=line.pk)
    return found.filter(Q(queued_at__lt=line.queued_at) | same)


def place(line: Line) -> Place:
    """Where a waiting line stands now."""
    account = Account.objects.get(pk=line.waits_on_id)
    count = Line.objects.queued().filter(waits_on=account).count()
    return Place(before(line, account).count() + 1, count, account.balance)


def left(line: Line) -> tuple[str, ...]:
    """Take a line off its list, in memory; the columns to save with the step, none if it was on none."""
    if line.queued_at is None:
        return ()
    line.queued_at = line.waits_on = None
    return ("queued_at", "waits_on")


def queue(account: Account, reader: Any) -> "Queue":
    """One list as a reader sees it: how many wait, and the places of those whose order they see."""
    keys = list(
        Line.objects.queued().filter(waits_on=account).values_list("pk", "quote__quota_units")
    )
    seen = Line.objects.visible_to(reader).filter(pk__in=[key for key, _units in keys])
    lines = seen.select_related("order", "quote").in_bulk()
    units = sum((amount for _key, amount in keys), Decimal(0))
    places = [(rank, lines[key]) for rank, (key, _u) in enumerate(keys, start=1) if key in lines]
    return Queue(len(keys), units, places)


def lists(accounts: QuerySet[Account]) -> list[List]:
    """The lists of these accounts that somebody is on."""
    rows = (
        Line.objects.queued()
        .filter(waits_on__in=accounts)
        .order_by()
        .values("waits_on")
        .annotate(units=Sum("quote__quota_units"), count=Count("pk"))
    )
    known = accounts.in_bulk([row["waits_on"] for row in rows])
    return [List(known[row["waits_on"]], row["count"], row["units"]) for row in rows]

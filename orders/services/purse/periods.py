"""A period's end and the next one's beginning: proposed with its figures, decided by a second person, booked once."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_quota_administrator
from dinamis import formats
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services import Entry
from orders.ledger.summaries import summary
from orders.ledger.sums import ZERO, budgeted
from orders.models import Closing, ClosingEvent
from orders.policies import quota as policy
from orders.services.purse import quota, quota_mail
from orders.services.purse.closing_figures import (
    Figures,
    accounts,
    beginnings,
    check_there_is_a_next,
    endings,
    figures,
    following,
    span_after,
)
from orders.services.purse.quota_mail import Words
from orders.services.rules.rules import version_in_force
from orders.states import CLOSING, ClosingState

NIGHT = Actor.system("periods")
SOON = timedelta(days=30)  # before its end, a period without a next one is told of


class EndMoved(NotNow):
    """The ledger moved since the figures were shown: nothing is written, and they are shown again."""

    def __init__(self, found: Figures) -> None:
        super().__init__(
            "figures_moved",
            _("The quota has moved since you saw these figures. Nothing was written: look again."),
            figures=found.digest,
        )


def closing_of(period: Period) -> Closing | None:
    """The closing of a period that stands: proposed, or done."""
    return Closing.objects.standing().filter(period=period).select_related("by_user").first()


@transaction.atomic
def propose(period: Period, *, seen: str, by: Actor) -> Closing:
    """Write down that a period should be closed; proposed or closed already, that one is returned.

    Raises NotNow while the period runs or when nothing takes what is carried over, EndMoved.
    """
    check_is_quota_administrator(by.user)
    if standing := closing_of(period):
        return standing
    found = _as_seen(period, seen)
    if standing := closing_of(period):
        return standing
    row = Closing.objects.create(
        period=period,
        next_period=found.next_period,
        digest=found.digest,
        carried=found.carried,
        expired=found.expired,
        made_at=timezone.now(),
        state_since=timezone.now(),
        **by.columns(),
    )
    _note(row, "propose", by=by)
    return row


@again
@transaction.atomic
def close(closing: Closing, *, seen: str, by: Actor) -> Closing:
    """Carry over and expire all that is free, as the second person saw it. Closed already: returned.

    What is held stays held, and follows its delivery. Raises EndMoved, NotAllowed, NotNow.
    """
    row = _locked(closing)
    check_is_quota_administrator(by.user)
    if row.state == ClosingState.CLOSED:
        return row
    CLOSING.check("close", row.state)
    policy.check_may_take(by, "close", row, CLOSING, alone=False)
    found = _as_seen(row.period, seen)
    _book(found, by=by)
    now = timezone.now()
    advance(row, CLOSING, "close", at=now)
    row.closed_at, row.digest, row.next_period = now, found.digest, found.next_period
    row.carried, row.expired = found.carried, found.expired
    row.save(
        update_fields=[
            "state", "state_since", "due_at", "closed_at", "digest", "next_period", "carried",
            "expired",
        ]
    )  # fmt: skip
    _note(row, "close", by=by)
    return row


@transaction.atomic
def drop(closing: Closing, *, reason: str, by: Actor) -> Closing:
    """Give a proposed closing up; another may be proposed."""
    row = _locked(closing)
    CLOSING.check("drop", row.state)
    policy.check_may_take(by, "drop", row, CLOSING, alone=True)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step="drop")
    advance(row, CLOSING, "drop", at=timezone.now())
    row.save(update_fields=["state", "state_since", "due_at"])
    _note(row, "drop", by=by, reason=reason.strip())
    return row


@dataclass(frozen=True, slots=True)
class Moved:
    """What the closing took from one quota: carried over, and expired."""

    account: Account
    name: str
    carried: Decimal
    expired: Decimal


def moved(period: Period) -> list[Moved]:
    """What the closing of a period moved, quota by quota, read from the ledger."""
    sums: dict[Account, list[Decimal]] = {}
    for place, deed in enumerate(("carry", "expire")):
        for movement in Movement.objects.filter(deed=f"close:{period.pk}:{deed}").select_related(
            "from_account__period__sensor"
        ):
            sums.setdefault(movement.from_account, [ZERO, ZERO])[place] += movement.amount
    names = quota.names(list(sums))
    return [Moved(account, names[account.pk], *both) for account, both in sums.items()]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One quota of the next period: what it had, and what is proposed for it."""

    account: Account
    name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Opening:
    """The next period as the last one proposes it: its budget, and a share of every size."""

    year: int
    quarter: int | None
    budget: Decimal
    rows: list[Proposed]

    @property
    def given(self) -> Decimal:
        return sum((row.after for row in self.rows), ZERO)

    @property
    def free(self) -> Decimal:
        return self.budget - self.given


def proposal(
    period: Period, *, budget: Decimal | None = None, percent: Decimal = Decimal(100)
) -> Opening:
    """What the period that follows would begin with: the same budget, and `percent` of every quota."""
    rows = [row for row in summary(period).rows if row.account.kind != AccountKind.BUDGET]
    names = quota.names([row.account for row in rows])
    step = Decimal(1) if period.unit == Period.Unit.ATTEMPT else Decimal("0.01")
    proposed = [
        Proposed(
            account=row.account,
            name=names[row.account.pk],
            before=row.granted,
            after=(row.granted * percent / 100 / step).to_integral_value(ROUND_DOWN) * step,
        )
        for row in rows
        if row.granted and row.account.kind != AccountKind.POOL  # its members put it together anew
    ]
    size = budgeted(period) if budget is None else budget
    return Opening(*span_after(period), budget=size, rows=proposed)


@transaction.atomic
def open_next(period: Period, opening: Opening, *, by: Actor) -> Period:
    """Open the period that follows and share its budget out as proposed, as one deed booked once.

    Raises NotNow when the budget is smaller than what is given of it.
    """
    check_is_quota_administrator(by.user)
    if opening.free < 0:
        raise NotNow(
            "budget_too_small",
            _("The budget is smaller than what is given of it; %(missing)s are missing.")
            % {"missing": formats.number(-opening.free)},
            missing=str(-opening.free),
        )
    opened = ledger.open_period(period.sensor, year=opening.year, quarter=opening.quarter, by=by)
    deed = f"open:{opened.pk}"
    if ledger.booked(deed):
        return opened
    source, budget = (
        ledger.account_of(opened, kind) for kind in (AccountKind.SOURCE, AccountKind.BUDGET)
    )
    entries = [Entry(MovementKind.GRANT, source, budget, opening.budget)] if opening.budget else []
    for row in opening.rows:
        if row.after:
            one = row.account
            heir = ledger.account_of(opened, one.kind, one.owner_key, owner_kind=one.owner_kind)
            entries.append(Entry(MovementKind.TRANSFER, budget, heir, row.after))
    if entries:
        words = {"by": by, "rule_version": version_in_force().code}
        reason = _("As in %(period)s") % {"period": period}
        ledger.book_in_bulk(entries, deed=deed, reason=reason, **words)
    return opened


def expire_returns() -> int:
    """Take back what came back to the quotas of closed periods since; return how many movements."""
    moved = 0
    for closing in Closing.objects.done().select_related("period__sensor"):
        left = Account.objects.quotas().filter(period=closing.period, balance__gt=0)
        if left.exists():
            count = Movement.objects.filter(to_account__period=closing.period).count()
            moved += len(
                ledger.expire(
                    closing.period,
                    key=f"close:{closing.pk}:{count}",
                    by=NIGHT,
                    reason=_("Given back after the end of %(period)s") % {"period": closing.period},
                    rule_version=version_in_force().code,
                )
            )
    return moved


def remind(today: date | None = None) -> int:
    """Tell the quota administrators of periods to close, once a week, and of a next one not open, once."""
    today = today or timezone.localdate()
    people, sent = quota_mail.quota_administrators(), 0
    for period in _to_close(today):
        week = (today - period.ends_on).days // 7
        subject = f"period:{period.pk}:close:{week}"
        sent += quota_mail.send(subject, people, lambda person, p=period: _to_be_closed(p))
    ending = Period.objects.filter(ends_on__gte=today, ends_on__lte=today + SOON)
    for period in ending.select_related("sensor").order_by("pk"):
        if following(period) is None:
            subject = f"period:{period.pk}:next"
            sent += quota_mail.send(subject, people, lambda person, p=period: _to_be_opened(p))
    return sent


def _to_close(today: date) -> list[Period]:
    closed = Closing.objects.done().values("period")
    rows = Period.objects.filter(ends_on__lt=today).exclude(pk__in=closed)
    return list(rows.select_related("sensor").order_by("pk"))


def _to_be_closed(period: Period) -> Words:
    return Words(
        subject=_("%(period)s is over and is to be closed") % {"period": period},
        paragraphs=[
            _(
                "It ended on %(day)s. Look at what is carried over and what expires; two people close it."
            )
            % {"day": formats.day(period.ends_on)}
        ],
        label=_("Look and decide"),
        url=reverse("period_close", args=[period.pk]),
        is_theirs=True,
    )


def _to_be_opened(period: Period) -> Words:
    return Words(
        subject=_("The period after %(period)s is not open yet") % {"period": period},
        paragraphs=[
            _("It ends on %(day)s. Without a next period nobody can order from the day after.")
            % {"day": formats.day(period.ends_on)}
        ],
        label=_("Open the next period"),
        url=reverse("period_next", args=[period.pk]),
        is_theirs=True,
    )


def _book(found: Figures, *, by: Actor) -> None:
    words = {"by": by, "rule_version": version_in_force().code}
    mark, facts = f"close:{found.period.pk}", {"period": found.period, "next": found.next_period}
    deeds = (
        ("carry", endings(found, carried=True), _("Carried over to %(next)s") % facts),
        ("expire", endings(found, carried=False), _("End of %(period)s") % facts),
        ("carried", beginnings(found), _("Carried over from %(period)s") % facts),
    )
    for name, entries, reason in deeds:
        if entries:
            ledger.book_in_bulk(entries, deed=f"{mark}:{name}", reason=reason, **words)


def _as_seen(period: Period, seen: str) -> Figures:
    """The figures under the locks of both periods; they are those that were seen, or nothing goes on."""
    if not period.is_over:
        raise NotNow(
            "period_still_runs", _("This period is not over."), ends_on=str(period.ends_on)
        )
    ledger.lock(accounts(period))
    found = figures(period)
    check_there_is_a_next(found)
    if seen and seen != found.digest:
        raise EndMoved(found)
    return found


def _locked(closing: Closing) -> Closing:
    rows = Closing.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("period__sensor").get(pk=closing.pk)


def _note(row: Closing, step: str, *, by: Actor, reason: str = "") -> None:
    ClosingEvent.objects.create(
        closing=row,
        step=step,
        target=row.state,
        reason=reason[:2000],
        at=timezone.now(),
        **by.columns(),
    )

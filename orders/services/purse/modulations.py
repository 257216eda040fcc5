"""The quota modulated during the year: seen first, then written in one transaction, by two people when it is much."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_quota_administrator
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotNow, Refused
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind
from orders.ledger.models import Account, Period
from orders.models import Modulation, ModulationEvent
from orders.policies import quota as policy
from orders.services.purse.modulation_figures import Figures, Wish, entries, figures
from orders.services.rules.rules import version_in_force
from orders.states import MODULATION


class FiguresMoved(NotNow):
    """The ledger moved since the figures were shown: nothing is written, and they are shown again."""

    def __init__(self, found: Figures) -> None:
        self.found = found
        super().__init__(
            "figures_moved",
            _("The quota has moved since you saw these figures. Nothing was written: look again."),
            figures=found.digest,
        )


def alone_up_to(period: Period) -> Decimal:
    """What one administrator may move alone; nothing where the rules in force say nothing."""
    row = version_in_force().secondpersonrule_rows.filter(sensor=period.sensor_id).first()
    return row.alone_up_to if row else Decimal(0)


def preview(wish: Wish, *, by: Actor) -> Figures:
    """What a wish would do now; changes nothing. Raises as `figures` does."""
    check_is_quota_administrator(by.user)
    _check_running(wish.period)
    return figures(wish)


@again
@transaction.atomic
def propose(wish: Wish, *, reason: str, seen: str, submission: str, by: Actor) -> Modulation:
    """Write a modulation down; one that is small enough is applied at once.

    `seen` is the digest of the figures that the writer saw ("" for a program that looked at none).
    Raises FiguresMoved. `submission` names the form: sent twice, it acts once.
    """
    check_is_quota_administrator(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the statement keeps it for ever."))
    _check_running(wish.period)
    _lock(wish.period)
    if done := Modulation.objects.filter(submission=submission).first():
        return done
    found = _as_seen(wish, seen)
    row = Modulation.objects.create(
        period=wish.period,
        aim=wish.aim,
        rule=wish.rule,
        amount=wish.amount,
        share=wish.share,
        floor=wish.floor,
        towards=wish.towards,
        reason=reason.strip(),
        submission=submission,
        digest=found.digest,
        moved=found.moved,
        count=len(found.changed) or 1,
        made_at=timezone.now(),
        state_since=timezone.now(),
        **by.columns(),
    )
    _note(row, "propose", by=by, reason=row.reason)
    return _apply(row, found, by=by) if is_small(row) else row


@again
@transaction.atomic
def apply(modulation: Modulation, *, seen: str, by: Actor) -> Modulation:
    """Write the movements of a proposed modulation, as the second person saw them.

    The figures are worked out anew under the locks. Raises FiguresMoved when they are not `seen`,
    NotAllowed for whoever wrote it, CutTooDeep and QuotaTooSmall when it is no longer possible.
    """
    row = _locked(modulation)
    MODULATION.check("apply", row.state)
    policy.check_may_take(by, "apply", row, MODULATION, alone=is_small(row))
    _check_running(row.period)
    _lock(row.period)
    return _apply(row, _as_seen(wish_of(row), seen), by=by)


@transaction.atomic
def drop(modulation: Modulation, *, reason: str, by: Actor) -> Modulation:
    """Give a proposed modulation up, and say why."""
    row = _locked(modulation)
    MODULATION.check("drop", row.state)
    policy.check_may_take(by, "drop", row, MODULATION, alone=True)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step="drop")
    advance(row, MODULATION, "drop", at=timezone.now())
    row.save(update_fields=["state", "state_since", "due_at"])
    _note(row, "drop", by=by, reason=reason.strip())
    return row


def is_small(modulation: Modulation) -> bool:
    """Whether one administrator is enough for it."""
    return modulation.moved <= alone_up_to(modulation.period)


def now(modulation: Modulation) -> tuple[Figures | None, Refused | None]:
    """The figures of a proposed modulation as the ledger is now, or what forbids it."""
    try:
        return figures(wish_of(modulation)), None
    except Refused as refused:
        return None, refused


def wish_of(modulation: Modulation) -> Wish:
    names = ("period", "aim", "rule", "amount", "share", "floor", "towards")
    return Wish(**{name: getattr(modulation, name) for name in names})


def _apply(row: Modulation, found: Figures, *, by: Actor) -> Modulation:
    ledger.book_in_bulk(
        entries(found),
        deed=row.deed,
        by=by,
        reason=row.reason,
        rule_version=version_in_force().code,
    )
    now = timezone.now()
    advance(row, MODULATION, "apply", at=now)
    row.applied_at = now
    row.digest, row.moved, row.count = found.digest, found.moved, len(found.changed) or 1
    row.save(
        update_fields=[
            "state", "state_since", "due_at", "applied_at", "digest", "moved", "count",
        ]
    )  # fmt: skip
    _note(row, "apply", by=by)
    return row


def _as_seen(wish: Wish, seen: str) -> Figures:
    found = figures(wish)
    if seen and seen != found.digest:
        raise FiguresMoved(found)
    return found


def _check_running(period: Period) -> None:
    if period.is_over:
        raise NotNow(
            "period_is_over",
            _("This period is over: it is closed, not modulated."),
            period=str(period),
        )


def _lock(period: Period) -> None:
    """Every quota of the period and its source, in order of id, until the transaction ends.

    A hold, a delivery and a release lock the purse they are of: what is held and consumed stands still
    too. The consumed accounts are left alone: whoever has one may be waiting for a purse.
    """
    quotas = Account.objects.quotas() | Account.objects.filter(kind=AccountKind.SOURCE)
    ledger.lock(quotas.filter(period=period))


def _locked(modulation: Modulation) -> Modulation:
    rows = Modulation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("period__sensor").get(pk=modulation.pk)


def _note(row: Modulation, step: str, *, by: Actor, reason: str = "") -> None:
    event = ModulationEvent.objects.create(
        modulation=row,
        step=step,
        target=row.state,
        reason=reason[:2000],
        at=timezone.now(),
        **by.columns(),
    )
    after_commit("orders.tasks.tell_modulation", event.pk)

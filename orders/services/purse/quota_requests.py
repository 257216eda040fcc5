"""More quota for an organisation: asked by its referent, granted in full or in part, or refused."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_referent_of, check_may_take
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Period
from orders.ledger.services.accounts import in_unit
from orders.ledger.services.booking import constraint_of
from orders.models import QuotaRequest, QuotaRequestEvent
from orders.policies.quota_requests import roles
from orders.services.rules.rules import rules_in_force
from orders.states.quota_request import QUOTA_REQUEST, QuotaRequestState

# Where what is granted comes from.
SOURCES = (AccountKind.BUDGET, AccountKind.RESERVE)


def ask(
    period: Period,
    organisation: Organisation,
    amount: Decimal,
    *,
    reason: str,
    submission: str,
    by: Actor,
) -> QuotaRequest:
    """Ask for more in a period. The same `submission` returns the request it made.

    Raises NotAllowed (no referent), Invalid (amount, reason), NotNow (period_over, request_open).
    """
    check_is_referent_of(by.user, organisation)
    amount = in_unit(amount, period.unit)
    if not reason.strip() or len(reason) > 2000:
        raise Invalid("reason_missing", _("Say what the quota is for: the desk reads it."))
    _check_runs(period)
    try:
        with transaction.atomic():
            return _asked(period, organisation, amount, reason.strip(), submission, by)
    except IntegrityError as error:
        if constraint_of(error) not in {"quota_request_sent_once", "quota_request_one_open"}:
            raise
        sent = QuotaRequest.objects.filter(requester=by.user, submission=submission).first()
        if sent is not None:
            return sent
        raise NotNow(
            "request_open",
            _("A request for %(period)s is with the desk already.") % {"period": period},
        ) from error


@again
@transaction.atomic
def grant(
    asked: QuotaRequest,
    amount: Decimal,
    *,
    source: str = AccountKind.BUDGET,
    reason: str = "",
    by: Actor,
) -> QuotaRequest:
    """Grant a request, in full or in part, from the budget or the reserve; the transfer goes with it.

    A part needs a reason. Raises NotAllowed, NotNow (decided already, quota_too_small), Invalid.
    """
    asked = locked(asked)
    amount = in_unit(amount, asked.period.unit)
    if source not in SOURCES:
        raise Invalid("source_unknown", _("It is granted from the budget or from the reserve."))
    if amount > asked.amount:
        raise Invalid("more_than_asked", _("This is more than was asked."))
    name = "grant" if amount == asked.amount else "grant_part"
    _check(asked, name, reason, by=by)
    _check_runs(asked.period)
    asked.granted = amount
    purse = ledger.account_of(
        asked.period,
        AccountKind.ALLOTMENT,
        asked.organisation_id,
        owner_kind=OwnerKind.ORGANISATION,
    )
    ledger.transfer(
        ledger.account_of(asked.period, source),
        amount,
        to_account=purse,
        key=f"quota-request:{asked.pk}",
        by=by,
        reason=reason.strip() or asked.reason[:500],
        rule_version=rules_in_force().code,
    )
    return _take(asked, name, reason, by=by)


@transaction.atomic
def refuse(asked: QuotaRequest, *, reason: str, by: Actor) -> QuotaRequest:
    """Say no, and why."""
    asked = locked(asked)
    _check(asked, "refuse", reason, by=by)
    return _take(asked, "refuse", reason, by=by)


@transaction.atomic
def withdraw(asked: QuotaRequest, *, reason: str = "", by: Actor) -> QuotaRequest:
    """Ask no more."""
    asked = locked(asked)
    _check(asked, "withdraw", reason, by=by)
    return _take(asked, "withdraw", reason, by=by)


def locked(asked: QuotaRequest) -> QuotaRequest:
    rows = QuotaRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "period__sensor", "requester").get(pk=asked.pk)


def _asked(
    period: Period,
    organisation: Organisation,
    amount: Decimal,
    reason: str,
    submission: str,
    by: Actor,
) -> QuotaRequest:
    now = timezone.now()
    made = QuotaRequest.objects.create(
        organisation=organisation,
        period=period,
        requester=by.user,
        amount=amount,
        reason=reason,
        submission=submission,
        made_at=now,
        state_since=now,
    )
    _note(made, "ask", reason, by=by)
    return made


def _check_runs(period: Period) -> None:
    if period.is_over:
        raise NotNow("period_over", _("%(period)s is over.") % {"period": period})


def _check(asked: QuotaRequest, name: str, reason: str, *, by: Actor) -> None:
    row = QUOTA_REQUEST.steps[name]
    check_may_take(by, row, roles(by, asked))
    QUOTA_REQUEST.check(name, asked.state)
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step=name)


def _take(asked: QuotaRequest, name: str, reason: str, *, by: Actor) -> QuotaRequest:
    advance(asked, QUOTA_REQUEST, name, at=timezone.now())
    asked.save(update_fields=["state", "state_since", "due_at", "granted"])
    _note(asked, name, reason, by=by)
    return asked


def _note(asked: QuotaRequest, name: str, reason: str, *, by: Actor) -> None:
    event = QuotaRequestEvent.objects.create(
        request=asked,
        step=name,
        target=asked.state,
        reason=reason.strip(),
        at=timezone.now(),
        **by.columns(),
    )
    after_commit("orders.tasks.tell_quota_request", event.pk)


def title_of(event: QuotaRequestEvent) -> str:
    """A step in the reader's words."""
    row: Any = QUOTA_REQUEST.steps.get(event.step)
    return str(row.label) if row else str(QuotaRequestState(event.target).label)

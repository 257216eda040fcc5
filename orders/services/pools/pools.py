"""Pools: proposed, pledged to, reached or given up. A pledge is a hold until then, a transfer afterwards."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_member, check_is_referent_of, is_referent_of
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotAllowed, NotNow, WayOn
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import PARIS, Account, Movement, Period
from orders.ledger.services.accounts import in_unit
from orders.models import Pledge, Pool, PoolDraw, PoolEvent
from orders.services.rules.rules import rules_in_force
from orders.states.pool import DRAW, PLEDGE, POOL, PledgeState, PoolState

POOLS = Actor.system("pools")
ZERO = Decimal(0)


@transaction.atomic
def propose(
    period: Period,
    *,
    title: str,
    aim: str,
    threshold: Decimal,
    ends_on: date,
    rule: str,
    vote_days: int = 7,
    submission: str,
    by: Actor,
) -> Pool:
    """Open a pool, kept by the organisation of the referent who proposes it; sent twice, it is one.

    It is pledged to until the end of `ends_on` in Paris. Raises NotAllowed (no referent), Invalid
    (words, amount, day), NotNow (the period is over).
    """
    keeper = check_is_member(by.user).organisation
    check_is_referent_of(by.user, keeper)
    if not title.strip() or not aim.strip():
        raise Invalid("aim_missing", _("Give the pool a title and say what it is for."))
    due_at = datetime.combine(ends_on, time.max, PARIS)
    if not timezone.localdate() <= ends_on <= period.ends_on:
        raise Invalid(
            "deadline_out_of_period",
            _("The deadline lies between today and the period's last day."),
        )
    now = timezone.now()
    pool, new = Pool.objects.get_or_create(
        founder=by.user,
        submission=submission,
        defaults={
            "title": title.strip(),
            "aim": aim.strip(),
            "period": period,
            "threshold": in_unit(threshold, period.unit),
            "rule": Pool.Rule(rule),
            "vote_days": vote_days,
            "keeper": keeper,
            "made_at": now,
            "state_since": now,
            "due_at": due_at,
        },
    )
    if new:
        note(pool, "pool", "propose", organisation=keeper, amount=pool.threshold, by=by)
    return pool


@again
@transaction.atomic
def pledge(
    pool: Pool, organisation: Organisation, amount: Decimal, *, submission: str, by: Actor
) -> Pledge:
    """Hold an amount of an organisation's allotment for a pool; the threshold may be reached by it.

    The same `submission` returns the pledge it made. Raises NotAllowed (no referent of it), NotNow
    (not open any more, no allotment, quota_too_small).
    """
    check_is_referent_of(by.user, organisation)
    pool = locked(pool)
    found = Pledge.objects.filter(person=by.user, submission=submission).first()
    if found is not None:
        return found
    _check_open(pool)
    purse = _allotment(pool.period, organisation)
    amount = in_unit(amount, pool.period.unit)
    made = Pledge.objects.create(
        pool=pool,
        organisation=organisation,
        person=by.user,
        amount=amount,
        submission=submission,
        state_since=timezone.now(),
    )
    ledger.hold(
        [purse],
        amount,
        line=made.holder,
        key=f"{made.holder}:hold",
        by=by,
        reason=pool.title,
        rule_version=rules_in_force().code,
    )
    note(pool, "pledge", "pledge", organisation=organisation, amount=amount, by=by)
    if pledged(pool) >= pool.threshold:
        _reach(pool)
    return made


@again
@transaction.atomic
def withdraw(made: Pledge, *, by: Actor) -> Pledge:
    """Take a pledge back while the pool is not reached."""
    pool = locked(made.pool)
    made = Pledge.objects.select_related("organisation").get(pk=made.pk)
    check_is_referent_of(by.user, made.organisation)
    _release(made, "withdraw", by=by)
    note(pool, "pledge", "withdraw", organisation=made.organisation, amount=made.amount, by=by)
    return made


@again
@transaction.atomic
def cancel(pool: Pool, *, reason: str, by: Actor) -> Pool:
    """The keeper gives the pool up before it is reached; every pledge goes back."""
    pool = locked(pool)
    if not is_keeper(by, pool):
        raise NotAllowed("keeper_only", _("This is for the keeper of the pool."))
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step="cancel")
    _give_up(pool, "cancel", reason.strip(), by=by)
    return pool


def tick() -> int:
    """Give back the pledges of pools whose deadline has passed; return how many pools."""
    done = 0
    late = Pool.objects.filter(state=PoolState.OPEN, due_at__lte=timezone.now())
    for found in late.order_by("pk")[:100]:
        with transaction.atomic():
            pool = locked(found)
            if pool.state == PoolState.OPEN and pool.due_at <= timezone.now():
                _give_up(pool, "fall_short", "", by=POOLS)
                done += 1
    return done


def pledged(pool: Pool) -> Decimal:
    """What is promised, or was paid in."""
    standing = pool.pledges.filter(state__in=[PledgeState.HELD, PledgeState.PAID_IN])
    return standing.aggregate(total=Sum("amount"))["total"] or ZERO


def account_of(pool: Pool) -> Account:
    return ledger.account_of(pool.period, AccountKind.POOL, pool.pk)


def known_account(pool: Pool) -> Account | None:
    """The pool's account once something was paid in; reading opens none."""
    accounts = Account.objects.filter(period=pool.period_id, kind=AccountKind.POOL)
    return accounts.of(OwnerKind.POOL, pool.pk).select_related("period").first()


def free(pool: Pool) -> Decimal:
    account = known_account(pool)
    return account.balance if account is not None else ZERO


def members(pool: Pool) -> list[Organisation]:
    """The organisations that have put something in, by name."""
    paid = pool.pledges.filter(state__in=[PledgeState.HELD, PledgeState.PAID_IN])
    either = Q(pk__in=paid.values("organisation"))
    either |= Q(pk__in=pool.contributions.values("organisation"))
    return list(Organisation.objects.filter(either).order_by("name"))


def is_keeper(by: Actor, pool: Pool) -> bool:
    return by.part != "" or is_referent_of(by.user, pool.keeper)


def locked(pool: Pool) -> Pool:
    """The pool as it is now, ours until the transaction ends: before any account."""
    rows = Pool.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("period__sensor", "keeper").get(pk=pool.pk)


def note(
    pool: Pool,
    life: str,
    step: str,
    *,
    by: Actor,
    organisation: Organisation | None = None,
    draw: PoolDraw | None = None,
    amount: Decimal | None = None,
    reason: str = "",
) -> None:
    """Write one line of the pool's history and promise the mails it gives."""
    event = PoolEvent.objects.create(
        pool=pool,
        organisation=organisation,
        draw=draw,
        life=life,
        step=step,
        amount=amount,
        reason=reason,
        at=timezone.now(),
        **by.columns(),
    )
    after_commit("orders.tasks.tell_pool", event.pk)


def _check_open(pool: Pool) -> None:
    if pool.state != PoolState.OPEN or pool.due_at <= timezone.now():
        raise NotNow("pool_not_open", _("This pool takes no more pledges."))


def _allotment(period: Period, organisation: Organisation) -> Account:
    allotments = Account.objects.filter(period=period, kind=AccountKind.ALLOTMENT)
    found = allotments.of(OwnerKind.ORGANISATION, organisation.pk).select_related("period").first()
    if found is None:
        raise NotNow(
            "no_allotment",
            _("%(organisation)s has no allotment of its own to pledge from.")
            % {"organisation": organisation},
            ways_on=[WayOn(str(_("More quota")), reverse("quota_requests"))],
        )
    return found


def _reach(pool: Pool) -> None:
    """Turn every pledge into a transfer; all accounts are taken first, in order of id."""
    standing = list(pool.pledges.filter(state=PledgeState.HELD).order_by("pk"))
    holds = {
        one.pk: Movement.objects.select_related("from_account__period").get(
            deed=f"{one.holder}:hold"
        )
        for one in standing
    }
    account = account_of(pool)
    accounts = {account.pk}
    for hold in holds.values():
        accounts |= {hold.from_account_id, hold.to_account_id}
    ledger.lock(accounts)
    for one in standing:
        _release(one, "pay_in", by=POOLS)
        ledger.transfer(
            holds[one.pk].from_account,
            one.amount,
            to_account=account,
            key=f"{one.holder}:transfer",
            by=POOLS,
            reason=pool.title,
            rule_version=rules_in_force().code,
        )
    _move(pool, "reach")
    note(pool, "pool", "reach", amount=pledged(pool), by=POOLS)


def _give_up(pool: Pool, step: str, reason: str, *, by: Actor) -> None:
    POOL.check(step, pool.state)
    standing = list(pool.pledges.filter(state=PledgeState.HELD).order_by("pk"))
    holds = Movement.objects.filter(deed__in=[f"{one.holder}:hold" for one in standing])
    ledger.lock({pk for ends in holds.values_list("from_account", "to_account") for pk in ends})
    for one in standing:
        _release(one, "release", by=by)
    _move(pool, step)
    note(pool, "pool", step, reason=reason, by=by)


def _release(one: Pledge, step: str, *, by: Actor) -> None:
    advance(one, PLEDGE, step, at=timezone.now())
    one.save(update_fields=["state", "state_since", "due_at"])
    ledger.release(one.holder, key=f"{one.holder}:release", by=by, reason=one.pool.title)


def _move(pool: Pool, step: str) -> None:
    advance(pool, POOL, step, at=timezone.now())
    pool.save(update_fields=["state", "state_since", "due_at"])


def title_of(event: PoolEvent) -> str:
    """A step of a pool in the reader's words."""
    known = {"pool.propose": _("Pool proposed"), "pool.cancel": _("Pool given up"),
             "pledge.pledge": _("Pledged"), "pledge.withdraw": _("Pledge withdrawn"),
             "draw.ask": _("Draw asked for"), "draw.vote": _("Vote given"),
             "draw.grant": _("Draw granted"), "draw.refuse": _("Draw refused"),
             "draw.withdraw": _("Draw withdrawn")}  # fmt: skip
    if told := known.get(f"{event.life}.{event.step}"):
        return told
    life = {"pool": POOL, "pledge": PLEDGE, "draw": DRAW}[event.life]
    return str(life.steps[event.step].label)

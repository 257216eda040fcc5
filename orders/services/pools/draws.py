"""Drawing on a pool: a line that is carried by it, within a share, by a vote, or by the keeper's word."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_referent_of
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from dinamis.lifecycle import advance
from orders.ledger.errors import in_words
from orders.models import Line, Order, Pool, PoolDraw, PoolVote, Quote
from orders.models.pool import UNSENT
from orders.services.asking.quotes import carried
from orders.services.lines import lines, orders
from orders.services.lines.history import locked as line_locked
from orders.services.pools import pools
from orders.services.purse.purses import carrier_of
from orders.states import Approval, Supply
from orders.states.pool import DRAW, DrawState, PledgeState, PoolState

ZERO = Decimal(0)
# Lines that came to nothing give their part of the share back.
NOTHING_CAME = (Approval.REFUSED, Approval.WITHDRAWN, Approval.CONVERTED, Approval.LAPSED)


@again
@transaction.atomic
def ask(pool: Pool, line: Line, *, by: Actor) -> PoolDraw:
    """Ask a pool to carry a draft line. Within a share it is granted at once, else it waits for an answer.

    Raises NotFound (not a member's line), NotNow (not reached, another sensor, not a draft, asked
    already, over the share, more than the pool has).
    """
    line = line_locked(line)
    pool = pools.locked(pool)
    organisation = line.order.organisation
    _check(pool, line, organisation, by=by)
    now, units = timezone.now(), line.quote.quota_units
    due_at = now + timedelta(days=pool.vote_days) if pool.rule == Pool.Rule.VOTE else None
    draw = PoolDraw.objects.create(
        pool=pool, line=line, units=units, made_at=now, state_since=now, due_at=due_at
    )
    pools.note(pool, "draw", "ask", draw=draw, organisation=organisation, amount=units, by=by)
    if pool.rule == Pool.Rule.SHARE:
        _take(draw, "grant", by=pools.POOLS)
    return draw


@again
@transaction.atomic
def vote(draw: PoolDraw, organisation: Organisation, *, agrees: bool, by: Actor) -> PoolDraw:
    """Answer for a member, once. The draw is granted, or refused, as soon as more than half say so."""
    check_is_referent_of(by.user, organisation)
    draw = _locked(draw)
    known = {one.pk for one in pools.members(draw.pool)}
    if draw.pool.rule != Pool.Rule.VOTE or organisation.pk not in known:
        raise NotAllowed("not_a_member_of_the_pool", _("Only the pool's members vote."))
    DRAW.check("grant", draw.state)
    _check_unsent(draw.line)
    if draw.votes.filter(organisation=organisation).exists():
        raise NotNow("voted_already", _("Your organisation has answered already."))
    PoolVote.objects.create(
        draw=draw, organisation=organisation, agrees=agrees, at=timezone.now(), **by.columns()
    )
    pools.note(draw.pool, "draw", "vote", draw=draw, organisation=organisation, by=by)
    for said, step in ((True, "grant"), (False, "refuse")):
        if 2 * draw.votes.filter(agrees=said).count() > len(known):
            reason = "" if said else _("More than half of the members said no.")
            _take(draw, step, reason=reason, by=pools.POOLS)
    return draw


@again
@transaction.atomic
def decide(draw: PoolDraw, *, agrees: bool, reason: str = "", by: Actor) -> PoolDraw:
    """The keeper grants or refuses a draw; a refusal says why."""
    draw = _locked(draw)
    if draw.pool.rule != Pool.Rule.KEEPER or not pools.is_keeper(by, draw.pool):
        raise NotAllowed("keeper_only", _("This is for the keeper of the pool."))
    if not agrees and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step="refuse")
    _check_unsent(draw.line)
    _take(draw, "grant" if agrees else "refuse", reason=reason.strip(), by=by)
    return draw


def tick() -> int:
    """End the draws whose vote has passed without a majority, or whose line went another way; return how many."""
    done = 0
    gone = PoolDraw.objects.filter(state=DrawState.ASKED).exclude(line__approval__in=UNSENT)
    for found in gone.order_by("pk")[:100]:
        with transaction.atomic():
            draw = _locked(found)
            if draw.state == DrawState.ASKED and draw.line.approval not in UNSENT:
                _take(draw, "withdraw", by=pools.POOLS)
                done += 1
    late = PoolDraw.objects.filter(state=DrawState.ASKED, due_at__lte=timezone.now())
    for found in late.order_by("pk")[:100]:
        with transaction.atomic():
            draw = _locked(found)
            if draw.state == DrawState.ASKED:
                reason = _("No majority of the members within the days of the vote.")
                _take(draw, "refuse", reason=reason, by=pools.POOLS)
                done += 1
    return done


def share_left(pool: Pool, organisation: Organisation) -> Decimal:
    """What a member may still draw by its share: what it put in, less what its lines draw."""
    paid = pool.pledges.filter(organisation=organisation, state=PledgeState.PAID_IN)
    bought = pool.contributions.filter(organisation=organisation)
    put_in = paid.aggregate(total=Sum("amount"))["total"] or ZERO
    put_in += bought.aggregate(total=Sum("attempts"))["total"] or 0
    drawn = pool.draws.filter(state=DrawState.GRANTED, line__order__organisation=organisation)
    drawn = drawn.exclude(line__approval__in=NOTHING_CAME)
    drawn = drawn.exclude(line__supply__in=[Supply.FAILED, Supply.CLOSED])
    return put_in - (drawn.aggregate(total=Sum("units"))["total"] or ZERO)


def left_for(pool: Pool, organisation: Organisation) -> Decimal:
    """What a member may ask of a pool now: what is free in it, by shares at most what is left of its own."""
    free = pools.free(pool)
    if pool.rule == Pool.Rule.SHARE:
        free = min(free, share_left(pool, organisation))
    return free


def _check(pool: Pool, line: Line, organisation: Organisation, *, by: Actor) -> None:
    if by.user is None or line.order.requester_id != by.user.pk:
        raise NotFound("line_unknown", _("There is no such line."))
    if organisation.pk not in {one.pk for one in pools.members(pool)}:
        raise NotFound("pool_not_yours", _("Your organisation has put nothing in this pool."))
    if pool.state != PoolState.REACHED or pool.period.is_over:
        raise NotNow("pool_not_reached", _("Nothing can be drawn on this pool now."))
    if line.sensor_id != pool.period.sensor_id:
        raise NotNow("pool_of_another_sensor", _("This pool is of another sensor."))
    _check_unsent(line)
    units = line.quote.quota_units
    if units <= 0:
        raise NotNow("nothing_to_wait_for", _("This counts nothing on a quota: send it."))
    if line.draws.filter(state__in=[DrawState.ASKED, DrawState.GRANTED]).exists():
        raise NotNow("draw_asked", _("A pool is asked for this line already."))
    free, unit = left_for(pool, organisation), pool.period.unit
    if units > free:
        raise NotNow(
            "pool_too_small",
            _("You may draw %(free)s on this pool; this needs %(units)s.")
            % {"free": in_words(free, unit), "units": in_words(units, unit)},
            available=str(free),
            required=str(units),
        )


def _check_unsent(line: Line) -> None:
    """Also before an answer: sent meanwhile, a line is held on its own quota, and no pool can carry it."""
    if line.approval not in UNSENT:
        raise NotNow("line_sent", _("This line is sent already: its purse is chosen."))


def _locked(draw: PoolDraw) -> PoolDraw:
    pool = pools.locked(draw.pool)
    found = PoolDraw.objects.select_related("line__order__organisation").get(pk=draw.pk)
    found.pool = pool
    return found


def _take(draw: PoolDraw, step: str, *, by: Actor, reason: str = "") -> None:
    advance(draw, DRAW, step, at=timezone.now())
    draw.save(update_fields=["state", "state_since", "due_at"])
    pools.note(draw.pool, "draw", step, draw=draw, amount=draw.units, reason=reason, by=by)
    if draw.state == DrawState.GRANTED:
        draw.line = _name_pool(line_locked(draw.line))


def _name_pool(line: Line) -> Line:
    """Let the quote of an unsent line name the pool that is to carry it; renewed later, it names it too."""
    found = carrier_of(line, line.quote.rule_version.rules)
    is_unsent = line.approval in UNSENT and not line.quote.has_expired(timezone.now())
    if is_unsent and found is not None and found.purse == "pool":
        carried(line, found, available=found.balance)
    return line


@transaction.atomic
def order(
    quotes: Sequence[Quote],
    pool: Pool,
    *,
    title: str,
    purpose: str,
    submission: str,
    by: Actor,
    alone: bool = False,
) -> Order:
    """Make an order of quotes that a pool is to carry. What it grants at once is sent at once.

    What waits for an answer stays a draft, which its owner sends once the pool agrees. Raises what
    `orders.draft`, `ask` and `lines.submit` raise; then nothing is kept.
    """
    made = orders.draft(
        quotes, title=title, purpose=purpose, submission=submission, by=by, alone=alone
    )
    for line in made.lines.filter(approval=Approval.DRAFT).order_by("pk"):
        if not line.draws.exists() and ask(pool, line, by=by).state == DrawState.GRANTED:
            lines.submit(line, by=by)
    return made

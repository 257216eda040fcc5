"""The demonstration's common purse: a pool that is open, one that was reached and is drawn on, a request that waits."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Organisation, User
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import Line, Period, Pool, Quote
from orders.services.lines import orders
from orders.services.pools import draws, pools

# Attempts of the park, which had none of its own: half of them go into the pool.
OF_THE_PARK = 6


def storms(period: Period, leaders: dict[Organisation, User], park: Organisation) -> Pool:
    """Attempts for the days after a storm: each pledges three, so it is reached."""
    account = ledger.account_of(period, "allotment", park.pk)
    words = {"by": Actor.system("demonstration"), "reason": "Jeu de démonstration"}
    key = f"demonstration:{period.pk}:park"
    ledger.set_allotment(account, Decimal(OF_THE_PARK), key=key, **words)
    pool = _propose(
        period,
        next(iter(leaders.values())),
        title="Après les tempêtes d’hiver",
        aim="Programmer tout de suite le littoral et les marais, quand une tempête vient de passer.",
        threshold=6,
    )
    for organisation, leader in leaders.items():
        _pledge(pool, organisation, leader, 3)
    return Pool.objects.get(pk=pool.pk)


def mangroves(period: Period, organisation: Organisation, leader: User) -> Pool:
    """Km² that the laboratory alone has pledged to so far: it is a long way to the threshold."""
    pool = _propose(
        period,
        leader,
        title="Mangroves, une couverture commune",
        aim="Une même couverture Pléiades des mangroves, que chacun étudie pour soi.",
        threshold=1_000,
    )
    _pledge(pool, organisation, leader, 100)
    return pool


def drawn(pool: Pool, quote: Quote, *, title: str, purpose: str, by: Actor) -> Line:
    """A request that the pool carries."""
    form = f"demonstration-{quote.reference}"
    made = draws.order([quote], pool, title=title, purpose=purpose, submission=form, by=by)
    return made.lines.get()


def waiting(quote: Quote, *, title: str, purpose: str, by: Actor) -> Line:
    """A request that is larger than what is left of its project's allotment."""
    form = f"demonstration-{quote.reference}"
    words = {"title": title, "purpose": purpose, "submission": form}
    return orders.place([quote], **words, by=by, wait=True).lines.get()


def _propose(period: Period, leader: User, *, title: str, aim: str, threshold: int) -> Pool:
    last = min(timezone.localdate() + timedelta(days=45), period.ends_on)
    return pools.propose(
        period,
        title=title,
        aim=aim,
        threshold=Decimal(threshold),
        ends_on=last,
        rule=Pool.Rule.SHARE,
        submission=f"demonstration-{threshold}",
        by=Actor.of(leader),
    )


def _pledge(pool: Pool, organisation: Organisation, leader: User, amount: int) -> None:
    submission = f"demonstration-{pool.pk}"
    by = Actor.of(leader)
    pools.pledge(pool, organisation, Decimal(amount), submission=submission, by=by)

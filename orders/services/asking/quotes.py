"""Quotes: a wish worked out under the rules in force, explained line by line, frozen until a day."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound
from dinamis.outbox import after_commit
from orders.ledger import services as ledger
from orders.models import JointPart, Line, Project, Quote
from orders.pricing.charge import CENT, Charge, Measure, Purse, SensorFacts, charge
from orders.pricing.explain import quantity
from orders.pricing.words import Terms
from orders.services.asking.evaluating import carried_by, evaluate
from orders.services.asking.wishes import Production, Tasking, of_row, still_to_come
from orders.services.lines.references import next_reference
from orders.services.projects import project_use
from orders.services.purse.purses import Carrier

# The columns that a line takes over from its quote.
WISH = (
    "kind",
    "sensor",
    "scene",
    "area",
    "area_km2",
    "whole_scene",
    "mode",
    "without",
    "options",
    "window_starts_on",
    "window_ends_on",
    "max_cloud",
    "max_incidence",
    "accept_cloud",
    "min_bh",
    "max_bh",
    "tries",
)


@transaction.atomic
def make(
    wish: Production | Tasking,
    *,
    by: Actor,
    beyond: bool = False,
    project: Project | None = None,
) -> Quote:
    """Price a wish for the person who acts, for the organisation they act for. Books nothing.

    With `beyond`, what the quota does not carry is paid. Raises NotAllowed (no active affiliation,
    not offered to the category), Invalid (the wish), NotNow (no rules in force, nothing sold beyond),
    and what `project_use.check` raises.
    """
    organisation = check_is_member(by.user).organisation
    project_use.check(project, by.user, wish)
    return _priced(
        wish, requester=by.user, organisation=organisation, beyond=beyond, project=project
    )


@transaction.atomic
def make_all(
    wishes: Sequence[Production | Tasking], *, by: Actor, project: Project | None = None
) -> list[Quote]:
    """One quote for each wish, or none at all. Raises what `make` raises."""
    return [make(wish, by=by, project=project) for wish in wishes]


def renew(line: Line, *, by: Actor) -> Quote:
    """Price the wish of a line again, for its own requester, under the rules of today."""
    order = line.order
    return _priced(
        still_to_come(of_row(line)),
        requester=order.requester,
        organisation=order.organisation,
        beyond=line.quote.beyond,
        project=order.project,
        held=ledger.held(line.reference),
        line=line,
    )


def less(line: Line, *, area: Any = None, tries: int | None = None) -> Quote:
    """Price a part of a line's wish, for its own requester: a smaller area, or fewer attempts.

    Raises Invalid (nothing_less, not_less, tries_not_for_production) and what pricing refuses.
    """
    wish = of_row(line)
    if tries is not None and isinstance(wish, Production):
        raise Invalid("tries_not_for_production", _("Only a tasking has attempts."), field="tries")
    if area is None and tries is None:
        raise Invalid("nothing_less", _("Say what is offered: a smaller area, or fewer attempts."))
    changed = {"area": area} if area is not None else {}
    changed |= {"tries": tries} if tries is not None else {}
    order = line.order
    found = _priced(
        replace(still_to_come(wish), **changed),
        requester=order.requester,
        organisation=order.organisation,
        beyond=line.quote.beyond,
        project=order.project,
        held=ledger.held(line.reference),
        line=line,
    )
    if found.units >= line.quote.units or found.price_eur > line.quote.price_eur:
        raise Invalid(
            "not_less",
            _("This counts %(units)s, no less than what is asked: %(asked)s.")
            % {
                "units": quantity(found.units, found.unit),
                "asked": quantity(line.quote.units, line.quote.unit),
            },
        )
    return found


def shared(line: Line, part: JointPart, *, parties: int) -> Quote:
    """A line's quote again, at its share of a joint request that `parties` organisations have agreed on.

    A share of nothing (attempts are whole) is free to it. The rules and the wish stay as quoted.
    """
    quote, share = Quote.objects.get(pk=line.quote_id), part.share
    quote.explained = _explained_share(quote, share, parties)
    if share:
        least = (quote.least_units * share / part.alone).quantize(CENT, ROUND_HALF_UP)
        quote.units, quote.least_units = share, max(least, CENT)
    else:
        quote.terms = Terms.FREE
    quote.quota_units = share
    quote.units_per_try = part.joint.units_per_try
    days = timedelta(days=line.quote.rule_version.quote_days)
    return _in_place_of(quote, until=timezone.now() + days)


def carried(line: Line, purse: Carrier, *, available: Decimal) -> Quote:
    """A line's quote again, where another purse than it names is to carry it; the line has it from now on.

    `available` is what the purse has before. What is counted, the rules and the validity stay.
    """
    quote = Quote.objects.get(pk=line.quote_id)
    step = carried_by(purse, quote.quota_units, quote.unit, available=available).stored()
    quote.explained = [step if _is_of_purse(row["id"]) else row for row in quote.explained]
    quote.purse, quote.purse_before = purse.purse, available
    line.quote = _in_place_of(quote, until=quote.expires_at)
    line.save(update_fields=["quote"])
    return line.quote


def _is_of_purse(step: str) -> bool:
    if step == "carried_by_means":
        return False
    return step.startswith("carried_by_") or step in {"purse_too_small", "no_purse"}


def _in_place_of(quote: Quote, *, until: datetime) -> Quote:
    """Keep changed values as a new quote, valid until then; the one they were read from binds no more."""
    now = timezone.now()
    was = Quote.objects.filter(pk=quote.pk, expires_at__gt=now)
    was.update(expires_at=max(now, quote.made_at + timedelta(microseconds=1)))
    quote.pk, quote.key, quote.reference = None, uuid.uuid4(), next_reference("D")
    quote.made_at, quote.expires_at = now, max(until, now + timedelta(microseconds=1))
    quote._state.adding = True
    quote.save(force_insert=True)
    return quote


def line_of(quote: Quote) -> Line | None:
    """The line that a quote became, also where another has taken the quote's place since."""
    lines = Line.objects.select_related("order")
    drafted = {"events__step": "draft", "events__facts__quote": quote.reference}
    mine = lines.filter(order__requester=quote.requester_id, **drafted)
    return lines.filter(quote=quote).first() or mine.first()


def _explained_share(quote: Quote, share: Decimal, parties: int) -> list[dict[str, Any]]:
    """The stored sum, with what the joint request takes off before what is counted."""
    values = {"parties": str(parties)}
    less = {"id": "joint_share", "amount": str(share - quote.units), "unit": quote.unit}
    rows: list[dict[str, Any]] = []
    for row in quote.explained:
        if row["id"] == "counted":
            rows.append(less | {"values": values})
            row = row | {"amount": str(share)}
        elif row["id"].startswith("carried_by_") and "before" in row["values"]:
            after = Decimal(row["values"]["before"]) - share
            row = row | {"amount": str(share), "values": row["values"] | {"after": str(after)}}
        rows.append(row)
    return rows


def beyond(quote: Quote, *, by: Actor) -> Quote:
    """Ask for the same again, and pay for what the quota does not carry. Raises what `make` raises."""
    if quote.requester_id != by.user.pk:
        raise NotFound("quote_unknown", _("There is no such quote."))
    return make(of_row(quote), by=by, beyond=True, project=quote.project)


@transaction.atomic
def again(found: Sequence[Quote], *, by: Actor) -> list[Quote]:
    """Ask once more for what has expired, priced by the rules, the purse and the shelf of now.

    One new quote for each, or none at all. Raises NotFound (another's quote) and what `make` raises.
    """
    if any(quote.requester_id != by.user.pk for quote in found):
        raise NotFound("quote_unknown", _("There is no such quote."))
    return [
        make(of_row(quote), by=by, beyond=quote.beyond, project=quote.project) for quote in found
    ]


def without(quote: Quote, products: Sequence[int], *, by: Actor) -> Quote:
    """Ask for the same again without what these products cover; they must have been offered with it.

    Raises NotFound (another's quote, a product not offered), Invalid (nothing_left, no_product), and
    what `make` raises.
    """
    if quote.requester_id != by.user.pk:
        raise NotFound("quote_unknown", _("There is no such quote."))
    if not products:
        raise Invalid("no_product", _("Choose at least one image to subtract."))
    offered = {int(one["product"]) for one in quote.available}
    if not set(products) <= offered:
        raise NotFound("product_not_offered", _("This image was not offered with the quote."))
    wish = of_row(quote)
    area = wish.area if wish.area is not None else quote.area
    chosen = tuple(sorted({*wish.without, *products}))
    return make(
        replace(wish, area=area, without=chosen), by=by, beyond=quote.beyond, project=quote.project
    )


def beyond_the_quota(quote: Quote) -> Charge | None:
    """What paying for the rest of a quote that the purse cannot carry would come to; None: not sold."""
    if quote.terms != Terms.QUOTA or not (quote.is_short or not quote.purse):
        return None
    purse = Purse(quote.purse_before or Decimal(0), beyond=True)
    found = charge(measure_of_quote(quote), quote.rule_version.rules, purse)
    return None if found.terms == Terms.REFUSED else found


def measure_of_quote(quote: Quote) -> Measure:
    """The pricing question that a quote answered."""
    sensor = quote.sensor
    return Measure(
        kind=quote.kind,
        sensor=SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2),
        category=quote.category,
        mode=quote.mode,
        asked_km2=quote.asked_km2 or quote.area_km2,
        served_km2=quote.area_km2,
        subtracted_km2=quote.subtracted_km2,
        tries=quote.tries,
        place=quote.place,
        is_cofunded=project_use.is_cofunded(quote.project),
    )


def apply(line: Line, quote: Quote) -> None:
    """Give a locked line a new quote, and the wish that it prices."""
    line.quote, line.proposed_quote = quote, None
    for name in WISH:
        setattr(line, name, getattr(quote, name))
    line.save(update_fields=["quote", "proposed_quote", *WISH])
    if line.is_tasking:
        # Another area or window may meet others' wishes, or no longer meet those it met.
        after_commit("orders.tasks.find_joint", line.pk)


def _priced(
    wish: Production | Tasking,
    *,
    requester: Any,
    organisation: Organisation,
    beyond: bool,
    project: Project | None = None,
    held: Decimal = Decimal(0),
    line: Line | None = None,
) -> Quote:
    now = timezone.now()
    found = evaluate(
        wish,
        requester=requester,
        organisation=organisation,
        beyond=beyond,
        held=held,
        project=project,
        line=line,
    )
    return Quote.objects.create(
        **found.columns,
        reference=next_reference("D"),
        requester=requester,
        organisation=organisation,
        project=project,
        category=organisation.category,
        made_at=now,
        expires_at=now + timedelta(days=found.version.quote_days),
    )

"""What a step books: the ledger moves and the money's life moves with it, under one key each.

Every key is made of the line and its quote (or attempt), so a retry finds its deed already done.
"""

from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotNow, WayOn
from orders.ledger import services as ledger
from orders.ledger.errors import QuotaTooSmall
from orders.models import Line, Quote
from orders.pricing.charge import SensorFacts, captured
from orders.pricing.words import Terms, Unit
from orders.services.history import move
from orders.services.purses import carrier
from orders.states import AttemptState, Money


def sensor_facts(line: Line | Quote) -> SensorFacts:
    sensor = line.sensor
    return SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2)


def hold(line: Line, *, by: Actor) -> None:
    """Hold what the quote counts on the first purse that may carry it; bill it where one pays.

    Raises QuotaTooSmall (available, required, ways on): nothing is changed then.
    """
    quote = line.quote
    if quote.terms == Terms.PAID:
        move(line, "money", "bill", by=by, price_eur=quote.price_eur)
        return
    _hold(line, quote.units, quote=quote, key=f"{line.reference}:hold:{quote.reference}", by=by)
    move(line, "money", "hold", by=by, units=quote.units, unit=quote.unit, purse=quote.purse)


def hold_difference(line: Line, *, quote: Quote, by: Actor) -> None:
    """Bring what is held to what another quote counts, more or less."""
    difference = quote.units - line.quote.units
    if line.money != Money.HELD or not difference:
        return
    if difference > 0:
        key = f"{line.reference}:hold:{quote.reference}"
        _hold(line, difference, quote=quote, key=key, by=by)
        move(line, "money", "hold_more", by=by, units=difference, unit=quote.unit)
        return
    key = f"{line.reference}:release:{quote.reference}"
    ledger.release(line.reference, amount=-difference, key=key, by=by, reason=line.reference)
    move(line, "money", "hold_less", by=by, units=-difference, unit=quote.unit)


def release(line: Line, *, by: Actor) -> None:
    """Give back everything that is held, or ask for payment no more; nothing held is nothing done."""
    if line.money == Money.DUE:
        move(line, "money", "void", by=by)
    if line.money == Money.HELD:
        units = ledger.held(line.reference)
        key = f"{line.reference}:release:{line.quote.reference}:all"
        ledger.release(line.reference, key=key, by=by, reason=line.reference)
        move(line, "money", "release", by=by, units=units, unit=line.quote.unit)


def settle(line: Line, *, by: Actor) -> None:
    """End a line without a delivery: what attempts have counted stays counted, the rest goes back."""
    counted = _counted(line)
    if line.money != Money.HELD or not counted:
        release(line, by=by)
        return
    units = ledger.held(line.reference)
    key = f"{line.reference}:release:{line.quote.reference}:rest"
    ledger.release(line.reference, key=key, by=by, reason=line.reference)
    unit = line.quote.unit
    move(line, "money", "capture", by=by, units=counted, unit=unit, released=units)


def settle_attempts(line: Line, *, by: Actor) -> None:
    """An image was accepted: attempts not used go back now; km² wait for the delivery."""
    if line.quote.unit == Unit.ATTEMPT:
        settle(line, by=by)


def count_attempt(line: Line, units: Decimal, *, number: int, by: Actor) -> None:
    """Count one attempt of a SPOT line, cloudy or not; Pléiades counts valid km² only."""
    if line.quote.unit != Unit.ATTEMPT or line.money != Money.HELD:
        return
    ledger.capture(
        line.reference,
        units,
        consumer=line.order.organisation_id,
        key=f"{line.reference}:attempt:{number}",
        by=by,
        reason=line.reference,
        rule_version=line.quote.rule_version.code,
    )
    move(line, "money", "count_attempt", by=by, units=units, unit=line.quote.unit, attempt=number)


def capture(line: Line, *, delivered_km2: Decimal, by: Actor) -> None:
    """Count what was delivered inside the area asked, and give the rest back (design rule 3)."""
    if line.money != Money.HELD:
        return
    quote, held = line.quote, ledger.held(line.reference)
    units = captured(
        delivered_km2,
        held=held,
        least_units=quote.least_units,
        sensor=sensor_facts(line),
        factor=quote.factor,
    )
    ledger.settle(
        line.reference,
        captured=units,
        consumer=line.order.organisation_id,
        key=f"{line.reference}:capture:{quote.reference}",
        by=by,
        reason=line.reference,
        rule_version=quote.rule_version.code,
    )
    move(line, "money", "capture", by=by, units=units, unit=quote.unit, released=held - units)


def _hold(line: Line, units: Decimal, *, quote: Quote, key: str, by: Actor) -> None:
    found = carrier(line.sensor_id, line.order.organisation, quote.rule_version.rules)
    if found is None:
        raise NotNow(
            "no_quota_open",
            _("No quota is open for %(sensor)s today. Ask the DINAMIS desk.")
            % {"sensor": line.sensor},
            ways_on=_ways_on(quote),
        )
    try:
        ledger.hold(
            found.accounts,
            units,
            line=line.reference,
            key=key,
            by=by,
            reason=line.reference,
            rule_version=quote.rule_version.code,
        )
    except QuotaTooSmall as refused:
        refused.ways_on = _ways_on(quote)
        raise


def _ways_on(quote: Quote) -> tuple[WayOn, ...]:
    existing = tuple(
        WayOn(
            _("Download “%(title)s”, which exists already") % {"title": product["title"]},
            reverse("product", args=[product["product"]]),
        )
        for product in quote.available[:1]
    )
    return (
        *existing,
        WayOn(_("Look for another image"), reverse("catalogue")),
        WayOn(_("See the quota"), reverse("quota")),
    )


def _counted(line: Line) -> Decimal:
    """What the attempts of a line have counted so far, in attempts; nothing where km² count."""
    if line.quote.unit != Unit.ATTEMPT:
        return Decimal(0)
    made = line.attempts.exclude(state__in=[AttemptState.PLANNED, AttemptState.MISSED])
    return made.aggregate(total=Sum("units"))["total"] or Decimal(0)

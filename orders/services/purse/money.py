"""What a step books: the ledger moves and the money's life moves with it, under one key each.

Every key is made of the line and its quote (or attempt), so a retry finds its deed already done.
"""

from dataclasses import replace
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from dinamis import formats
from dinamis.actors import Actor
from dinamis.errors import NotNow, WayOn
from orders.ledger import services as ledger
from orders.ledger.errors import QuotaTooSmall
from orders.models import Account, Line, Quote
from orders.pricing.charge import SensorFacts, captured
from orders.pricing.words import Unit
from orders.services.asking import quotes, reuse
from orders.services.lines.history import move, note
from orders.services.purse import shares
from orders.services.purse.purses import Carrier, carrier_of
from orders.states import Approval, AttemptState, Money
from orders.states.money import BILLED


def sensor_facts(line: Line | Quote) -> SensorFacts:
    sensor = line.sensor
    return SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2)


def hold(line: Line, *, by: Actor) -> None:
    """Hold the quota's share of the quote on the first purse that may carry it; bill what is paid.

    Raises QuotaTooSmall (available, required, ways on): nothing is changed then.
    """
    quote = line.quote
    key = f"{line.reference}:hold:{quote.reference}"
    if quote.quota_units > 0:
        _hold(line, quote.quota_units, quote=quote, key=key, by=by)
        quote = line.quote
    if quote.price_eur > 0:
        _bill(line, quote, by=by)
    elif quote.quota_units > 0:
        units, unit = quote.quota_units, quote.unit
        move(line, "money", "hold", by=by, units=units, unit=unit, purse=quote.purse)
    reuse.subtracted(line)


def hold_difference(line: Line, *, quote: Quote, by: Actor) -> None:
    """Bring what is held and what is billed to what another quote says, more or less."""
    if line.money not in {Money.HELD, Money.DUE, Money.NONE} or line.approval in {
        Approval.DRAFT,
        Approval.WAITING_QUOTA,
    }:
        return
    difference = quote.quota_units - ledger.held(line.reference)
    if difference > 0:
        key = f"{line.reference}:hold:{quote.reference}"
        _hold(line, difference, quote=quote, key=key, by=by)
    elif difference < 0:
        key = f"{line.reference}:release:{quote.reference}"
        ledger.release(line.reference, amount=-difference, key=key, by=by, reason=line.reference)
    if line.money == Money.DUE and not quote.price_eur:
        move(line, "money", "void", by=by)
    if quote.price_eur > 0:
        if line.money != Money.DUE:
            _bill(line, quote, by=by)
    elif line.money != Money.HELD and quote.quota_units > 0:
        move(line, "money", "hold", by=by, units=quote.quota_units, unit=quote.unit)
    elif difference:
        name = "hold_more" if difference > 0 else "hold_less"
        move(line, "money", name, by=by, units=abs(difference), unit=quote.unit)


def release(line: Line, *, by: Actor) -> None:
    """Give back everything that is held, ask for payment no more, owe back what was paid.

    Nothing held and nothing billed is nothing done.
    """
    units = ledger.held(line.reference)
    if units:
        key = f"{line.reference}:release:{line.quote.reference}:all"
        ledger.release(line.reference, key=key, by=by, reason=line.reference)
    if line.money == Money.HELD:
        move(line, "money", "release", by=by, units=units, unit=line.quote.unit)
    elif line.money == Money.PAID:
        move(line, "money", "owe_back", by=by, price_eur=line.quote.price_eur)
    elif line.money in BILLED:
        move(line, "money", "void", by=by)


def settle(line: Line, *, by: Actor) -> None:
    """End a line without a delivery: what attempts have counted stays counted, the rest goes back."""
    counted = _counted(line)
    if not counted or line.money not in BILLED | {Money.HELD}:
        release(line, by=by)
        return
    units = ledger.held(line.reference)
    key = f"{line.reference}:release:{line.quote.reference}:rest"
    ledger.release(line.reference, key=key, by=by, reason=line.reference)
    _say_captured(line, counted, released=units, by=by)


def settle_attempts(line: Line, *, by: Actor) -> None:
    """An image was accepted: attempts not used go back now; km² wait for the delivery."""
    if line.quote.unit == Unit.ATTEMPT:
        settle(line, by=by)


def count_attempt(line: Line, units: Decimal, *, number: int, by: Actor) -> None:
    """Count one attempt of a SPOT line, cloudy or not; Pléiades counts valid km² only."""
    if line.quote.unit == Unit.ATTEMPT and (part := shares.part_of(line)):
        shares.count_attempt(part.joint, units, number=number, by=by)
        return
    held = ledger.held(line.reference)
    if line.quote.unit != Unit.ATTEMPT or not (held or line.money == Money.HELD):
        return
    if line.money != Money.HELD:
        units = min(units, held)  # the quota's share counts first, what is paid counts nowhere
    ledger.capture(
        line.reference,
        units,
        consumer=line.order.organisation_id,
        key=f"{line.reference}:attempt:{number}",
        by=by,
        reason=line.reference,
        rule_version=line.quote.rule_version.code,
    )
    facts = {"units": units, "unit": line.quote.unit, "attempt": number}
    if line.money == Money.HELD:
        move(line, "money", "count_attempt", by=by, **facts)
    else:
        note(line, "count_attempt", by=by, **facts)


def capture(line: Line, *, delivered_km2: Decimal, by: Actor) -> None:
    """Count what was delivered inside the area asked, and give the rest back (design rule 3).

    Where a share is paid, the quota's share is counted first: what was paid stays paid.
    """
    quote, held = line.quote, ledger.held(line.reference)
    if not held:
        return
    units = captured(
        shares.delivered(line, delivered_km2),
        held=held + quote.paid_units,
        least_units=quote.least_units,
        sensor=replace(sensor_facts(line), unit=quote.unit),
        factor=quote.factor,
    )
    units = min(units, held)
    ledger.settle(
        line.reference,
        captured=units,
        consumer=line.order.organisation_id,
        key=f"{line.reference}:capture:{quote.reference}",
        by=by,
        reason=line.reference,
        rule_version=quote.rule_version.code,
    )
    _say_captured(line, units, released=held - units, by=by)


def _say_captured(line: Line, units: Decimal, *, released: Decimal, by: Actor) -> None:
    facts = {"units": units, "unit": line.quote.unit, "released": released}
    if line.money == Money.HELD:
        move(line, "money", "capture", by=by, **facts)
    else:
        note(line, "capture_share", by=by, **facts)


def _bill(line: Line, quote: Quote, *, by: Actor) -> None:
    facts = {"price_eur": quote.price_eur, "units": quote.paid_units, "unit": quote.unit}
    move(line, "money", "bill", by=by, held=quote.quota_units, **facts)


def _hold(line: Line, units: Decimal, *, quote: Quote, key: str, by: Actor) -> None:
    found = carrier_of(line, quote.rule_version.rules)
    if found is None:
        raise no_quota_open(line, ways_on=_ways_on(quote))
    try:
        held = ledger.hold(
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
    _name_purse(line, found.of(held[0].from_account_id), units)


def _name_purse(line: Line, purse: Carrier, units: Decimal) -> None:
    """Let the quote name the purse that carries it: it was made for another, or when that was too small."""
    quote = line.quote
    if units == quote.quota_units and (quote.purse != purse.purse or quote.is_short):
        left = Account.objects.values_list("balance", flat=True).get(pk=purse.first.pk)
        quotes.carried(line, purse, available=left + units)


def no_quota_open(line: Line, ways_on: tuple[WayOn, ...] = ()) -> NotNow:
    return NotNow(
        "no_quota_open",
        _("No quota is open for %(sensor)s today. Ask the DINAMIS desk.") % {"sensor": line.sensor},
        ways_on=ways_on,
    )


def _ways_on(quote: Quote) -> tuple[WayOn, ...]:
    existing = tuple(
        WayOn(
            _("Download “%(title)s”, which exists already")
            % {"title": formats.dated(product["title"])},
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
    of_share = shares.counted(line)
    if of_share is not None:
        return of_share
    made = line.attempts.exclude(state__in=[AttemptState.PLANNED, AttemptState.MISSED])
    return made.aggregate(total=Sum("units"))["total"] or Decimal(0)

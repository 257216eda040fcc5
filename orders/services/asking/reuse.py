"""What members already had and was used again: written down once for each choice, added up for the scheme."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Product, Sensor
from dinamis.actors import Actor
from dinamis.errors import NotFound, NotNow
from orders.models import Line, Quote, Reuse
from orders.pricing.charge import charge
from orders.services.asking import quotes


@dataclass(frozen=True, slots=True)
class Saved:
    """What one kind of choice saved of one sensor."""

    sensor: str
    kind: str
    label: str
    count: int
    km2: Decimal
    units: Decimal
    unit: str


@transaction.atomic
def instead(quote: Quote, *, product: Product, by: Actor) -> Reuse:
    """Use an existing image instead of ordering. Asked twice, it is one choice.

    Raises NotFound (another's quote, an image that was not offered with it), NotNow (ordered already).
    """
    if quote.requester_id != by.user.pk:
        raise NotFound("quote_unknown", _("There is no such quote."))
    told = next((one for one in quote.available if one["product"] == str(product.pk)), None)
    if told is None:
        raise NotFound("product_not_offered", _("This image was not offered with the quote."))
    if Line.objects.filter(quote=quote).exists():
        raise NotNow("quote_used", _("This quote is used already: it is an order."))
    overlap = Decimal(told["overlap_km2"])
    return _write(quote, Reuse.Kind.INSTEAD, km2=overlap, units=quote.quota_units, product=product)


def converted(line: Line, *, product: Product, overlap_km2: Decimal) -> None:
    """A waiting line took an image that had appeared."""
    said = {"km2": overlap_km2, "units": line.quote.quota_units, "product": product}
    _write(line.quote, Reuse.Kind.CONVERTED, line=line, **said)


def subtracted(line: Line) -> None:
    """A line was sent without the part that members have; the minimum may have taken the saving."""
    quote = line.quote
    if quote.subtracted_km2 <= 0:
        return
    whole = replace(
        quotes.measure_of_quote(quote),
        served_km2=quote.area_km2 + quote.subtracted_km2,
        subtracted_km2=Decimal(0),
    )
    units = max(charge(whole, quote.rule_version.rules).units - quote.units, Decimal(0))
    products = Product.objects.filter(pk__in=quote.without)
    product = products.first() if len(quote.without) == 1 else None
    km2 = quote.subtracted_km2
    _write(quote, Reuse.Kind.SUBTRACTED, line=line, km2=km2, units=units, product=product)


def figures(year: int | None = None) -> list[Saved]:
    """What was saved in a year (this one by default), by sensor and kind of choice."""
    year = year or timezone.localdate().year
    rows = (
        Reuse.objects.filter(at__year=year)
        .order_by("sensor__order", "kind", "unit")
        .values("sensor", "kind", "unit")
        .annotate(count=Count("pk"), km2=Sum("km2"), units=Sum("units"))
    )
    sensors = Sensor.objects.in_bulk()
    return [
        Saved(
            str(sensors[row["sensor"]]),
            row["kind"],
            str(Reuse.Kind(row["kind"]).label),
            row["count"],
            row["km2"],
            row["units"],
            row["unit"],
        )
        for row in rows
    ]


def table(saved: Iterable[Saved]) -> Iterator[list[Any]]:
    """The figures as rows, for `dinamis.sheets`."""
    yield [_("Sensor"), _("What was chosen"), _("Times"), _("Existing, in km²"), _("Not counted"),
           _("Unit")]  # fmt: skip
    for one in saved:
        yield [one.sensor, one.label, one.count, one.km2, one.units, one.unit]


def years() -> list[int]:
    """The years in which something was used again, the newest first."""
    found: list[date] = list(Reuse.objects.order_by("-at").dates("at", "year", order="DESC"))
    return [day.year for day in found]


def _write(quote: Quote, kind: str, *, km2: Decimal, units: Decimal, **more: Any) -> Reuse:
    made, _new = Reuse.objects.get_or_create(
        quote=quote,
        kind=kind,
        defaults={
            "sensor": quote.sensor,
            "organisation": quote.organisation,
            "person": quote.requester,
            "km2": km2,
            "units": units,
            "unit": quote.unit,
            "at": timezone.now(),
            **more,
        },
    )
    return made

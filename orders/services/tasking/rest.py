"""What came of a line on the map: the part of its area that is covered, and the part that remains."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.geo.convert import polygons_of, together
from dinamis.geo.pieces import pieces
from orders.models import Line, Quote
from orders.services.asking import quotes
from orders.services.asking.wishes import of_row
from orders.states import AcquisitionState, Supply

LEAST_KM2 = Decimal(1)  # slivers under this are the edge of an image, not a remainder
MOST_LINES = 20
ACCEPTED = [AcquisitionState.ACCEPTED, AcquisitionState.PRODUCED, AcquisitionState.DELIVERED]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Two shapes (EPSG:4326, or None where empty) that make the area asked, and the km² of each."""

    covered: Any
    remaining: Any
    covered_km2: Decimal
    remaining_km2: Decimal

    @property
    def is_partial(self) -> bool:
        return self.covered_km2 > 0 and self.remaining_km2 > 0

    @property
    def percent(self) -> float:
        """The share covered, in per cent."""
        whole = self.covered_km2 + self.remaining_km2
        return float(100 * self.covered_km2 / whole) if whole else 0.0


def coverage(line: Line) -> Coverage | None:
    """What is covered by the product delivered, or by images accepted; None before there is any."""
    images = [geo.to_shapely(one.footprint) for one in line.acquisitions.filter(state__in=ACCEPTED)]
    if line.supply == Supply.DELIVERED and line.product is not None:
        images = [geo.to_shapely(line.product.footprint)]
    if not images:
        return None
    area = geo.to_shapely(line.area)
    seen = shapely.union_all(images)
    covered = _parts(shapely.intersection(area, seen), Decimal("0.01"))
    remaining = _parts(shapely.difference(area, seen), LEAST_KM2)
    return Coverage(covered, remaining, _km2(covered), _km2(remaining))


def ask_for_rest(line: Line, *, by: Actor) -> list[Quote]:
    """Quotes for what remains, one per outline, under the rules of today; nothing is booked.

    The window is as long as it was and begins the day after tomorrow. Raises NotAllowed (another's
    line), NotNow (not over yet, nothing_remains), and what pricing refuses.
    """
    if by.user is None or line.order.requester_id != by.user.pk:
        raise NotAllowed("step_is_not_yours", _("Only the requester asks for the rest."))
    if not line.is_tasking or line.supply != Supply.DELIVERED:
        raise NotNow("not_delivered", _("The rest is asked once the image is delivered."))
    found = coverage(line)
    if found is None or not found.is_partial:
        raise NotNow("nothing_remains", _("Nothing remains of the area: all of it is covered."))
    starts_on = timezone.localdate() + timedelta(days=2)
    days = line.window_ends_on - line.window_starts_on
    wish = replace(
        of_row(line), starts_on=starts_on, ends_on=starts_on + days, without=(), area=None
    )
    parts = sorted(pieces(found.remaining), key=geo.area_km2, reverse=True)[:MOST_LINES]
    return [
        quotes.make(replace(wish, area=part), by=by, project=line.order.project)
        for part in parts
        if geo.area_km2(part) >= LEAST_KM2
    ]


def _parts(shape: Any, least: Decimal) -> Any:
    kept = [part for part in polygons_of(shape) if geo.area_km2(part) >= least]
    return together(kept) if kept else None


def _km2(shape: Any) -> Decimal:
    return geo.area_km2(shape) if shape is not None else Decimal(0)

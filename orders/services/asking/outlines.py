"""What a supplier takes of an area: one outline a line, no hole, at most 999 points; and the ways to get there.

A repair is offered with what it changes in km², and done only when it is chosen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis import geo
from dinamis.errors import Invalid, Refused
from dinamis.geo.convert import polygons_of, to_shapely
from dinamis.geo.pieces import pieces, without_holes
from dinamis.geo.repair import simplify_to
from dinamis.geo.rules import count_vertices

MOST_POINTS = 999  # Airbus's and UP42's published limit (domain.md 5)
MOST_LINES = 20
DATE_LINE = 180.0


class How(models.TextChoices):
    SPLIT = "split", gettext_lazy("One line for each outline")
    FILL = "fill", gettext_lazy("Fill the holes")
    CUT = "cut", gettext_lazy("Cut through the holes: one line for each piece")
    SIMPLIFY = "simplify", gettext_lazy("Draw it with fewer points")


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to put an area right: the lines it makes, its km², and what it adds or takes (signed)."""

    how: How | None
    shapes: tuple[Any, ...]
    km2: Decimal
    difference_km2: Decimal

    @property
    def lines(self) -> int:
        return len(self.shapes)


def check(geometry: Any) -> None:
    """Raise Invalid where an area is not one outline that a supplier takes; details count what is wrong."""
    parts = _parts(geometry)
    if len(parts) > 1 and not _is_cut_at_the_date_line(parts):
        raise Invalid(
            "area_several_outlines",
            _("A satellite is tasked over one outline a line; this area has %(parts)s.")
            % {"parts": len(parts)},
            parts=len(parts),
        )
    holes = sum(len(part.interiors) for part in parts)
    if holes:
        raise Invalid(
            "area_has_holes",
            _("A satellite is tasked over an outline without holes; this area has %(holes)s.")
            % {"holes": holes},
            holes=holes,
        )
    points = count_vertices(parts)
    if points > MOST_POINTS:
        raise Invalid(
            "area_too_detailed",
            _("An outline has at most %(limit)s points for the supplier; this one has %(points)s.")
            % {"limit": MOST_POINTS, "points": points},
            points=points,
            limit=MOST_POINTS,
        )


def trouble(geometry: Any) -> Invalid | None:
    """What is wrong with an area for a tasking, or None."""
    try:
        check(geometry)
    except Invalid as refused:
        return refused
    return None


def untouched(geometry: Any) -> Repair | None:
    """The area as it is, where that is one outline that a supplier takes."""
    if trouble(geometry) is not None:
        return None
    return Repair(None, (to_shapely(geometry),), geo.area_km2(to_shapely(geometry)), Decimal(0))


def repairs(geometry: Any) -> list[Repair]:
    """Every way to put an area right; each ends in outlines that `check` takes."""
    return list(_offered(geometry))


def repaired(geometry: Any, how: str) -> Repair:
    """One of the ways that are offered. Raises Invalid where it is not."""
    found = next((one for one in _offered(geometry) if one.how == how), None)
    if found is None:
        raise Invalid("repair_unknown", _("This repair is not offered for this area."))
    return found


def _offered(geometry: Any) -> Iterator[Repair]:
    parts = _parts(geometry)
    if trouble(geometry) is None:
        return
    before = geo.area_km2(to_shapely(geometry))
    holes = any(part.interiors for part in parts)
    several = len(parts) > 1 and not _is_cut_at_the_date_line(parts)
    ways: list[tuple[How, list[Any]]] = []
    if holes:
        ways += [
            (How.FILL, list(polygons_of(without_holes(geometry)))),
            (How.CUT, pieces(geometry)),
        ]
    elif several:
        ways.append((How.SPLIT, parts))
    else:
        ways.append((How.SIMPLIFY, parts))
    for how, shapes in ways:
        try:
            simple = tuple(_simple(one) for one in shapes)
        except Refused:
            continue
        if 1 <= len(simple) <= MOST_LINES and all(trouble(one) is None for one in simple):
            km2 = sum((geo.area_km2(one) for one in simple), Decimal(0))
            yield Repair(how, simple, km2, km2 - before)


def _simple(shape: Any) -> Any:
    """The shape with as many points as a supplier takes."""
    return simplify_to(shape, MOST_POINTS) if count_vertices([shape]) > MOST_POINTS else shape


def _parts(geometry: Any) -> list[Any]:
    return list(polygons_of(to_shapely(geometry)))


def _is_cut_at_the_date_line(parts: list[Any]) -> bool:
    """True for one outline that was cut in two where longitudes begin again."""
    return len(parts) == 2 and all(
        max(abs(part.bounds[0]), abs(part.bounds[2])) == DATE_LINE for part in parts
    )

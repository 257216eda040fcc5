"""Other requests for the same image that are under way: granted twice, one image would be paid for twice.

Taskings are compared by `orders.services.tasking.joint`; what was delivered already, by `existing`.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from dinamis import geo
from orders.models import Line
from orders.models.line import LineQuerySet
from orders.states import Approval, Supply

MOST = 6  # that are told of one line
ASKED = (
    Approval.AWAITING_REFERENT,
    Approval.SUBMITTED,
    Approval.TO_COMPLETE,
    Approval.TO_CONFIRM,
    Approval.OFFERED,
    Approval.ACCEPTED,
)
OVER = (Supply.DELIVERED, Supply.FAILED, Supply.CLOSED, Supply.STOPPED)


@dataclass(frozen=True, slots=True)
class Twin:
    """Another line for the same image; `share` is what it covers of the area asked here, in per cent."""

    line: Line
    share: Decimal


def under_way() -> LineQuerySet:
    """Lines that may still bring an image."""
    return Line.objects.filter(approval__in=ASKED).exclude(supply__in=OVER)


def twins_of(line: Line) -> list[Twin]:
    """The others under way for the image of a line over a part of its area, the larger part first."""
    if line.scene_id is None or not getattr(line, "has_twin", True):
        return []
    others = under_way().filter(scene=line.scene_id, area__intersects=line.area)
    found = others.exclude(pk=line.pk).select_related("order__organisation").order_by("pk")
    told = [Twin(one, _share(line, one)) for one in found[:50]]
    told = [one for one in told if one.share > 0]
    return sorted(told, key=lambda one: -one.share)[:MOST]


def marked(lines: LineQuerySet) -> LineQuerySet:
    """Lines with `has_twin`: whether another is under way for the same image, over a part of the area."""
    others = under_way().filter(scene=OuterRef("scene"), area__intersects=OuterRef("area"))
    return lines.annotate(has_twin=Exists(others.exclude(pk=OuterRef("pk"))))


def _share(line: Line, other: Line) -> Decimal:
    overlap = geo.overlap_km2(line.area, other.area)
    return min(Decimal(100), (100 * overlap / line.area_km2).quantize(Decimal("0.1")))

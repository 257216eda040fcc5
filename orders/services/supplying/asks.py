"""A line as a supplier reads it, and back from the row that keeps what was asked."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orders.models import Line, Supplier, SupplierService
from orders.suppliers.protocol import Ask

_INSTANTS = ("starts_at", "ends_at")


def of(line: Line, *, supplier: Supplier, reference: str) -> Ask:
    """The ask of a line under one reference. Its window is whole days of UTC, both ends included."""
    return Ask(
        reference=reference,
        kind=line.kind,
        sensor=line.sensor_id,
        area=_polygon(line),
        area_km2=line.area_km2,
        product=_product(line, supplier),
        purpose=line.order.purpose[:500],
        end_user=line.order.organisation.name,
        mode=line.mode,
        starts_at=_midnight(line.window_starts_on) if line.window_starts_on else None,
        ends_at=_midnight(line.window_ends_on + timedelta(days=1)) if line.window_ends_on else None,
        max_cloud=line.max_cloud,
        max_incidence=line.max_incidence,
        tries=line.tries,
        scene=line.scene.item_id if line.scene_id else "",
        options={name: str(value) for name, value in line.options.items()},
    )


def frozen(ask: Ask) -> dict[str, Any]:
    """The ask as JSON, for its row."""
    facts = asdict(ask) | {"area_km2": str(ask.area_km2)}
    for name in _INSTANTS:
        facts[name] = facts[name].isoformat() if facts[name] else None
    return facts


def thawed(facts: dict[str, Any]) -> Ask:
    """The ask that `frozen` wrote."""
    instants = {
        name: datetime.fromisoformat(facts[name]) if facts[name] else None for name in _INSTANTS
    }
    return Ask(**(facts | instants | {"area_km2": Decimal(facts["area_km2"])}))


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _polygon(line: Line) -> dict[str, Any]:
    """A Polygon where the area has one part: suppliers take nothing else."""
    area = line.area
    return json.loads(area[0].geojson if len(area) == 1 else area.geojson)


def _product(line: Line, supplier: Supplier) -> str:
    found = SupplierService.objects.filter(
        supplier=supplier, service=line.kind, sensor=line.sensor_id
    ).order_by("-starts_on")
    return found.values_list("product", flat=True).first() or ""

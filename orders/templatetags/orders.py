"""Values by a key that is itself a variable; amounts with their unit."""

from collections.abc import Mapping
from typing import Any

from django import template

from orders.pricing.explain import quantity as said

register = template.Library()


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value of a key, or ""."""
    return mapping.get(key, "")


@register.filter
def quantity(value: Any, unit: str) -> str:
    """An amount with its unit, in the active language."""
    return said(value, unit)


@register.simple_tag
def units_of(row: Any, sensor: Any) -> str:
    """What a row of the yearly report has of a sensor, with its unit."""
    return said(row.units.get(sensor.code, 0), sensor.unit)

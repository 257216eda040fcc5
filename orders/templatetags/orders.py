"""Looking a value up by a key that is itself a variable."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value of a key, or ""."""
    return mapping.get(key, "")

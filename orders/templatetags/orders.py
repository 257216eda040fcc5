"""Values by a key that is itself a variable; amounts with their unit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from dinamis import formats
from orders.pricing.explain import quantity as said
from orders.reference_words import in_language

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


@register.filter
def share(value: float) -> str:
    """A share between 0 and 1 as whole per cent; never 0 or 100 of what is only likely."""
    return formats.percent(min(max(round(value * 100), 1), 99), 0)


@register.filter
def relaxed(one: Any) -> str:
    """One relaxation of the odds in words: the ceiling moved, and where to."""
    said_by = {
        "window": lambda to: _("Window to %(to)s") % {"to": formats.day(to)},
        "cloud": lambda to: _("Cloud up to %(to)s") % {"to": formats.percent(to)},
        "incidence": lambda to: _("Incidence up to %(to)s°") % {"to": to},
        "tries": lambda to: _("%(to)s tries") % {"to": to},
    }
    return said_by[one.what](one.to)


@register.filter
def share_of_area(value: float) -> str:
    """A measured share between 0 and 1 as per cent."""
    return formats.percent(round(value * 100, 1))


@register.filter
def option_label(option: dict[str, Any]) -> str:
    """The words of an answer: ours in the reader's language, a study's as the desk wrote them."""
    return _(option["label"])


@register.filter
def option_says(option: dict[str, Any]) -> str:
    """What a study's option changes in the request."""
    said = []
    if "ends_on" in option:
        said.append(
            _("Window to %(to)s") % {"to": formats.day(date.fromisoformat(option["ends_on"]))}
        )
    if "max_cloud" in option:
        said.append(_("Cloud up to %(to)s") % {"to": formats.percent(option["max_cloud"])})
    if "max_incidence" in option:
        said.append(_("Incidence up to %(to)s°") % {"to": option["max_incidence"]})
    return " · ".join(said)


@register.filter
def silent_answer(question: Any) -> str:
    """The answer that silence gives."""
    return option_label(question.option(question.silence) or {"label": "–"})


@register.filter
def given_answer(question: Any) -> str:
    """The answer that was given."""
    return option_label(question.option(question.answer) or {"label": "–"})


@register.filter
def covers(overlap: str, area: Decimal) -> bool:
    """True when an image covers all of an area but for what rounding takes: a thousandth of it."""
    return Decimal(overlap) >= area * Decimal("0.999")


@register.filter
def signed(value: Any) -> str:
    """A difference with its sign, which never leaves it."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{formats.NBSP if sign else ''}{formats.number(abs(value))}"


@register.filter
def delivered_words(text: str) -> str:
    """A note of the rules in the reader's language, where it came with the application."""
    return in_language(text)


@register.filter
def signed_area(value: Any) -> str:
    """A difference of area with its sign."""
    return ("+ " if value > 0 else "− " if value < 0 else "") + formats.area(abs(value))

"""A version as people read it: its tables in words, what differs from another, what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis import formats
from orders.models import Line, Quote, RuleVersion
from orders.models.rule_rows import RuleRow
from orders.pricing.charge import Purse, charge
from orders.pricing.gaps import ANY
from orders.pricing.words import Terms
from orders.reference_words import in_language
from orders.services.asking.places import locate
from orders.services.asking.quotes import measure_of_quote
from orders.services.rules.rulebook import TABLES

LAST_LINES = 200  # lines that a version is tried on, besides the open quotes
MOST_QUOTES = 500
# What makes two rows of a table the same case; the other columns are what a version says of it.
KEYS: dict[str, tuple[str, ...]] = {
    "pricerow": ("category", "sensor_id", "kind", "place", "mode", "reach"),
    "minimumarea": ("sensor_id", "kind"),
    "unitrow": ("sensor_id", "kind"),
    "multiplier": ("mode",),
    "purseorder": ("purse",),
    "taskingdefault": ("sensor_id",),
    "licencerule": ("sensor_id",),
    "delay": ("sensor_id", "kind"),
    "placerow": ("place",),
    "ceiling": ("scope", "sensor_id", "category"),
    "contributoroffer": ("sensor_id", "eur"),
    "approvalrow": ("category", "sensor_id", "kind"),
    "targetrow": ("stage", "kind"),
    "secondpersonrule": ("sensor_id",),
    "carryrule": ("sensor_id", "account_kind"),
    "alertrule": ("sensor_id", "account_kind", "percent"),
    "pendingweight": ("stage",),
}
# The order in which a reader meets the tables, and what each is called.
TITLES: dict[str, Any] = {
    "pricerow": gettext_lazy("Prices"),
    "minimumarea": gettext_lazy("Minimum areas"),
    "unitrow": gettext_lazy("Units"),
    "multiplier": gettext_lazy("Multipliers of the modes"),
    "placerow": gettext_lazy("Places"),
    "ceiling": gettext_lazy("Ceilings"),
    "contributoroffer": gettext_lazy("Contributors' offers"),
    "purseorder": gettext_lazy("Order of the purses"),
    "taskingdefault": gettext_lazy("Tasking"),
    "licencerule": gettext_lazy("Licences"),
    "delay": gettext_lazy("Usual delays"),
    "approvalrow": gettext_lazy("Approved at once"),
    "targetrow": gettext_lazy("Targets of the desk"),
    "secondpersonrule": gettext_lazy("Modulations by one person"),
    "carryrule": gettext_lazy("Carry-over into the next period"),
    "alertrule": gettext_lazy("Alert levels"),
    "pendingweight": gettext_lazy("Weights of what is pending"),
}
HIDDEN = {"id", "version", "geometry", "is_assumed"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a version: its name, headings, and rows of cells; `changes` when compared."""

    name: str
    title: str
    headings: list[str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is new, gone or different: `what` names its case, `was` and `now` say it."""

    table: str
    kind: str
    what: str
    was: str
    now: str


@dataclass(slots=True)
class Sum:
    """What one sensor's quotes come to, before and after, in its unit and in euros."""

    sensor: str
    unit: str
    count: int = 0
    changed: int = 0
    refused: int = 0
    units: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    euros: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])


def tables(version: RuleVersion) -> list[Table]:
    """Every table of a version, readable."""
    return [table(version, name) for name in TITLES]


def table(version: RuleVersion, name: str) -> Table:
    model = TABLES[name]
    shown = [one for one in model._meta.concrete_fields if one.name not in HIDDEN]
    shown.sort(key=lambda one: one.name == "source")  # the source last, after what it says
    rows = [
        {
            "cells": [_said(row, one) for one in shown],
            "is_assumed": getattr(row, "is_assumed", False),
        }
        for row in _rows(version, model)
    ]
    headings = [str(one.verbose_name) for one in shown]
    return Table(name, str(TITLES[name]), headings, rows)


def changes(version: RuleVersion, since: RuleVersion | None) -> list[Change]:
    """What a version says otherwise than another, row by row, in the order of the tables."""
    if since is None:
        return []
    found = []
    for name in TITLES:
        model = TABLES[name]
        before, after = (_by_key(one, name, model) for one in (since, version))
        for key in dict.fromkeys((*before, *after)):
            was, now = before.get(key), after.get(key)
            if was is None or now is None:
                kind = "new" if was is None else "gone"
            elif _values(was, name) != _values(now, name):
                kind = "changed"
            else:
                continue
            found.append(
                Change(
                    table=str(TITLES[name]),
                    kind=kind,
                    what=_case(now or was, name),
                    was=_differing(was, now, name) if was else "",
                    now=_differing(now, was, name) if now else "",
                )
            )
    return found


def impact(version: RuleVersion) -> list[Sum]:
    """Price the open quotes and the last lines again under a version, and store nothing."""
    sums: dict[str, Sum] = {}
    for quote in _tried():
        one = sums.setdefault(quote.sensor_id, Sum(str(quote.sensor), quote.unit))
        one.count += 1
        after = _after(quote, version)
        units, euros = (quote.quota_units, quote.price_eur)
        one.units[0] += units
        one.euros[0] += euros
        if after is None or after.terms == Terms.REFUSED:
            one.refused += 1
            continue
        one.units[1] += after.quota_units
        one.euros[1] += after.price_eur
        one.changed += (after.quota_units, after.price_eur) != (units, euros)
    return list(sums.values())


def _after(quote: Quote, version: RuleVersion) -> Any:
    rules = version.rules
    measure = measure_of_quote(quote)
    purse = Purse(quote.purse_before or Decimal(0), beyond=True) if quote.beyond else None
    try:
        place = locate(quote.area, rules.zones).place
        return charge(_at(measure, place), rules, purse)
    except KeyError:  # a draft may still have gaps
        return None


def _at(measure: Any, place: str) -> Any:
    return type(measure)(
        **{name: getattr(measure, name) for name in measure.__slots__ if name != "place"},
        place=place,
    )


def _tried() -> Iterable[Quote]:
    """The quotes that may still be sent, and those of the last lines."""
    last = Line.objects.order_by("-pk").values_list("quote_id", flat=True)[:LAST_LINES]
    open_ones = Quote.objects.filter(expires_at__gt=timezone.now(), line=None)
    wanted = [*last, *open_ones.order_by("-pk").values_list("pk", flat=True)[:MOST_QUOTES]]
    return Quote.objects.filter(pk__in=wanted).select_related("sensor").order_by("sensor", "pk")


def _rows(version: RuleVersion, model: type[RuleRow]) -> models.QuerySet[Any]:
    related = [
        one.name for one in model._meta.concrete_fields if one.is_relation and one.name != "version"
    ]
    return model.objects.filter(version=version).select_related(*related)


def _by_key(version: RuleVersion, name: str, model: type[RuleRow]) -> dict[tuple[Any, ...], Any]:
    return {tuple(getattr(row, k) for k in KEYS[name]): row for row in _rows(version, model)}


def _told(name: str) -> list[Any]:
    """The columns that say something of a case."""
    keys = {key.removesuffix("_id") for key in KEYS[name]}
    hidden = HIDDEN - {"geometry", "is_assumed"}
    return [one for one in TABLES[name]._meta.concrete_fields if one.name not in keys | hidden]


def _values(row: Any, name: str) -> list[Any]:
    return [getattr(row, one.attname) for one in _told(name)]


def _differing(row: Any, other: Any, name: str) -> str:
    """What a row says that the other does not; all of it where there is no other."""
    said = [
        f"{one.verbose_name} {_said(row, one)}"
        for one in _told(name)
        if other is None or getattr(row, one.attname) != getattr(other, one.attname)
    ]
    return ", ".join(part for part in said if not part.endswith(" "))


def _case(row: Any, name: str) -> str:
    names = [key.removesuffix("_id") for key in KEYS[name]]
    fields = [row._meta.get_field(one) for one in names]
    said = [_said(row, one) for one in fields if getattr(row, one.attname) not in ("", None)]
    return ", ".join(said) or str(ANY)


def _said(row: Any, column: Any) -> str:
    """One cell in words: a choice by its label, a figure in the reader's language, "" in words."""
    value = getattr(row, column.name)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")()) if value else str(ANY)
    if column.name == "source":
        return in_language(value)
    if value is None:
        return str(ANY) if column.is_relation else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, models.DecimalField | models.FloatField | models.IntegerField):
        return formats.number(value)
    return _("changed") if column.name == "geometry" else str(value)

"""A CQL2 JSON filter, read as the two ceilings that a tasking has: cloud in %, incidence in degrees."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite
from typing import Any

from django.utils.translation import gettext as _

from dinamis.errors import Invalid

CLOUD, INCIDENCE = "eo:cloud_cover", "view:incidence_angle"
_COLUMNS = {CLOUD: "cloud", INCIDENCE: "incidence"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
MOST_TERMS = 20


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Whole per cent and degrees; None is the default of the rules."""

    cloud: int | None = None
    incidence: int | None = None

    def under(self, column: str, most: int) -> "Ceilings":
        """The stricter of what is known and `most`."""
        known = getattr(self, column)
        return replace(self, **{column: most if known is None else min(known, most)})


def read(said: Any) -> Ceilings:
    """The ceilings that a filter comes to; none for no filter.

    Read are comparisons of one of the two properties with a number, `between`, and `and`. Raises
    Invalid (filter_malformed, filter_not_served) for all else: a condition that cannot be kept is
    refused, and never left out.
    """
    if said in (None, {}):
        return Ceilings()
    found, waiting, seen = Ceilings(), [said], 0
    while waiting:
        term, seen = waiting.pop(), seen + 1
        if seen > MOST_TERMS:
            raise _malformed(_("This filter has too many conditions."))
        op, args = _parts(term)
        if op == "and":
            waiting.extend(args)
        elif op == "between":
            found = _between(found, args)
        elif op in _TURNED:
            found = _compared(found, op, args)
        else:
            raise _not_served(op[:40])
    return found


def write(cloud: int | None, incidence: int | None) -> dict[str, Any] | None:
    """The filter that says these ceilings, and reads back as them; None without any."""
    said = [
        {"op": "<=", "args": [{"property": name}, value]}
        for name, value in ((CLOUD, cloud), (INCIDENCE, incidence))
        if value is not None
    ]
    if not said:
        return None
    return said[0] if len(said) == 1 else {"op": "and", "args": said}


def _parts(term: Any) -> tuple[str, list[Any]]:
    if not isinstance(term, Mapping) or not isinstance(term.get("args"), list):
        raise _malformed(_("A CQL2 JSON filter is an object with “op” and “args”."))
    return str(term.get("op")), term["args"]


def _compared(found: Ceilings, op: str, args: list[Any]) -> Ceilings:
    if len(args) != 2:
        raise _malformed(_("A comparison has two arguments."))
    left, right = args
    if not isinstance(left, Mapping):
        left, right, op = right, left, _TURNED[op]
    return _bounded(found, _column(left), op, _number(right))


def _between(found: Ceilings, args: list[Any]) -> Ceilings:
    if len(args) != 3:
        raise _malformed(_("“between” has three arguments."))
    column, low, high = _column(args[0]), _number(args[1]), _number(args[2])
    return _bounded(_bounded(found, column, ">=", low), column, "<=", high)


def _bounded(found: Ceilings, column: str, op: str, number: float) -> Ceilings:
    if op in {">", ">="}:
        # From nothing upwards is no condition; a floor is one that nobody can promise.
        if number > 0 or (op == ">" and number == 0):
            raise _not_served(f"{op} {number:g}")
        return found
    if op == "=" and number != 0:
        raise _not_served(f"= {number:g}")
    if not -1_000 <= number <= 1_000:
        raise _malformed(_("This number is neither a share nor an angle."))
    return found.under(column, ceil(number) - 1 if op == "<" else floor(number))


def _column(said: Any) -> str:
    name = said.get("property") if isinstance(said, Mapping) else None
    if not isinstance(name, str) or name not in _COLUMNS:
        raise Invalid(
            "filter_not_served",
            _("A filter speaks of %(properties)s.") % {"properties": ", ".join(_COLUMNS)},
            properties=list(_COLUMNS),
            field="filter",
        )
    return _COLUMNS[name]


def _number(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise _malformed(_("A ceiling is a number."))
    try:
        number = float(said)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise _malformed(_("A ceiling is a number."))
    return number


def _malformed(sentence: str) -> Invalid:
    return Invalid("filter_malformed", sentence, field="filter")


def _not_served(what: str) -> Invalid:
    return Invalid(
        "filter_not_served",
        _("“%(what)s” cannot be promised: a filter sets ceilings, joined by “and”.")
        % {"what": what},
        field="filter",
    )

"""CQL2 as conditions of our SQL: read by the `cql2` package, translated here through the whitelist.

What is not understood is refused with its name (400); nothing is left out silently. Values travel
as parameters, names never reach the statement: `properties.PROPERTIES` gives the expression.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import cql2
from django.utils.translation import gettext as _

from catalogue.search.clauses import Clauses
from catalogue.stac import geometry
from catalogue.stac.instants import read_instant, read_interval
from catalogue.stac.properties import Kind, find
from dinamis import geo
from dinamis.errors import Malformed

MAX_TEXT = 8_000  # characters
MAX_DEPTH = 40  # the package's parser is recursive: 2,000 parentheses, or signs, end the process
MAX_NODES = 1_000
MAX_LISTED = 1_000
_UNCOMPARED = (None, Kind.GEOMETRY, Kind.TEXTS)
COMPARISONS = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_BESIDE = ("AND", "OR", ",")
_NESTING = re.compile(r"[(),]|\b(?:AND|OR|NOT|DIV|LIKE|IN|IS|BETWEEN)\b|[-+*/^%=<>]", re.IGNORECASE)
# What an instant or interval a has to do with b, by their ends.
_TEMPORAL = {
    "t_after": "{a0} > {b1}",
    "t_before": "{a0} < {b0}",
    "t_equals": "{a0} = {b0} AND {a0} = {b1}",
    "t_during": "{a0} > {b0} AND {a0} < {b1}",
    "t_intersects": "{a0} >= {b0} AND {a0} <= {b1}",
    "t_disjoint": "NOT ({a0} >= {b0} AND {a0} <= {b1})",
}


def from_text(text: str) -> Any:
    """CQL2 text as CQL2 JSON. Raises Malformed (filter_wrong)."""
    if len(text) > MAX_TEXT:
        raise wrong(_("A filter has at most %(limit)s characters.") % {"limit": MAX_TEXT})
    if _nesting(_QUOTED.sub("", text)) > MAX_DEPTH:
        raise _too_deep()
    try:
        return cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as fault:
        raise wrong(_("This filter cannot be read as CQL2.")) from fault


def _nesting(text: str) -> int:
    """How deep the parser may go at most: what is open, and the operators that follow one another there.

    `----1`, `NOT NOT NOT` and `a = 1 = 1` nest without a parenthesis; "and", "or" and commas stand side by side.
    """
    following, deep, deepest = [0], 0, 0
    for word in _NESTING.findall(text):
        if word == "(":
            following.append(0)
            deep += 1
        elif word == ")":
            deep -= following.pop() + (1 if following else 0)
            following = following or [0]
        elif word.upper() in _BESIDE:
            deep -= following[-1]
            following[-1] = 0
        else:
            following[-1] += 1
            deep += 1
        deepest = max(deepest, deep)
    return deepest


def conditions(written: Any) -> Clauses:
    """The conditions of a filter in CQL2 JSON. Raises Malformed (filter_wrong)."""
    made = Clauses()
    translator = _Translator(made)
    made.texts.append(translator.boolean(written, 0))
    return made


def wrong(sentence: str) -> Malformed:
    return Malformed("filter_wrong", sentence, field="filter")


def _too_deep() -> Malformed:
    return wrong(
        _("This filter is nested too deeply: %(limit)s is the limit.") % {"limit": MAX_DEPTH}
    )


class _Translator:
    """Walks an expression once; collects the values on the way."""

    def __init__(self, made: Clauses) -> None:
        self.made = made
        self.nodes = 0
        self.verbs: dict[str, Callable[[list[Any], int], str]] = {
            "and": lambda args, depth: self._joined(" AND ", args, depth),
            "or": lambda args, depth: self._joined(" OR ", args, depth),
            "not": self._negated,
            "like": self._like,
            "between": self._between,
            "in": self._listed,
            "isNull": self._is_null,
            "s_intersects": self._intersects,
            "a_overlaps": lambda args, depth: self._of_texts("&&", args),
            "a_contains": lambda args, depth: self._of_texts("@>", args),
        }

    def boolean(self, node: Any, depth: int) -> str:
        """An expression that is true, false or unknown."""
        self._count(depth)
        if isinstance(node, bool):
            return "TRUE" if node else "FALSE"
        if not isinstance(node, dict) or not isinstance(node.get("args"), list):
            raise wrong(_("A filter is made of operators with their arguments."))
        verb, args = node.get("op"), node["args"]
        if isinstance(verb, str) and verb in COMPARISONS:
            return self._compared(COMPARISONS[verb], args, depth)
        if isinstance(verb, str) and verb in _TEMPORAL:
            return self._temporal(_TEMPORAL[verb], args)
        if isinstance(verb, str) and verb in self.verbs:
            return self.verbs[verb](args, depth + 1)
        raise wrong(_("The operator “%(name)s” is not offered.") % {"name": str(verb)[:40]})

    def _count(self, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        if self.nodes > MAX_NODES:
            raise wrong(
                _("This filter has too many parts: %(limit)s is the limit.") % {"limit": MAX_NODES}
            )

    def _value(self, value: Any) -> str:
        """A parameter; its placeholder."""
        name = f"f{len(self.made.values)}"
        self.made.values[name] = value
        return f"%({name})s"

    def _joined(self, word: str, args: list[Any], depth: int) -> str:
        if not args:
            raise wrong(_("“and” and “or” join at least one condition."))
        return "(" + word.join(self.boolean(arg, depth) for arg in args) + ")"

    def _negated(self, args: list[Any], depth: int) -> str:
        [arg] = _exactly(args, 1)
        return f"(NOT {self.boolean(arg, depth)})"

    def _compared(self, sign: str, args: list[Any], depth: int) -> str:
        left, right = _exactly(args, 2)
        kind = _kind(left) or _kind(right)
        if kind in _UNCOMPARED:
            raise wrong(_("A comparison names one of the properties that can be asked."))
        return f"({self._scalar(left, kind)} {sign} {self._scalar(right, kind)})"

    def _scalar(self, node: Any, kind: Kind, depth: int = 0) -> str:
        """A property, a value, or a text without its case or accents."""
        self._count(depth)
        if isinstance(node, dict) and "property" in node:
            name = str(node["property"])
            found = find(name)
            if found is None:
                raise _unknown(name)
            if found.kind is not kind:
                raise wrong(_("“%(name)s” does not compare with that.") % {"name": name[:60]})
            return found.sql
        if isinstance(node, dict) and node.get("op") in ("casei", "accenti"):
            [inner] = _exactly(node.get("args"), 1)
            if kind is not Kind.TEXT:
                raise wrong(_("Only texts have case and accents."))
            function = "lower" if node["op"] == "casei" else "unaccent"
            return f"{function}({self._scalar(inner, kind, depth + 1)})"
        return self._value(_literal(node, kind)) + f"::{kind}"

    def _like(self, args: list[Any], depth: int) -> str:
        left, pattern = _exactly(args, 2)
        return f"({self._scalar(left, Kind.TEXT)} LIKE {self._scalar(pattern, Kind.TEXT)})"

    def _between(self, args: list[Any], depth: int) -> str:
        # Older drafts, which clients still send, have the two ends in a list of their own.
        if len(args) == 2 and isinstance(args[1], list):
            args = [args[0], *args[1]]
        value, low, high = _exactly(args, 3)
        kind = _kind(value)
        if kind is not Kind.NUMBER:
            raise wrong(_("“between” is for numbers."))
        parts = [self._scalar(node, kind) for node in (value, low, high)]
        return f"({parts[0]} BETWEEN {parts[1]} AND {parts[2]})"

    def _listed(self, args: list[Any], depth: int) -> str:
        value, several = _exactly(args, 2)
        if not isinstance(several, list) or len(several) > MAX_LISTED:
            raise wrong(_("“in” has a list of at most %(limit)s values.") % {"limit": MAX_LISTED})
        kind = _kind(value)
        if kind in _UNCOMPARED:
            raise wrong(_("A comparison names one of the properties that can be asked."))
        if any(isinstance(one, dict) and "op" in one for one in several):
            each = [self._scalar(one, kind) for one in several]
            return f"({self._scalar(value, kind)} IN ({', '.join(each)}))" if each else "FALSE"
        listed = self._value([_literal(one, kind) for one in several])
        return f"({self._scalar(value, kind)} = ANY({listed}::{kind}[]))"

    def _of_texts(self, sign: str, args: list[Any]) -> str:
        """A property of several texts, first, and a list of them: one in common, or all of the list."""
        left, several = _exactly(args, 2)
        if _kind(left) is not Kind.TEXTS or not isinstance(several, list):
            raise wrong(
                _("A list is compared with a property that has several texts, named first.")
            )
        if len(several) > MAX_LISTED:
            raise wrong(
                _("A filter has a list of at most %(limit)s texts.") % {"limit": MAX_LISTED}
            )
        listed = self._value([_literal(one, Kind.TEXT) for one in several])
        return f"({find(str(left['property'])).sql} {sign} {listed}::text[])"

    def _is_null(self, args: list[Any], depth: int) -> str:
        [node] = _exactly(args, 1)
        name = node.get("property") if isinstance(node, dict) else None
        found = find(str(name))
        if found is None:
            raise _unknown(str(name))
        return f"({found.sql} IS NULL)"

    def _intersects(self, args: list[Any], depth: int) -> str:
        left, right = _exactly(args, 2)
        if _kind(left) is not Kind.GEOMETRY:
            left, right = right, left
        if _kind(left) is not Kind.GEOMETRY:
            raise wrong(_("A place is compared with the property “geometry”."))
        if isinstance(right, dict) and isinstance(right.get("bbox"), list):
            made = geometry.read_box([_number(one) for one in right["bbox"]], where="filter")
        else:
            made = geometry.read(right, where="filter")
        return f"ST_Intersects(s.footprint, {self._value(geo.to_ewkb(made))}::geometry)"

    def _temporal(self, template: str, args: list[Any]) -> str:
        left, right = _exactly(args, 2)
        if _kind(left) is not Kind.INSTANT:
            raise wrong(_("Times compare a property, first, with an instant or an interval."))
        low, high = self._span(right)
        return "(" + template.format(a0=self._scalar(left, Kind.INSTANT), b0=low, b1=high) + ")"

    def _span(self, node: Any) -> tuple[str, str]:
        if isinstance(node, dict) and isinstance(node.get("interval"), list):
            ends = [one if isinstance(one, str) else _instant_text(one) for one in node["interval"]]
            if len(ends) != 2:
                raise wrong(_("An interval has a beginning and an end."))
            low, high = _told(lambda: read_interval("/".join(ends)))
            return (
                self._value(low) + "::timestamptz" if low else "'-infinity'::timestamptz",
                self._value(high) + "::timestamptz" if high else "'infinity'::timestamptz",
            )
        instant = self._scalar(node, Kind.INSTANT)
        return instant, instant


def _exactly(args: Any, number: int) -> list[Any]:
    if not isinstance(args, list) or len(args) != number:
        raise wrong(_("An operator of this filter has not the arguments that it needs."))
    return args


def _kind(node: Any) -> Kind | None:
    """What a node is about, when a property stands in it."""
    if not isinstance(node, dict):
        return None
    if node.get("op") in ("casei", "accenti"):
        return Kind.TEXT
    if "property" not in node:
        return None
    found = find(str(node["property"]))
    if found is None:
        raise _unknown(str(node["property"]))
    return found.kind


def _literal(node: Any, kind: Kind) -> Any:
    """A value of this kind, or Malformed."""
    if kind is Kind.NUMBER:
        return _number(node)
    if kind is Kind.TEXT and isinstance(node, str) and "\x00" not in node:
        return node
    if kind is Kind.INSTANT:
        text = node if isinstance(node, str) else _instant_text(node)
        return _told(lambda: read_instant(text)).at
    raise wrong(_("“%(value)s” does not compare with that.") % {"value": json.dumps(node)[:60]})


def _instant_text(node: Any) -> str:
    for word in ("timestamp", "date"):
        if isinstance(node, dict) and isinstance(node.get(word), str):
            return node[word]
    raise wrong(_("An instant is written such as 2019-10-28T14:10:11Z."))


def _number(node: Any) -> float:
    if isinstance(node, int | float) and not isinstance(node, bool) and math.isfinite(node):
        return float(node)
    raise wrong(_("“%(value)s” is not a number.") % {"value": str(node)[:60]})


def _told(read: Callable[[], Any]) -> Any:
    """Tell of a time in a filter as a fault of the filter."""
    try:
        return read()
    except Malformed as fault:
        raise wrong(str(fault.sentence)) from fault


def _unknown(name: str) -> Malformed:
    return wrong(
        _("There is no property “%(name)s” to ask: /stac/queryables lists them.")
        % {"name": name[:60]}
    )

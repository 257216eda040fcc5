"""The older `query` extension, which EODAG still speaks, told as CQL2."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.stac.properties import Kind, find
from dinamis.errors import Malformed

MAX_PROPERTIES = 50
_COMPARED = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_LIKE = {"startsWith": "{}%", "endsWith": "%{}", "contains": "%{}%"}


def as_cql2(query: Any) -> dict[str, Any]:
    """`{"eo:cloud_cover": {"lt": 10}}` as CQL2 JSON. Raises Malformed (query_wrong)."""
    if not isinstance(query, dict) or len(query) > MAX_PROPERTIES:
        raise _wrong(_('“query” has a property and its operators: {"gsd": {"lt": 1}}.'))
    made = []
    for name, operators in query.items():
        if not isinstance(operators, dict):
            raise _wrong(_("“%(name)s” needs an operator, such as eq.") % {"name": name[:60]})
        made += [_one(name, operator, value) for operator, value in operators.items()]
    return {"op": "and", "args": made or [True]}


def _one(name: str, operator: str, value: Any) -> dict[str, Any]:
    asked = {"property": name}
    found = find(name)
    if found is not None and found.kind is Kind.NUMBER and isinstance(value, str):
        value = _number(value)
    if operator in _COMPARED:
        return {"op": _COMPARED[operator], "args": [asked, value]}
    if operator in _LIKE and isinstance(value, str):
        plain = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {"op": "like", "args": [asked, _LIKE[operator].format(plain)]}
    if operator == "in" and isinstance(value, list):
        return {"op": "in", "args": [asked, value]}
    raise _wrong(_("The operator “%(name)s” is not offered.") % {"name": operator[:40]})


def _number(text: str) -> Any:
    """pystac-client sends its `gsd<1` with the figure as a text."""
    try:
        return float(text)
    except ValueError:
        return text


def _wrong(sentence: str) -> Malformed:
    return Malformed("query_wrong", sentence, field="query")

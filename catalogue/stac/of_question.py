"""A question of the workbench as the body of a STAC search, so that what is saved can be read by programs."""

from typing import Any

from catalogue.search import files
from catalogue.search.bounds import BOUNDS
from catalogue.search.question import Availability, Question
from dinamis import geo

_STATUS = {Availability.DOWNLOAD: "succeeded", Availability.PRODUCE: "orderable"}


def body(question: Question) -> dict[str, Any]:
    """Everything but order and page."""
    made: dict[str, Any] = {}
    if question.identifiers:
        return {"ids": list(question.identifiers)}
    if question.terms:
        made["q"] = [*question.terms]
    if question.area is not None:
        made["intersects"] = geo.to_mapping(question.area)
    if question.starts_on or question.ends_on:
        begins = f"{question.starts_on}T00:00:00Z" if question.starts_on else ".."
        stops = f"{question.ends_on}T23:59:59.999999Z" if question.ends_on else ".."
        made["datetime"] = f"{begins}/{stops}"
    if parts := _filter(question):
        made["filter-lang"] = "cql2-json"
        made["filter"] = parts[0] if len(parts) == 1 else {"op": "and", "args": parts}
    return made


def _filter(question: Question) -> list[dict[str, Any]]:
    parts = []
    if question.max_cloud is not None:
        parts.append(_compared("<=", "eo:cloud_cover", question.max_cloud))
    for bound in BOUNDS:
        if bound.name in question.bounds:
            parts.append(bound.in_cql2(question.bounds[bound.name]))
    if question.sensors:
        parts.append(_compared("in", "constellation", list(question.sensors)))
    if question.platforms:
        parts.append(_compared("in", "platform", list(question.platforms)))
    if question.collections:
        parts.append(_compared("in", "collection", list(question.collections)))
    if words := files.asked(question.levels, question.bands):
        parts.append(_compared("a_overlaps", "dinamis:products", words))
    if question.stereo_only:
        parts.append(_compared("<>", "dinamis:stereo", "mono"))
    if status := _STATUS.get(question.availability):
        parts.append(_compared("=", "order:status", status))
    return parts


def _compared(verb: str, name: str, value: Any) -> dict[str, Any]:
    return {"op": verb, "args": [{"property": name}, value]}

"""The classification at work: which rows are a person's, what is copied of them, what erasing does.

A row is somebody's when a foreign key to the person says so, whatever its name, but for those that say
who acted (`by_user`, `…_by`); a room adds what hangs otherwise in `OWNED` of its `personal.py`: model →
lookup → the person's attribute it must equal.
"""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model, Q, QuerySet

from dinamis.histories import is_append_only
from dinamis.personal import NONE, OTHERS, Personal

ROOMS = ("dinamis", "accounts", "catalogue", "orders")


class Act(StrEnum):
    """What erasing a person does to a field, read from the first words of its line."""

    KEEP = "stays"
    FILE = "the file is deleted"  # by the service that keeps the file
    DELETE = "deleted"  # the whole row
    BLANK = "blanked"
    DEFAULT = "back to the usual one"
    LABEL = "replaced by “erased person”"
    ADDRESS = "replaced by a random address"
    UNUSABLE = "made unusable"


# Rows that a period ends, not the person's wish.
LATER = ("deleted when", "deleted with the row")


def act_of(model: type[Model], line: Personal) -> Act:
    """What becomes of a field; a history is never changed, whatever the line says."""
    if is_append_only(model) or line.erasing.startswith(LATER):
        return Act.KEEP
    for act in Act:
        if line.erasing.startswith(act):
            return act
    raise ValueError(f"{model._meta.label}: no act begins with {line.erasing!r}")


def lines_of(model: type[Model]) -> dict[str, Personal]:
    """The lines of one model, by field."""
    label = model._meta.app_label
    if label not in ROOMS:
        return OTHERS.get(model._meta.label, {})
    return import_module(f"{label}.personal").CLASSIFICATION.get(model.__name__, {})


def models() -> Iterator[type[Model]]:
    """Every classified model, in the order of its label."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        if lines_of(model):
            yield model


def rows_of(model: type[Model], person: Any) -> QuerySet[Any]:
    """The rows of a table that are this person's."""
    if isinstance(person, model):
        return model._default_manager.filter(pk=person.pk)
    mine = Q(pk__in=[])
    for lookup, attribute in _lookups(model):
        mine |= Q(**{lookup: getattr(person, attribute)})
    return model._default_manager.filter(mine)


def copied(person: Any) -> dict[str, list[dict[str, Any]]]:
    """Everything that is the person's, by table, without digests and keys."""
    found = {}
    for model in models():
        lines = lines_of(model)
        if all(line is NONE for line in lines.values()):
            continue
        names = [name for name, line in lines.items() if line.category != "secret"]
        fields = [field for field in model._meta.concrete_fields if field.name in names]
        rows = [
            {field.name: _plain(field.value_from_object(row)) for field in fields}
            for row in rows_of(model, person).order_by("pk").iterator()
        ]
        if rows:
            found[model._meta.label] = rows
    return found


def erase(person: Any, *, address: str, label: str) -> dict[str, int]:
    """Do to each field of the person's rows what its line says; return how many rows, by table.

    The person's own row comes last: others are found through it. Files are their services' work.
    """
    done = {}
    for model in sorted(models(), key=lambda model: isinstance(person, model)):
        acts = {name: act_of(model, line) for name, line in lines_of(model).items()}
        rows = rows_of(model, person)
        if Act.DELETE in acts.values():
            count = rows.delete()[0]
        else:
            new = {
                name: _blank(model._meta.get_field(name), act, address=address, label=label)
                for name, act in acts.items()
                if act not in {Act.KEEP, Act.FILE}
            }
            count = rows.update(**new) if new else 0
        if count:
            done[model._meta.label] = count
    return done


def kept(person: Any) -> list[str]:
    """The tables that will still hold a row of this person's, by their names for people."""
    return [
        str(model._meta.verbose_name_plural)
        for model in models()
        if not isinstance(person, model)
        and Act.DELETE not in {act_of(model, line) for line in lines_of(model).values()}
        and rows_of(model, person).exists()
    ]


def _lookups(model: type[Model]) -> Iterator[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        to_person = (
            field.is_relation and field.related_model._meta.label == settings.AUTH_USER_MODEL
        )
        if to_person and field.name != "by_user" and not field.name.endswith("_by"):
            yield field.name, "pk"
    label = model._meta.app_label
    room = import_module(f"{label if label in ROOMS else 'dinamis'}.personal")
    key = model.__name__ if label in ROOMS else model._meta.label
    yield from getattr(room, "OWNED", {}).get(key, {}).items()


def _blank(field: Any, act: Act, *, address: str, label: str) -> Any:
    simple: dict[Act, Callable[[], Any]] = {
        Act.LABEL: lambda: label,
        Act.ADDRESS: lambda: address,
        Act.UNUSABLE: lambda: "!",  # what Django writes for a password that fits nothing
        Act.DEFAULT: field.get_default,
    }
    if act in simple:
        return simple[act]()
    return None if field.null else ""


def _plain(value: Any) -> Any:
    if isinstance(value, GEOSGeometry):
        return json.loads(value.geojson)
    return value.hex() if isinstance(value, (bytes, memoryview)) else value

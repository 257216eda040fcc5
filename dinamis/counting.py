"""Several counts in one query: a page's counters are many, and each trip to the database costs its own."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from dinamis.compiled import Statement, keys_of, prepared

Rows = QuerySet[Any] | Statement


def count_all(found: Sequence[Rows]) -> list[int]:
    """How many rows each of these has, in the order given; one query for them all, none for none."""
    totals = [0] * len(found)
    parts: list[str] = []
    places: list[int] = []
    values: list[Any] = []
    for place, rows in enumerate(found):
        try:
            sql, params = rows if isinstance(rows, Statement) else keys_of(rows)
        except EmptyResultSet:
            continue
        # Django's own SQL with its parameters apart: nothing that anybody typed is in it.
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
        places.append(place)
        values.extend(params)
    if parts:
        with _cursor(found) as cursor:
            cursor.execute("SELECT " + ", ".join(parts), values)
            for place, number in zip(places, cursor.fetchone(), strict=True):
                totals[place] = number
    return totals


def _cursor(found: Sequence[Rows]) -> AbstractContextManager[Any]:
    """Statements that were written once are planned once too; a queryset is another each time."""
    written_once = all(isinstance(rows, Statement) for rows in found)
    return prepared(connection) if written_once else connection.cursor()

"""Several counts in one query: a page's counters are many, and each trip to the database costs its own."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_all(found: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each queryset has, in the order given; one query for them all, none for none."""
    totals = [0] * len(found)
    parts: list[str] = []
    places: list[int] = []
    values: list[Any] = []
    for place, rows in enumerate(found):
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        # Django's own SQL with its parameters apart: nothing that anybody typed is in it.
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
        places.append(place)
        values.extend(params)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), values)
            for place, number in zip(places, cursor.fetchone(), strict=True):
                totals[place] = number
    return totals

"""The aggregation extension: which figures there are, their SQL over the scenes that match, how they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from catalogue.stac.instants import written
from dinamis.errors import Malformed


class Sort(StrEnum):
    """What a figure is."""

    NUMBER = "integer"
    INSTANT = "datetime"
    NAMES = "frequency_distribution"
    INSTANTS = "datetime_frequency"
    SHARES = "numeric_frequency"


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`sql` is the figure, or the key of its buckets."""

    name: str
    sort: Sort
    sql: str
    step: int = 0  # how wide a numeric bucket is

    @property
    def is_distribution(self) -> bool:
        return self.sort not in (Sort.NUMBER, Sort.INSTANT)


# 100 % is in the last ten; what is not said is in none.
_TENS = "CASE WHEN s.cloud_cover = 100 THEN 90 ELSE floor(s.cloud_cover / 10)::int * 10 END"
_FIVES = "floor(abs(s.incidence) / 5)::int * 5"
AGGREGATIONS = {
    one.name: one
    for one in (
        Aggregation("total_count", Sort.NUMBER, "count(*)"),
        Aggregation("datetime_min", Sort.INSTANT, "min(s.datetime)"),
        Aggregation("datetime_max", Sort.INSTANT, "max(s.datetime)"),
        Aggregation("collection_frequency", Sort.NAMES, "s.collection_id"),
        Aggregation("platform_frequency", Sort.NAMES, "s.platform_id"),
        Aggregation("stereo_frequency", Sort.NAMES, "s.stereo"),
        Aggregation("datetime_frequency", Sort.INSTANTS, "date_trunc('month', s.datetime, 'UTC')"),
        Aggregation("cloud_cover_frequency", Sort.SHARES, _TENS, 10),
        Aggregation("incidence_angle_frequency", Sort.SHARES, _FIVES, 5),
    )
}
USUAL = ("total_count",)


def read(names: Sequence[str]) -> list[Aggregation]:
    """Those asked for, each once. Raises Malformed (aggregation_unknown)."""
    asked = dict.fromkeys(names or USUAL)
    for name in asked:
        if name not in AGGREGATIONS:
            raise Malformed(
                "aggregation_unknown",
                _("There is no aggregation “%(name)s”: /stac/aggregations lists them.")
                % {"name": name[:60]},
                field="aggregations",
            )
    return [AGGREGATIONS[name] for name in asked]


def statement(asked: Sequence[Aggregation]) -> str:
    """One reading of the scenes that match ({where}), each figure a column; buckets as (key, number)."""
    columns = [
        (_BUCKETS if one.is_distribution else _FIGURE).replace("{sql}", one.sql) for one in asked
    ]
    return _FOUND.replace("{columns}", ", ".join(columns))


def told(one: Aggregation, value: Any) -> dict[str, Any]:
    """One figure as STAC writes it."""
    if not one.is_distribution:
        shown = written(value) if isinstance(value, datetime) else value
        return {"name": one.name, "data_type": one.sort.value, "value": shown}
    return {
        "name": one.name,
        "data_type": "frequency_distribution",
        "overflow": 0,
        "buckets": [_bucket(one, key, number) for key, number in value or ()],
    }


def _bucket(one: Aggregation, key: Any, number: int) -> dict[str, Any]:
    made = {"key": str(key), "data_type": "string", "frequency": number}
    if one.sort is Sort.INSTANTS:
        return made | {"key": written(datetime.fromisoformat(key)), "data_type": "datetime"}
    if one.sort is Sort.SHARES:
        return made | {"data_type": "numeric", "from": key, "to": key + one.step}
    return made


_FOUND = """
WITH found AS MATERIALIZED (
  SELECT s.datetime, s.collection_id, s.platform_id, s.stereo, s.cloud_cover, s.incidence
  FROM catalogue_scene s WHERE {where}
)
SELECT {columns}
"""
_FIGURE = "(SELECT {sql} FROM found s)"
_BUCKETS = """(
  SELECT jsonb_agg(jsonb_build_array(b.key, b.number) ORDER BY b.key)
  FROM (SELECT {sql} AS key, count(*) AS number FROM found s GROUP BY 1) b WHERE b.key IS NOT NULL
)"""

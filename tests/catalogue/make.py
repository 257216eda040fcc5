"""Short ways to scenes, areas and questions."""

import itertools
import math
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.http import QueryDict
from shapely.geometry import Polygon, box

from catalogue.models import Collection, Platform, Product, SavedArea, Scene
from catalogue.search.question import Question, parse
from catalogue.services import areas, scenes
from catalogue.services.scenes import Figures
from dinamis import geo
from dinamis.actors import Actor

TODAY = date(2026, 11, 22)
BY = Actor.system("tests")
MAHURY = (-52.33503, 4.94148), (-52.29688, 4.94741), (-52.26466, 4.9313), (-52.24856, 4.90333), (-52.23923, 4.87535), (-52.22397, 4.85839), (-52.23923, 4.84059), (-52.26466, 4.84228), (-52.27908, 4.86517), (-52.2901, 4.89654), (-52.31553, 4.91096)  # fmt: skip  # noqa: E501
_numbers = itertools.count(1)


def scene(
    *,
    lon: float = -52.3,
    lat: float = 4.9,
    at: datetime = datetime(2019, 10, 28, 14, 10, 11, tzinfo=UTC),
    platform: str = "PHR1A",
    half: float = 0.09,
    footprint: Polygon | None = None,
    **figures: Any,
) -> Scene:
    """A complete scene: a square of 2 × `half` degrees around a place, 10 % of cloud."""
    satellite = Platform.objects.get(code=platform)
    number = next(_numbers)
    stamp = f"{at:%Y%m%d%H%M%S}{at.microsecond // 100_000}"
    middle = "FR1_PX" if satellite.sensor_id == "pleiades" else "FR1_FR1_FR1_FR1"
    tail = f"{number % 12 + 1:02d}11_{number:05d}" if middle == "FR1_PX" else f"{number:05d}"
    cell = _cell(lon, lat)
    return scenes.add(
        item_id=f"DS_{platform}_{stamp}_{middle}_{cell}_{tail}",
        acquired_at=at,
        footprint=footprint or box(lon - half, lat - half, lon + half, lat + half),
        footprint_source=Scene.FootprintSource.SUPPLIER,
        figures=Figures(**{"cloud_cover": 10.0, "incidence": 5.0, **figures}),
        platform=satellite,
        collection=Collection.objects.get(code=satellite.sensor_id),
        by=BY,
    )


def _cell(lon: float, lat: float) -> str:
    west, south = math.floor(lon), math.floor(lat)
    return f"{'W' if west < 0 else 'E'}{abs(west):03d}{'S' if south < 0 else 'N'}{abs(south):02d}"


def product(
    of: Scene, *, footprint: Polygon | None = None, licence: str = "pleiades", **facts: Any
) -> Product:
    """A published product of a scene, without files; its licence must exist."""
    shape = footprint or geo.to_shapely(of.footprint)
    return Product.objects.create(
        scene=of,
        delivery_key=str(uuid.uuid4()),
        footprint=geo.to_geos(shape, multi=True),
        area_km2=geo.area_km2(shape),
        licence_id=licence,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        **{"by_part": "tests", "title": "An ortho image", "level": "ortho", **facts},
    )


def area(shape: Any = None, *, owner: Any = None, name: str = "") -> SavedArea:
    """A saved area: the mouth of the Mahury (63.4 km²) unless told otherwise."""
    by = Actor.of(owner) if owner else BY
    return areas.save(geo.check_area(shape or Polygon(MAHURY)), name=name, by=by)


def question(query: str = "", area: Any = None) -> Question:
    """The question of an address, over a shapely area."""
    asked = parse(QueryDict(query), today=TODAY)
    return asked.with_area(geo.to_multi(area)) if area is not None else asked


def file(folder: Path, name: str, text: str) -> Path:
    """A text file to upload."""
    path = folder / name
    path.write_text(text)
    return path

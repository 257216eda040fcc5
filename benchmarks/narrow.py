"""Questions that words, names and files lead, among all scenes: as a person asks them, and as a program does."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks import Measurement, Scale, at_most, exactly, p95
from benchmarks._harvests import timed
from benchmarks._loading import FULL, loaded
from benchmarks._scenes import later
from benchmarks._shapes import SHAPES, Asked
from benchmarks._shapes import asked as drawn

NEEDS = "reference"
SIZES = {"small": 200_000, "full": FULL}
ROUNDS = 15
BATCH = 2_000
# Products of the archive: few, as many as members have, then more than a search begins from.
HOLDINGS = {"small": (1_000, 12_000), "full": (9_000, 60_000, 120_000)}
PERSON_MS, PROGRAM_MS = 1_000, 200


@dataclass(frozen=True, slots=True)
class Led:
    """`query` as the workbench's address has it; `{name}` stands for an image's. `area` names a shape's places."""

    query: str
    area: str = ""

    @property
    def name(self) -> str:
        return f"{self.query} {self.area or 'world'}"


WORDED = (
    Led("words={name}"),
    Led("words=spot 5"),
    Led("words=pleiades"),
    Led("words=pleiades", "département"),
    Led("words=nothing is called so"),
    Led("words=spot&cloud=10&from=1995-01-01&to=1999-12-31", "France"),
)
OF_FILES = (
    Led("level=ortho"),
    Led("level=ortho", "département"),
    Led("level=mosaic"),
    Led("level=mosaic", "France"),
    Led("bands=pan&cloud=10", "France"),
    Led("level=ortho&bands=pms&from=1995-01-01&to=1999-12-31"),
    Led("have=download", "département"),
    Led("have=download&satellite=PHR1A"),
    Led("have=produce&cloud=10", "département"),
)


def run(scale: Scale) -> Iterator[Measurement]:
    """Words first, then files where few images have some, then where many have."""
    # BENCH_SCENES: another size than the two, for a machine that is shared.
    size = int(os.environ.get("BENCH_SCENES") or SIZES[scale])
    yield Measurement("scenes", size, "scenes")
    yield from loaded(size)
    yield from _both_ways(WORDED, size, "")
    made = 0
    for number in HOLDINGS[scale]:
        _produce(size, made, number)
        made = number
        yield from _both_ways(OF_FILES, size, f", {number:,} products")


def _both_ways(several: Sequence[Led], size: int, among: str) -> Iterator[Measurement]:
    """Each question at several places, warm: a page with its count and bars, and a program's page with its count."""
    search, stac = later("catalogue.services.search"), later("catalogue.services.stac")
    visitor = later("django.contrib.auth.models").AnonymousUser()
    compared = equal = 0
    for led in several:
        of_person: list[float] = []
        of_program: list[float] = []
        anew: list[float] = []  # what nobody asked before since somebody wrote
        stopped = 0
        for number in range(ROUNDS):
            question, body = _asked(led, number, size)
            for times in (anew, of_person):
                page = timed(partial(search.ask, question, user=visitor, size=20), times)
            for times in ([], of_program):
                found = timed(partial(stac.search, body), times)
            stopped += found.next is not None and len(found.ids) < body.limit
            if not page.is_partial and (found.next is None or len(found.ids) == body.limit):
                compared += 1
                equal += [one.scene.pk for one in page.results] == found.ids
        name = led.name + among
        yield at_most(f"{name}: a person's page, p95", p95(of_person), PERSON_MS, "ms")
        yield at_most(f"{name}: a program's page, p95", p95(of_program), PROGRAM_MS, "ms")
        yield Measurement(f"{name}: a person's page, asked first, p95", p95(anew), "ms")
        if stopped:
            yield Measurement(f"{name}: of {ROUNDS} programs' pages, stopped", stopped, "")
    yield exactly(f"pages that show the same images both ways{among}", equal, compared, "pages")


def _asked(led: Led, number: int, size: int) -> tuple[Any, Any]:
    """The question as the workbench reads it, and as a program sends it."""
    geo, wording = later("dinamis.geo"), later("catalogue.services.wording")
    name = f"BENCH_{random.Random(number).randrange(size):09d}"
    query = later("django.http").QueryDict(led.query.format(name=name) + "&sort=newest")
    question = later("catalogue.search.question").parse(query, today=datetime.now(UTC).date())
    if led.area:
        shape = next(one for one in SHAPES if one.name == led.area)
        place: Asked = drawn(shape, number)
        question = question.with_area(geo.to_multi(place.place))
    body = later("catalogue.stac.of_question").body(question) | {"limit": 20}
    if question.terms:
        question = question.with_words(wording.spoken(question.terms))
    return question, later("catalogue.stac.asked").of_body(body)


def _produce(size: int, already: int, wanted: int) -> None:
    """Products of scenes all over the archive, each as wide as its scene: so many in the end."""
    models, db = later("catalogue.models"), later("django.db")
    draw = random.Random(already)
    names = [f"BENCH_{number:09d}" for number in draw.sample(range(size), wanted - already)]
    for begin in range(0, len(names), BATCH):
        scenes = models.Scene.objects.filter(item_id__in=names[begin : begin + BATCH])
        models.Product.objects.bulk_create(
            models.Product(
                scene=scene,
                title=scene.item_id,
                delivery_key=f"{already}-{scene.item_id}",
                level=draw.choices(("ortho", "primary", "projected", "mosaic"), (60, 30, 8, 2))[0],
                spectral=draw.choice(("PMS-N", "P", "MS")),
                footprint=later("django.contrib.gis.geos").MultiPolygon(scene.footprint),
                area_km2=1,
                licence_id="open",
                published_at=datetime(2026, 1, 1, tzinfo=UTC),
                by_part="bench",
            )
            for scene in scenes
        )
    with db.connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) catalogue_product")

"""Load the demonstration's scenes through the services; a second run finds them and adds nothing."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from django.utils.translation import gettext_noop
from shapely.geometry.base import BaseGeometry

from catalogue.demo import archive, deck
from catalogue.dimap import identifiers
from catalogue.models import Collection, Platform, Scene
from catalogue.reference import collection_of
from catalogue.samples.quicklooks import paint_quicklook
from catalogue.services import quicklooks, scenes
from dinamis import geo
from dinamis.actors import Actor

SWATH_KM = 20.0  # Pléiades, looked at straight down; the deck's scenes are drawn as squares of it
BY = Actor.system("demonstration")
Painting = tuple[bytes, tuple[float, float, float, float]]
FINE, PLAIN = 320, 128  # pixels of a quicklook's longer side
CREDIT = gettext_noop("DINAMIS, synthetic image")  # whatever the scene, nobody took this picture
COLLECTION = {
    "title_fr": "Archive de démonstration",
    "title_en": "Demonstration archive",
    "description_fr": "Des scènes inventées pour la démonstration : rien de ceci n’a été acquis.",
    "description_en": "Scenes invented for the demonstration: none of this was ever acquired.",
    "credit": CREDIT,
    "is_demonstration": True,
}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A scene whose quicklook is to be painted."""

    scene: Scene
    footprint: BaseGeometry
    seed: int
    side: int

    @property
    def ring(self) -> list[tuple[float, float]]:
        return list(self.footprint.exterior.coords)

    @property
    def brush(self) -> dict[str, float]:
        cloud = (self.scene.cloud_cover or 0) / 100
        return {"seed": self.seed, "cloud": cloud, "side": self.side}


def load() -> None:
    """Add what is missing: the two scenes of the deck, the invented archive, their quicklooks."""
    collection, _new = Collection.objects.get_or_create(code="demonstration", defaults=COLLECTION)
    platforms = Platform.objects.in_bulk()
    known = set(Scene.objects.exclude(quicklook="").values_list("item_id", flat=True))
    added = [_deck(one, platforms) for one in deck.SCENES if one.item_id not in known]
    added += [
        _invented(one, platforms[one.platform], collection)
        for one in archive.scenes()
        if one.item_id not in known
    ]
    _paint(added)


def _deck(one: deck.DeckScene, platforms: dict[str, Platform]) -> Sketch:
    read = identifiers.parse(one.item_id)
    platform = platforms[read.platform]
    # The deck gives the second scene's centre and not the first's: its identifier does, within
    # a few kilometres.
    centre = read.place
    if one.figures.centre_lon is not None:
        centre = (float(one.figures.centre_lon), float(one.figures.centre_lat))
    footprint = geo.swath_footprint(
        *centre,
        width_km=SWATH_KM,
        length_km=SWATH_KM,
        orientation_deg=one.figures.orientation,
    )
    scene = scenes.add(
        item_id=one.item_id,
        acquired_at=one.acquired_at,
        footprint=footprint,
        footprint_source=Scene.FootprintSource.DRAWN_BY_US,
        figures=one.figures,
        platform=platform,
        collection=collection_of(platform),
        by=BY,
    )
    return Sketch(scene, footprint, seed=one.acquired_at.year, side=FINE)


def _invented(one: archive.Invented, platform: Platform, collection: Collection) -> Sketch:
    footprint = geo.swath_footprint(
        one.lon,
        one.lat,
        width_km=one.width_km,
        length_km=one.length_km,
        orientation_deg=one.figures.orientation,
    )
    scene = scenes.add(
        item_id=one.item_id,
        acquired_at=one.acquired_at,
        footprint=footprint,
        footprint_source=Scene.FootprintSource.DRAWN_BY_US,
        figures=one.figures,
        platform=platform,
        collection=collection,
        by=BY,
    )
    return Sketch(scene, footprint, seed=one.seed, side=FINE if one.fine else PLAIN)


def _paint(sketches: list[Sketch]) -> None:
    for sketch, (picture, bounds) in painted(sketches):
        corners = quicklooks.box_corners(*bounds)
        quicklooks.attach(sketch.scene, picture=picture, corners=corners, credit=CREDIT, by=BY)


def painted(sketches: list[Sketch]) -> Iterator[tuple[Sketch, Painting]]:
    """Each scene with its picture, painted on every processor: the demonstration's only long work."""
    if not sketches:
        return
    # Spawned, not forked: a child must not inherit the connection to the database.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        brushes = [pool.submit(paint_quicklook, one.ring, **one.brush) for one in sketches]
        for sketch, brush in zip(sketches, brushes, strict=True):
            yield sketch, brush.result()

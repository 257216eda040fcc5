"""Load the demonstration's scenes through the services; a second run finds them and adds nothing."""

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
COLLECTION = {
    "title_fr": "Archive de démonstration",
    "title_en": "Demonstration archive",
    "description_fr": "Des scènes inventées pour la démonstration : rien de ceci n’a été acquis.",
    "description_en": "Scenes invented for the demonstration: none of this was ever acquired.",
    "credit": "Image de synthèse DINAMIS",
    "is_demonstration": True,
}


def load() -> None:
    """Add what is missing: the two scenes of the deck, the invented archive, their quicklooks."""
    collection, _new = Collection.objects.get_or_create(code="demonstration", defaults=COLLECTION)
    platforms = Platform.objects.in_bulk()
    for one in deck.SCENES:
        _load_deck(one, platforms)
    known = set(Scene.objects.filter(collection=collection).values_list("item_id", flat=True))
    for invented in archive.scenes():
        if invented.item_id not in known:
            _load_invented(invented, platforms[invented.platform], collection)


def _load_deck(one: deck.DeckScene, platforms: dict[str, Platform]) -> None:
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
    _paint(scene, footprint, seed=one.acquired_at.year)


def _load_invented(one: archive.Invented, platform: Platform, collection: Collection) -> None:
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
    _paint(scene, footprint, seed=one.seed)


def _paint(scene: Scene, footprint: BaseGeometry, *, seed: int) -> None:
    """Give a scene its painted quicklook, once."""
    if scene.quicklook:
        return
    picture, bounds = paint_quicklook(
        list(footprint.exterior.coords), seed=seed, cloud=(scene.cloud_cover or 0) / 100
    )
    quicklooks.attach(scene, picture=picture, corners=quicklooks.box_corners(*bounds), by=BY)

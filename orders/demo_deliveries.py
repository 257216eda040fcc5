"""The demonstration's delivered images: small deliveries made by our own hand, taken in like others."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.demo import PEOPLE
from accounts.models import User
from catalogue.models import Scene
from catalogue.samples.delivery import make_delivery
from catalogue.services import scenes
from dinamis import geo
from dinamis.actors import Actor
from orders.models import Delivery, Line
from orders.services.asking import quotes
from orders.services.asking.wishes import Production
from orders.services.delivering import deliveries
from orders.services.lines import lines, orders

BY = Actor.system("demonstration")
PIXELS = 512
COAST = "Suivi du trait de côte guyanais : position du rivage et bancs de vase, chaque année."


@dataclass(frozen=True, slots=True)
class Sample:
    """One delivery to make: its scene's name, where, how, under which licence."""

    identifier: str
    centre: tuple[float, float]
    size_km: tuple[float, float]
    products: tuple[str, ...]
    cloud: float
    licence: str


SAMPLES = (
    Sample(
        "DS_SPOT6_202307141028045_FR1_FR1_SV1_SV1_E003N43_02145",
        (3.92, 43.52),
        (44.0, 40.0),
        ("PMS",),
        1.4,
        "open",
    ),
    Sample(
        "DS_PHR1B_202209031414072_FR1_PX_W053N04_0915_01266",
        (-52.33, 4.87),
        (20.0, 21.0),
        ("P", "MS"),
        8.8,
        "pleiades",
    ),
)
# What nobody ordered here: it comes into the inbox and waits at the desk.
UNASKED = Sample(
    "DS_PHR1A_202211021044310_FR1_PX_E003N43_0812_01377",
    (3.66, 43.40),
    (20.0, 20.0),
    ("PMS",),
    3.1,
    "",
)
ORDERED = "DS_PHR1A_202109171410285_FR1_PX_W053N04_0908_01377"


def load() -> bool:
    """Take the sample deliveries in; return whether something was made.

    Raises ImproperlyConfigured when DEMO is off.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("DEMO is off: demonstration data are not loaded.")
    if Delivery.objects.filter(by_part=BY.part).exists():
        return False
    settings.STAGING_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.STAGING_DIR) as folder:
        for sample in SAMPLES:
            _take_in(sample, Path(folder))
        _for_an_order(Path(folder))
    _drop()
    return True


def _drop() -> None:
    """Where a folder is watched, let a supplier drop two things: one that fits no order, one damaged."""
    watched = urlsplit(settings.INBOX_URL)
    if watched.scheme != "file":
        return
    folder = Path(watched.path) / "airbus"
    _made(UNASKED, folder / ".made").rename(folder / "SO22010377-1")
    (folder / "SO22010377-1.done").touch()
    (folder / "SO22010378-1.zip").write_bytes(b"PK\x03\x04, and then the line went dead.")
    (folder / "SO22010378-1.zip.done").touch()


def _take_in(sample: Sample, folder: Path) -> None:
    root = _made(sample, folder)
    delivery = deliveries.receive(root, name=root.name, licence=sample.licence, by=BY)
    deliveries.work_through(delivery)


def _for_an_order(folder: Path) -> None:
    """One order from quote to delivery, so that a line has been through its whole life."""
    sample = Sample(ORDERED, (-52.31, 4.9), (20.0, 20.0), ("PMS",), 5.2, "")
    root = _made(sample, folder)
    scene = _scene(sample)
    people = {role: User.objects.get(email=email) for role, (email, _name) in PEOPLE.items()}
    line = _ordered(scene, owner=Actor.of(people["researcher"]), desk=Actor.of(people["desk"]))
    delivery = deliveries.receive(root, name=root.name, order=line.reference, by=BY)
    deliveries.work_through(delivery)


def _ordered(scene: Scene, *, owner: Actor, desk: Actor) -> Line:
    area = geo.to_geos(
        geo.swath_footprint(-52.3, 4.9, width_km=11, length_km=12, orientation_deg=190), multi=True
    )
    quote = quotes.make(Production(scene, area), by=owner)
    order = orders.place(
        [quote],
        title="Mahury, saison sèche 2021",
        purpose=COAST,
        submission="demonstration-delivered",
        by=owner,
    )
    line = lines.accept(order.lines.get(), by=desk)
    return lines.place(line, by=desk, supplier_reference="SO21009288-7")


def _scene(sample: Sample) -> Scene:
    """The archive's scene that the delivery will be of, as the desk completed it."""
    scene = scenes.from_identifier(sample.identifier, by=BY)
    if scene.is_complete:
        return scene
    desk = User.objects.get(email=PEOPLE["desk"][0])
    width, length = sample.size_km
    footprint = geo.swath_footprint(
        *sample.centre, width_km=width, length_km=length, orientation_deg=191
    )
    figures = scenes.Figures(cloud_cover=sample.cloud, incidence=12.7)
    source = Scene.FootprintSource.DRAWN_BY_US
    return scenes.complete(
        scene, footprint=footprint, footprint_source=source, figures=figures, by=Actor.of(desk)
    )


def _made(sample: Sample, folder: Path) -> Path:
    return make_delivery(
        folder / sample.identifier,
        identifier=sample.identifier,
        centre=sample.centre,
        size_km=sample.size_km,
        cloud=sample.cloud,
        products=sample.products,
        pixels=PIXELS,
        checksums=True,
        seed=7,
    )

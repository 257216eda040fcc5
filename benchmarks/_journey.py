"""Orders from quote to image through the services: imported once Django is set up."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import override

from accounts.demo import PEOPLE
from accounts.models import Notice, User
from benchmarks import Measurement, at_most, exactly
from catalogue.samples.delivery import make_delivery
from catalogue.services import scenes
from dinamis import geo
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import Line
from orders.services.asking import quotes
from orders.services.asking.wishes import Production
from orders.services.delivering import deliveries
from orders.services.lines import lines, orders

CENTRE = (-52.5, 4.5)
PIXELS = 512
PATIENCE = 120  # seconds
QUIET = 0.05


def run(rounds: int) -> Iterator[Measurement]:
    """Each order is quoted, sent, accepted, placed, its delivery handed in and awaited."""
    asking, taking = [], []
    left = Decimal(0)
    for number in range(rounds):
        start = time.perf_counter()
        line = _placed(number)
        asking.append(1000 * (time.perf_counter() - start))
        with TemporaryDirectory(prefix="dinamis-bench-") as folder:
            taking.append(_deliver(line, Path(folder)))
        left += ledger.held(line.reference)
    yield at_most("order from quote to supplier, p50", statistics.median(asking), 1000, "ms")
    yield at_most("delivery from hand-in to mail, p50", statistics.median(taking), 30, "s")
    yield exactly("km² still held afterwards", float(left), 0, "km²")


def _placed(number: int) -> Line:
    """A line over 120 km² of a scene that nobody knew, completed, accepted and placed."""
    researcher, desk = (_actor(role) for role in ("researcher", "desk"))
    with override("fr"):
        scene = scenes.from_identifier(_identifier(number), by=desk)
        outline = geo.swath_footprint(*CENTRE, width_km=20, length_km=20, orientation_deg=11)
        scene = scenes.complete(
            scene,
            footprint=outline,
            footprint_source="supplier",
            figures=scenes.Figures(cloud_cover=4.0),
            by=desk,
        )
        side = 120**0.5
        area = geo.swath_footprint(*CENTRE, width_km=side, length_km=side, orientation_deg=0)
        quote = quotes.make(Production(scene, geo.to_geos(area, multi=True)), by=researcher)
        order = orders.place(
            [quote],
            title="Mesure",
            purpose="Mesurer.",
            submission=f"bench-{quote.key}",
            by=researcher,
        )
        line = lines.accept(order.lines.get(), by=desk)
        return lines.place(line, by=desk, supplier_reference=f"BENCH-{quote.reference}")


def _deliver(line: Line, folder: Path) -> float:
    """Seconds until the worker has published the delivery and the line is delivered."""
    root = make_delivery(folder / "in", identifier=line.scene.item_id, centre=CENTRE, pixels=PIXELS)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    start = time.perf_counter()
    deliveries.receive(root, name=root.name, order=line.reference, by=_actor("desk"))
    while time.perf_counter() - start < PATIENCE:
        if Notice.objects.filter(key__in=_deliveries(line)).exists():
            break
        time.sleep(QUIET)
    return time.perf_counter() - start


def _deliveries(line: Line) -> list[str]:
    """The keys of the news that it is delivered."""
    steps = line.events.filter(step="deliver").values_list("pk", flat=True)
    return [f"line:{pk}" for pk in steps]


def _identifier(number: int) -> str:
    at = datetime(2021, 3, 1, 14, 5, 12, tzinfo=UTC) + timedelta(days=number)
    return f"DS_PHR1A_{at:%Y%m%d%H%M%S}3_FR1_PX_W053N04_0922_{number + 20001:05d}"


def _actor(role: str) -> Actor:
    return Actor.of(User.objects.get(email=PEOPLE[role][0]))

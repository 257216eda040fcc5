"""A delivery from its arrival to the members: stored, matched, counted, published; or put away whole."""

import json
import os
import shutil
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalogue import policies
from catalogue.models import Identifier, Product, ProductFile, SceneEvent, bare
from catalogue.samples.delivery import make_volume
from catalogue.samples.documents import Order
from catalogue.samples.scene import Fault, SampleScene
from catalogue.services import embargoes, products
from dinamis import retention
from dinamis.actors import Actor
from dinamis.counting import count_all
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from dinamis.outbox import Promise
from orders.menus import waiting_deliveries
from orders.models import Delivery, Line, Offer
from orders.services.delivering import deliveries, leftovers, storing
from orders.services.lines import lines
from orders.tasks import work_on_delivery
from tests.catalogue.deliveries import CENTRE, PLEIADES, SPOT
from tests.catalogue.deliveries import make as make_files
from tests.orders import make
from tests.orders.journeys import consumed, held

BY = Actor.system("ingest")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings, reference):
    """A store and a staging folder of this test's own: what is left in them can be counted."""
    settings.STORAGE_URL = f"file://{tmp_path / 'store'}"
    settings.STAGING_DIR = tmp_path / "staging"
    return tmp_path / "store"


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    """A delivery with nothing wrong. Taking it in changes none of its files."""
    return make_files(tmp_path_factory.mktemp("delivered"), cloud=7.25)


@pytest.fixture
def line(researcher, desk, year):
    """150 km² of the scene that is delivered, placed with the supplier."""
    return with_supplier(researcher, desk)


def with_supplier(researcher, desk) -> Line:
    scene = make.scene(item_id=PLEIADES)
    Identifier.objects.create(value=bare(PLEIADES), scene=scene)
    return make.with_supplier(researcher, desk, make.quote(researcher, of=scene, km2=150))


def handed_in(root: Path, **how) -> Delivery:
    return deliveries.receive(root, name=root.name, **{"by": BY, **how})


def worked(root: Path, **how) -> Delivery:
    return deliveries.work_through(handed_in(root, **how))


def stored(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


# ── the way through ─────────────────────────────────────────────────────────────────────────────
def test_a_delivery_is_published_and_its_line_delivered_and_counted(usual, line, store):
    root = usual
    delivery = worked(root)
    assert (delivery.state, delivery.line) == ("published", line)
    line.refresh_from_db()
    product = delivery.products.get()
    assert (line.supply, line.money, line.product) == ("delivered", "captured", product)
    assert consumed(line) == line.quote.units
    assert held(line) == 0
    assert (product.scene.item_id, product.licence_id) == (PLEIADES, "pleiades")
    assert product.cloud_cover == 7.25
    assert product.is_published
    assert 350 < product.area_km2 < 450
    files = list(product.files.all())
    assert {file.name for file in files} == {
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
    }
    for file in files:
        assert Path(default_storage.path(file.storage_name)).read_bytes() == (
            (root / file.name).read_bytes()
        )
    assert default_storage.exists(product.quicklook)
    assert default_storage.exists(product.thumbnail)
    assert len(stored(store)) == len(files) + 2


def test_only_what_was_asked_is_counted_and_never_less_than_the_minimum(
    tmp_path, researcher, desk, year
):
    scene = make.scene(item_id=PLEIADES)
    Identifier.objects.create(value=bare(PLEIADES), scene=scene)
    quote = make.quote(researcher, of=scene, area=None)  # 400 km², the whole scene
    line = make.with_supplier(researcher, desk, quote)
    delivery = worked(make_files(tmp_path, size_km=(8.0, 8.0)))
    line.refresh_from_db()
    assert (delivery.state, line.supply) == ("published", "delivered")
    assert consumed(line) == Decimal("100.00")
    assert held(line) == 0


def test_our_reference_written_in_the_delivery_finds_the_line(tmp_path, researcher, desk, year):
    line = make.with_supplier(researcher, desk)
    root = make_volume(
        tmp_path,
        [SampleScene(identifier=PLEIADES, centre=CENTRE)],
        pixels=96,
        order=Order(customer=f"DINAMIS {line.reference}"),
    )
    assert worked(root).line == line


def test_the_order_named_when_handing_in_is_the_one_delivered(usual, researcher, desk, year):
    line = make.with_supplier(researcher, desk)
    delivery = worked(usual, order=line.order.reference.lower())
    assert (delivery.state, delivery.line) == ("published", line)


def test_an_order_that_waits_for_nothing_is_not_taken(usual, line):
    with pytest.raises(NotFound, match="order_unknown"):
        handed_in(usual, order="C-2020-9999")
    assert Delivery.objects.count() == 0


def test_a_delivery_without_a_line_waits_and_the_desk_publishes_it(usual, desk, researcher):
    delivery = worked(usual)
    assert (delivery.state, delivery.line) == ("waiting", None)
    assert Product.objects.count() == 0
    with pytest.raises(NotAllowed):
        deliveries.publish(delivery, by=Actor.of(researcher))
    deliveries.publish(delivery, by=Actor.of(desk))
    delivery.refresh_from_db()
    product = delivery.products.get()
    assert delivery.state == "published"
    assert product.by_user == desk
    assert product.scene.item_id == PLEIADES
    assert product.scene.footprint_source == "supplier"
    assert SceneEvent.objects.get(kind="published").facts == {"product": product.pk}


def test_the_desk_names_the_line_of_a_delivery_that_waits(usual, researcher, desk, year):
    delivery = worked(usual)
    line = make.with_supplier(researcher, desk)
    deliveries.publish(delivery, order=line.reference, by=Actor.of(desk))
    line.refresh_from_db()
    assert (line.supply, line.product) == ("delivered", delivery.products.get())


def test_a_death_right_after_the_desk_publishes_leaves_its_copies_to_a_promise(
    tmp_path, settings, desk
):
    """Nothing runs after the commit here, as where the process is killed: the promise is due at once."""
    copy = shutil.copytree(make_files(tmp_path / "made"), settings.STAGING_DIR / "uploads" / "one")
    delivery = worked(copy, staged=True)
    Promise.objects.all().delete()
    deliveries.publish(delivery, by=Actor.of(desk))
    assert copy.exists()
    promise = Promise.objects.claimable().get(task="orders.tasks.work_on_delivery")
    work_on_delivery(*promise.arguments)
    assert stored(settings.STAGING_DIR) == []
    assert delivery.products.get().files.exists()


def test_an_upload_whose_process_died_while_it_copied_goes_the_next_night(
    usual, tmp_path, settings
):
    yesterday = time.time() - leftovers.AFTER_SECONDS - 60
    dead, fresh = (leftovers.uploads() / name for name in ("dead", "fresh"))
    waits = Path(shutil.copytree(usual, leftovers.uploads() / "waits" / "archive"))
    assert worked(waits, staged=True).state == "waiting"
    for folder in (dead, fresh):
        folder.mkdir(parents=True)
        (folder / "archive").write_bytes(b"half")
    for folder in (dead, waits.parent):
        os.utime(folder, (yesterday, yesterday))
    assert retention.apply()["uploads"] == 1
    assert (dead.exists(), fresh.exists(), waits.exists()) == (False, True, True)


def test_what_was_handed_in_for_a_line_cancelled_meanwhile_waits_for_the_desk(usual, line):
    delivery = handed_in(usual, order=line.reference)
    lines.fail(line, by=BY, reason="They lost it.")
    deliveries.work_through(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.line, delivery.asked) == ("waiting", None, line.reference)
    assert count_all([waiting_deliveries(None)]) == [1]
    assert Delivery.objects.get(state="waiting") == delivery


def test_a_spot_delivery_is_under_the_spot_licence(tmp_path, desk):
    root = make_files(tmp_path, identifier=SPOT, centre=(-52.5, 4.5))
    delivery = worked(root, licence="spot67")
    product = delivery.products.get()
    assert (product.scene.platform_id, product.licence_id) == ("SPOT6", "spot67")


def test_an_open_licence_publishes_at_once(usual):
    delivery = worked(usual, licence="open")
    assert delivery.products.get().licence_id == "open"


def test_several_products_in_one_volume_are_as_many_products_of_one_line(tmp_path, line, store):
    scene = SampleScene(identifier=PLEIADES, centre=CENTRE)
    root = make_volume(tmp_path / "in", [scene], products=("P", "MS"), pixels=256)
    delivery = worked(root)
    made = list(delivery.products.order_by("spectral"))
    assert [product.spectral for product in made] == ["MS", "P"]
    assert {product.scene.item_id for product in made} == {PLEIADES}
    assert len({product.quicklook for product in made}) == 2
    line.refresh_from_db()
    assert line.product == made[0]  # in colour: it shows the scene best
    assert ProductFile.objects.count() == sum(path.is_file() for path in root.rglob("*"))


def test_no_cloud_figure_stays_unsaid(tmp_path):
    delivery = worked(make_files(tmp_path, Fault.NO_CLOUD_FIGURE, cloud=None), licence="pleiades")
    product = delivery.products.get()
    assert product.cloud_cover is None
    assert product.scene.cloud_cover is None


def test_a_missing_preview_is_noted_and_refuses_nothing(tmp_path):
    delivery = worked(make_files(tmp_path, Fault.MISSING_PREVIEW), licence="pleiades")
    assert delivery.state == "published"
    assert "missing_preview" in {note["code"] for note in delivery.products.get().notes}


def test_the_requester_is_told(usual, line):
    worked(usual)
    delivered = line.events.get(step="deliver")
    assert Promise.objects.filter(task="orders.tasks.tell", arguments=[delivered.pk]).count() == 1


# ── twice ───────────────────────────────────────────────────────────────────────────────────────
def test_the_same_delivery_twice_is_one_product(usual, store, django_capture_on_commit_callbacks):
    root = usual
    first = worked(root, licence="pleiades")
    before = stored(store)
    with django_capture_on_commit_callbacks(execute=True):
        second = worked(root, licence="pleiades")
    assert second.state == "published"
    assert list(second.products.all()) == list(first.products.all())
    assert Product.objects.count() == 1
    assert stored(store) == before


def test_a_withdrawn_product_does_not_come_back_by_being_handed_in_again(usual, desk):
    root = usual
    product = worked(root, licence="pleiades").products.get()
    products.withdraw(product, reason="Wrong place.", by=Actor.of(desk))
    again = worked(root, licence="pleiades")
    assert again.state == "refused"
    assert "Wrong place." in again.reason
    product.refresh_from_db()
    assert not product.is_published


# ── refused ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "fault",
    [
        Fault.MISSING_TILE,
        Fault.TRUNCATED_TILE,
        Fault.OUTSIDE_REFERENCE,
        Fault.WRONG_CHECKSUM,
        Fault.MISSING_METADATA,
        Fault.VRT_TILE,
    ],
)
def test_a_bad_delivery_is_refused_and_leaves_nothing(
    fault, tmp_path, line, store, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        delivery = worked(make_files(tmp_path / "in", fault))
    assert delivery.state == "refused"
    assert delivery.reason
    assert stored(store) == []
    assert Product.objects.count() == 0
    line.refresh_from_db()
    assert (line.supply, line.money) == ("placed", "held")
    assert held(line) == line.quote.units


def test_the_desk_refuses_with_a_reason(
    usual, desk, researcher, store, django_capture_on_commit_callbacks
):
    delivery = worked(usual)
    assert len(stored(store)) > 2
    with pytest.raises(NotAllowed):
        deliveries.refuse(delivery, reason="No.", by=Actor.of(researcher))
    with pytest.raises(Invalid, match="reason_missing"):
        deliveries.refuse(delivery, reason=" ", by=Actor.of(desk))
    with django_capture_on_commit_callbacks(execute=True):
        deliveries.refuse(delivery, reason="Not ours.", by=Actor.of(desk))
    assert stored(store) == []
    delivery.refresh_from_db()
    with pytest.raises(NotNow):
        deliveries.publish(delivery, by=Actor.of(desk))


# ── interrupted ─────────────────────────────────────────────────────────────────────────────────
def test_every_step_may_die_and_be_taken_again(usual, line, store, monkeypatch):
    """At each step the process dies after the store and before the row; then it is taken again."""
    root = usual
    delivery = handed_in(root)
    deaths = 0
    for step in ("store", "draw_pictures"):
        real = getattr(storing, step)

        def dying(*given, real=real):
            nonlocal deaths
            with monkeypatch.context() as patch:
                patch.setattr(type(given[0]), "save", _dies)
                deaths += 1
                real(*given)

        for _time in range(100):
            with monkeypatch.context() as patch:
                patch.setattr(storing, step, dying)
                try:
                    more = deliveries.work(delivery)
                except KeyboardInterrupt:
                    delivery = Delivery.objects.get(pk=delivery.pk)
                    patch.setattr(storing, step, real)
                    more = deliveries.work(delivery)
            delivery = Delivery.objects.get(pk=delivery.pk)
            if not more or (
                step == "store" and not delivery.files.filter(storage_name="").exists()
            ):
                break
    deliveries.work_through(delivery)
    delivery.refresh_from_db()
    line.refresh_from_db()
    assert deaths > 10
    assert (delivery.state, line.supply) == ("published", "delivered")
    assert consumed(line) == line.quote.units
    assert len(stored(store)) == ProductFile.objects.count() + 2


def _dies(*given, **named):
    raise KeyboardInterrupt


def test_a_step_taken_twice_acts_once(usual, line):
    delivery = worked(usual)
    stale = Delivery.objects.get(pk=delivery.pk)
    for state in ("received", "stored"):
        stale.state = state
        assert deliveries.work(stale) is False
    assert Product.objects.count() == 1
    assert consumed(line) == line.quote.units
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_the_worker_goes_step_by_step_to_the_end(usual, line):
    delivery = handed_in(usual)
    for _step in range(200):
        work_on_delivery(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "published"


# ── archives and the command ────────────────────────────────────────────────────────────────────
def test_an_archive_is_unpacked_and_our_copy_removed(
    tmp_path, usual, line, settings, django_capture_on_commit_callbacks
):
    root = usual
    archive = Path(shutil.make_archive(str(tmp_path / "delivery"), "zip", root.parent))
    with django_capture_on_commit_callbacks(execute=True):
        delivery = worked(archive)
    assert delivery.state == "published"
    assert archive.exists()
    assert not list(settings.STAGING_DIR.glob("*/unpacked"))


def test_what_a_death_after_the_settling_left_goes_with_the_next_try(
    tmp_path, usual, line, settings
):
    archive = Path(shutil.make_archive(str(tmp_path / "delivery"), "zip", usual.parent))
    delivery = worked(archive)  # nothing is committed, so nothing was put away yet
    assert (delivery.state, bool(list(settings.STAGING_DIR.glob("*/unpacked")))) == (
        "published",
        True,
    )
    for _twice in range(2):
        work_on_delivery(delivery.pk)
    assert not list(settings.STAGING_DIR.glob(f"{delivery.key.hex}*"))
    assert all(default_storage.exists(file.storage_name) for file in ProductFile.objects.all())


def test_the_command_takes_a_delivery_in_and_says_what_came_of_it(usual, line, capsys):
    root = usual
    call_command("ingest", str(root), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["line"]) == ("published", str(line))
    assert told["products"] == [{"id": p.pk, "title": p.title} for p in Product.objects.all()]


def test_the_command_fails_for_a_refused_delivery_and_for_nothing(tmp_path):
    with pytest.raises(CommandError, match="nothing at"):
        call_command("ingest", str(tmp_path / "nowhere"))
    with pytest.raises(CommandError):
        call_command("ingest", str(make_files(tmp_path, Fault.MISSING_TILE)))


# ── under embargo ───────────────────────────────────────────────────────────────────────────────
def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def test_under_an_embargo_the_requester_alone_has_the_image_until_its_day(
    usual, line, researcher, other_researcher, desk, client
):
    delivery = worked(usual, embargo_until=tomorrow())
    line.refresh_from_db()
    assert (delivery.state, line.supply) == ("published", "delivered")
    product = delivery.products.get()
    assert (product.embargo_until, product.is_published) == (tomorrow(), False)
    assert policies.may_download(researcher, product)
    assert not policies.may_download(other_researcher, product)
    address = f"/api/v1/products/{product.pk}"
    client.force_login(other_researcher)
    assert client.get(address).status_code == 404
    client.force_login(researcher)
    assert client.get(address).json()["embargo_until"] == tomorrow().isoformat()
    assert "embargo" in client.get(product.get_absolute_url()).content.decode()
    told = SceneEvent.objects.filter(scene=product.scene).values_list("kind", flat=True)
    assert list(told).count(SceneEvent.Kind.EMBARGOED) == 1
    Product.objects.update(embargo_until=timezone.localdate())
    product.refresh_from_db()
    assert policies.may_download(other_researcher, product)


def test_what_waits_is_offered_to_nobody_before_the_embargo_ends(usual, researcher, desk, year):
    scene = make.scene(item_id=PLEIADES)
    Identifier.objects.create(value=bare(PLEIADES), scene=scene)
    quote = make.quote(researcher, of=scene, km2=150)
    waiting = make.placed(researcher, quote)
    worked(usual, licence="pleiades", embargo_until=tomorrow())
    assert not Offer.objects.filter(line=waiting).exists()
    embargoes.lift(Product.objects.get(), by=Actor.of(desk))
    assert Offer.objects.filter(line=waiting).exists()


def test_the_desk_gives_the_day_when_it_publishes_what_waited(usual, desk, client):
    delivery = worked(usual)
    client.force_login(desk)
    address = f"/desk/deliveries/{delivery.pk}/publish"
    assert client.post(address, {"embargo_until": "soon"}).status_code == 400
    past = client.post(address, {"embargo_until": timezone.localdate().isoformat()})
    assert past.status_code in (400, 422)
    assert not Product.objects.exists()
    assert client.post(address, {"embargo_until": tomorrow().isoformat()}).status_code == 302
    assert Product.objects.get().embargo_until == tomorrow()


def test_a_name_says_the_day_and_one_that_is_no_day_refuses(usual):
    day = tomorrow().isoformat()
    assert deliveries.embargo_in(f"C-2026-0001-1_EMBARGO-{day}.zip") == tomorrow()
    assert deliveries.embargo_in(f"embargo {day}") == tomorrow()
    assert deliveries.embargo_in("embargo-2020-01-31") is None
    assert deliveries.embargo_in("SO-1.zip") is None
    with pytest.raises(Invalid, match="embargo_unreadable"):
        deliveries.embargo_in("embargo-2027-02-31.zip")
    with pytest.raises(Invalid, match="embargo_over"):
        handed_in(usual, embargo_until=timezone.localdate())
    assert not Delivery.objects.exists()


def test_the_command_takes_the_day(usual):
    call_command("ingest", usual, "--licence", "pleiades", "--embargo", tomorrow().isoformat())
    assert Product.objects.get().embargo_until == tomorrow()
    with pytest.raises(CommandError, match="no day"):
        call_command("ingest", str(usual), "--embargo", "soon")

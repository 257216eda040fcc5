"""Files that a STAPI server links to in an order's statuses: fetched from loopback, checked, delivered."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dinamis.outbox import Promise
from orders.inboxes import links
from orders.models import Arrival, Line, Supplier, SupplierOrder
from orders.services.delivering import arrivals
from orders.services.supplying import handed, working
from orders.suppliers.stapi import Stapi, files
from tests.catalogue.deliveries import make as make_files
from tests.orders.test_inbox import work_off
from tests.suppliers import making
from tests.suppliers.stapi_server import Server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("delivered")
    made, path = make_files(folder, cloud=7.25), folder / "one.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted(made.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(made.parent))
    return path.read_bytes()


@pytest.fixture
def server(settings, tmp_path, reference) -> Iterator[Server]:
    settings.STORAGE_URL = f"file://{tmp_path / 'store'}"
    settings.STAGING_DIR = tmp_path / "staging"
    with Server().running() as running:
        yield running


@pytest.fixture
def supplier(server) -> Supplier:
    return making.supplier("stapi", base_url=server.url)


@pytest.fixture
def order(researcher, desk, year, server, supplier) -> SupplierOrder:
    """A line that the server has."""
    return making.taken(researcher, desk, supplier)


def link(server: Server, name: str, **more) -> dict[str, object]:
    return {"href": f"{server.url}/files/{name}", "rel": "delivery", **more}


def multihash(content: bytes) -> str:
    return f"1220{hashlib.sha256(content).hexdigest()}"


def completed(server: Server, order: SupplierOrder, *told: dict[str, object]) -> None:
    server.move(order.their_reference, "completed", minutes=1, links=list(told))
    making.poll(order.supplier)


def staged(folder: Path) -> list[Path]:
    return [path for path in (folder / "staging" / "inbox").rglob("*") if path.is_file()]


def test_what_is_linked_when_it_is_completed_is_fetched_checked_and_delivered(
    order, server, archive, tmp_path
):
    server.files["image.zip"] = archive
    log = link(server, "log.txt") | {"rel": "processing-log"}
    told = link(
        server, "image.zip", **{"file:size": len(archive), "file:checksum": multihash(archive)}
    )
    completed(server, order, told, log)
    arrival = Arrival.objects.get()
    assert (arrival.supplier, arrival.name, arrival.state) == ("stapi", "image.zip", "taken")
    work_off()
    arrival.refresh_from_db()
    line = Line.objects.get()
    assert (arrival.state, line.supply) == ("done", "delivered")
    assert line.deliveries.get().products.get().scene_id
    assert staged(tmp_path) == []
    making.poll(order.supplier)
    assert Arrival.objects.count() == 1


def test_what_broke_off_goes_on_where_it_ended(order, server, archive, monkeypatch):
    server.files["image.zip"] = archive
    server.broken_off.add("image.zip")
    completed(server, order, link(server, "image.zip"))
    arrival = Arrival.objects.get()
    work_off()
    arrival.refresh_from_db()
    assert "broke off" in arrival.error
    monkeypatch.setattr("orders.tasks.AFTER_TROUBLE", timedelta(0))
    Promise.objects.open().update(due_at=timezone.now())
    work_off()
    assert Line.objects.get().supply == "delivered"
    assert ("image.zip", f"bytes={len(archive) // 2}-") in server.ranges


def test_a_file_too_long_for_one_step_is_fetched_in_several(order, server, archive, monkeypatch):
    monkeypatch.setattr(links, "STEP_SECONDS", -1.0)
    monkeypatch.setattr(links, "_CHUNK", len(archive) // 3)
    server.files["image.zip"] = archive
    completed(server, order, link(server, "image.zip"))
    work_off()
    assert Line.objects.get().supply == "delivered"
    assert len([one for one in server.ranges if one[1] not in {"bytes=0-0"}]) >= 3


def test_loose_files_of_a_status_are_one_delivery(order, server, tmp_path):
    made = make_files(tmp_path / "loose", cloud=7.25)
    told = []
    for file in sorted(made.rglob("*")):
        if file.is_file():
            name = file.relative_to(made.parent).as_posix()
            server.files[name] = file.read_bytes()
            told.append(link(server, name))
    completed(server, order, *told)
    arrival = Arrival.objects.get()
    assert (arrival.name, arrival.files, arrival.is_folder) == (order.reference, len(told), True)
    work_off()
    assert Line.objects.get().supply == "delivered"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"file:checksum": multihash(b"another")}, "differs from its checksum"),
        ({"href": "https://files.example/image.zip"}, "not among the hosts agreed"),
        ({"file:size": 21 * 1024**3}, "at most"),
        ({"file:size": 3}, "longer than said"),
        ({"href": "/files/none.zip"}, "answers 404"),
    ],
    ids=["checksum", "host", "size", "length", "missing"],
)
def test_what_is_not_as_told_is_refused_with_a_sentence_and_nothing_stays(
    order, server, archive, tmp_path, facts, sentence
):
    server.files["image.zip"] = archive
    told = link(server, "image.zip") | facts
    if told["href"].startswith("/"):
        told["href"] = server.url + told["href"]
    completed(server, order, told)
    work_off()
    arrival = Arrival.objects.get()
    assert arrival.state == "refused"
    assert sentence in arrival.reason
    assert staged(tmp_path) == []
    assert Line.objects.get().supply == "in_production"


def test_a_host_that_is_agreed_and_lies_in_a_private_network_is_not_called(order, server, archive):
    Supplier.objects.update(options={"delivery_hosts": ["localhost:9"]})
    completed(server, order, link(server, "image.zip") | {"href": "https://localhost:9/image.zip"})
    work_off()
    arrival = Arrival.objects.get()
    assert (arrival.state, "InvalidIPAddress" in arrival.error) == ("taken", True)


def test_an_officer_has_a_refused_file_fetched_again(order, server, archive, desk):
    completed(server, order, link(server, "image.zip"))
    work_off()
    arrival = Arrival.objects.get()
    assert arrival.state == "refused"
    server.files["image.zip"] = archive
    arrivals.retry(arrival, by=making.Actor.of(desk))
    work_off()
    assert Line.objects.get().supply == "delivered"


def test_a_completed_order_without_a_file_is_asked_again_then_told_to_the_desk(order, server):
    completed(server, order)
    order.refresh_from_db()
    assert order.ended_at
    assert order.files_due_at > timezone.now()
    late = timezone.now() - handed.PATIENCE
    SupplierOrder.objects.update(files_due_at=timezone.now(), stage_at=late)
    working.work(order.supplier)
    order.refresh_from_db()
    assert (order.files_due_at, "no file is listed" in order.trouble) == (None, True)


def test_a_supplier_whose_files_come_another_way_is_not_asked_for_them(order, server):
    Supplier.objects.update(options={"delivery_rels": []})
    completed(server, order, link(server, "image.zip"))
    order.refresh_from_db()
    assert (order.files_due_at, order.trouble, Arrival.objects.count()) == (None, "", 0)


def test_an_address_signed_anew_is_the_same_file(order, server):
    signed = f"{server.url}/files/a.zip?X-Amz-Signature=1&part=2"
    anew = f"{server.url}/files/a.zip?X-Amz-Signature=9&part=2"
    other = f"{server.url}/files/a.zip?X-Amz-Signature=1&part=3"
    reference = order.their_reference
    server.move(reference, "processing", minutes=1, links=[{"href": signed, "rel": "data"}])
    both = [{"href": anew, "rel": "data"}, {"href": other, "rel": "data"}]
    server.move(reference, "completed", minutes=2, links=both)
    found = Stapi(server.url).deliveries(reference)
    assert [one.url for one in found] == [anew, other]
    assert len({one.reference for one in found}) == 2


@pytest.mark.parametrize(
    ("told", "checksum"),
    [
        (multihash(b"x"), f"sha256:{hashlib.sha256(b'x').hexdigest()}"),
        ("d50110" + "ab" * 16, "md5:" + "ab" * 16),
        ("1220abc", ""),
        ("", ""),
    ],
)
def test_digests_are_multihashes(told, checksum):
    assert files._checksum(told) == checksum

"""The same inbox on an S3: fetched object by object, resumed, moved; the S3 is moto's, on loopback."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from dinamis.actors import Actor
from orders.inboxes import InboxTrouble, Part, S3Inbox, inbox_at
from orders.models import Arrival, ArrivalFile, Delivery, InboxLook
from orders.services.delivering import arrivals, deliveries, handing_in, inbox
from tests.catalogue.deliveries import make as make_files
from tests.orders import make
from tests.orders.test_inbox import looked_twice, work_off

pytestmark = pytest.mark.django_db
BUCKET = "dropped"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    return make_files(tmp_path_factory.mktemp("delivered"), cloud=7.25)


@pytest.fixture(autouse=True)
def client(endpoint, monkeypatch, settings, tmp_path, reference) -> Iterator:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    settings.STAGING_DIR = tmp_path / "staging"
    settings.INBOX_URL = f"s3://{BUCKET}/in?endpoint={endpoint}&region=us-east-1"
    made = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    made.create_bucket(Bucket=BUCKET)
    yield made
    requests.post(f"{endpoint}/moto-api/reset", timeout=10)


def drop(client, root: Path, name: str) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            key = f"in/airbus/{name}/{path.relative_to(root).as_posix()}"
            client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())


def keys(client) -> list[str]:
    listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [one["Key"] for one in listed]


def test_a_file_is_put_by_a_signed_address_without_us(client, desk):
    link = handing_in.sign(handing_in.address("airbus/DS_1.zip"), user=desk, seconds=600)
    assert "X-Amz-Expires=600" in link.url
    assert requests.put(link.url, b"PK", timeout=10).status_code == 200
    [thing] = inbox.watched().look()
    assert (thing.supplier, thing.name, thing.size) == ("airbus", "DS_1.zip", 2)


def test_a_delivery_is_fetched_published_and_moved_under_done(
    client, usual, researcher, desk, year, settings, django_capture_on_commit_callbacks
):
    line = make.with_supplier(researcher, desk)
    drop(client, usual, line.reference)
    client.put_object(Bucket=BUCKET, Key="in/airbus/", Body=b"")
    before = len(keys(client))
    looked_twice()
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    arrival, delivery = Arrival.objects.get(), Delivery.objects.get()
    assert (arrival.state, delivery.state, delivery.line) == ("done", "published", line)
    now = keys(client)
    assert len(now) == before
    assert all(
        key.startswith(f"in/airbus/done/{line.reference}/") for key in now if key != "in/airbus/"
    )
    assert ArrivalFile.objects.filter(is_fetched=False).count() == 0
    assert not [path for path in settings.STAGING_DIR.rglob("*") if path.is_file()]
    assert inbox.look() == 0


def test_a_refused_one_is_moved_with_its_sentence_and_may_be_tried_again(client, usual, desk):
    drop(client, usual, "one")
    lost = next(key for key in keys(client) if key.endswith(".JP2"))
    content = client.get_object(Bucket=BUCKET, Key=lost)["Body"].read()
    client.delete_object(Bucket=BUCKET, Key=lost)
    looked_twice()
    work_off()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.path) == ("refused", "airbus/refused/one")
    said = client.get_object(Bucket=BUCKET, Key="in/airbus/refused/one.txt")["Body"].read()
    assert arrival.reason in said.decode()
    client.put_object(
        Bucket=BUCKET, Key=lost.replace("in/airbus/", "in/airbus/refused/"), Body=content
    )
    arrivals.retry(arrival, by=Actor.of(desk))
    work_off()
    arrival.refresh_from_db()
    assert arrival.state == "handed_over"
    deliveries.publish(Delivery.objects.get(state="waiting"), by=Actor.of(desk))
    work_off()
    arrival.refresh_from_db()
    assert (arrival.state, arrival.path) == ("done", "airbus/done/one")


def test_what_is_replaced_while_it_is_fetched_is_taken_anew(client, usual):
    drop(client, usual, "one")
    looked_twice()
    first = Arrival.objects.get()
    assert arrivals.work(first)
    replaced = first.parts.last()
    client.put_object(Bucket=BUCKET, Key=f"in/airbus/one{replaced.path}", Body=b"another")
    work_off()
    first.refresh_from_db()
    assert first.state == "gone"
    looked_twice()
    assert [one.state for one in Arrival.objects.order_by("pk")] == ["gone", "taken"]


def test_an_interrupted_copy_goes_on_where_it_ended(client, endpoint, tmp_path):
    body = bytes(range(256)) * 4096
    tag = client.put_object(Bucket=BUCKET, Key="in/big.zip", Body=body)["ETag"]
    into = tmp_path / "fetched" / "big.zip"
    into.parent.mkdir()
    half = into.with_name("big.zip.part")
    half.write_bytes(body[:700_000])
    inode = half.stat().st_ino
    found = inbox_at(f"s3://{BUCKET}/in?endpoint={endpoint}&region=us-east-1")
    found.fetch(Part("big.zip", len(body), tag), into)
    assert into.read_bytes() == body
    assert into.stat().st_ino == inode
    assert not half.exists()


def test_a_silent_or_strange_s3_is_trouble_for_the_desk(settings, client, endpoint):
    settings.INBOX_URL = f"s3://no-such-bucket?endpoint={endpoint}&region=us-east-1"
    inbox.look()
    assert "NoSuchBucket" in InboxLook.objects.get().error
    closed = S3Inbox("any", "", endpoint="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(InboxTrouble, match="S3"):
        closed.look()


@pytest.mark.parametrize("name", ["../../etc", "a//b"])
def test_a_key_that_could_lead_out_of_the_staging_is_never_fetched(client, name, settings):
    client.put_object(Bucket=BUCKET, Key=f"in/airbus/one/{name}.zip", Body=b"PK\x03\x04")
    client.put_object(Bucket=BUCKET, Key="in/airbus/one/fine.xml", Body=b"<fine/>")
    looked_twice()
    work_off()
    assert {one.state for one in Arrival.objects.all()} <= {"refused"}
    assert not list(settings.STAGING_DIR.parent.rglob("*.zip"))

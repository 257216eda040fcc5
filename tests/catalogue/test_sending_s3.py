"""With an S3 as the store, files leave by presigned addresses; the S3 is moto's, on loopback."""

import io
import zipfile
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.core.files.storage import default_storage
from django.test import override_settings
from django.urls import reverse
from moto.server import ThreadedMotoServer

from catalogue.models import Download
from dinamis.sending import PRESIGNED_SECONDS
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(endpoint, monkeypatch, settings) -> Iterator[None]:
    """An empty bucket is the store of the test."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="files")
    url = f"s3://files/some/prefix?endpoint={endpoint}&region=us-east-1"
    with override_settings(STORAGE_URL=url):
        yield
    requests.post(f"{endpoint}/moto-api/reset", timeout=10)


@pytest.fixture
def image(licences):
    return shelf.product(names=("IMG/forêt.TIF", "VOL.XML"))


@pytest.fixture
def reader(other_researcher, image):
    return shelf.signed(other_researcher, image)


@pytest.fixture
def url(image):
    return reverse(
        "product_file", args=[image.pk, image.files.get(role="image", name__endswith="TIF").pk]
    )


def test_a_presigned_address_gives_the_bytes_and_their_parts(reader, url, as_):
    answer = as_(reader).get(url)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    there = answer["Location"]
    assert parse_qs(urlsplit(there).query)["X-Amz-Expires"] == [str(PRESIGNED_SECONDS)]
    whole = requests.get(there, timeout=10)
    assert whole.content == shelf.data()
    assert whole.headers["Content-Disposition"] == "attachment; filename*=utf-8''for%C3%AAt.TIF"
    part = requests.get(there, headers={"Range": "bytes=1000-1999"}, timeout=10)
    assert part.status_code == 206
    assert part.content == shelf.data()[1000:2000]
    assert Download.objects.count() == 1


def test_a_head_is_answered_by_us(reader, url, as_):
    answer = as_(reader).head(url)
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(shelf.SIZE)
    assert Download.objects.count() == 0


def test_nothing_is_presigned_before_the_signature(image, url, other_researcher, as_):
    answer = as_(other_researcher).get(url)
    assert answer.status_code == 409
    assert "Location" not in answer.headers


def test_the_archive_is_read_from_the_bucket_piece_by_piece(reader, image, as_):
    answer = as_(reader).get(reverse("product_archive", args=[image.pk]))
    content = shelf.body(answer)
    assert answer["Content-Length"] == str(len(content))
    with zipfile.ZipFile(io.BytesIO(content)) as unpacked:
        assert unpacked.read("VOL.XML") == shelf.data(seed=2)


def test_the_stored_name_is_under_the_prefix(image):
    stored = image.files.first().storage_name
    keys = [one.key for one in default_storage.bucket.objects.all()]
    assert f"some/prefix/{stored}" in keys

"""The documents of our interfaces are for everybody, and written once for many who ask."""

from unittest import mock

import pytest
from drf_spectacular.generators import SchemaGenerator

ADDRESSES = [
    "/api/v1/openapi.json",
    "/stac/openapi.json",
    "/stapi/openapi.json",
    "/signing/openapi.json",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_document_is_written_once_and_read_by_many(client, as_, researcher, address):
    first = client.get(address)
    assert first.status_code == 200
    assert first.json()["openapi"].startswith("3.")
    with mock.patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError):
        again = client.get(address)
    assert again.content == first.content
    assert "max-age=600" in again["Cache-Control"]
    assert as_(researcher).get(address).json()["paths"] == first.json()["paths"]


def test_each_interface_has_a_document_of_its_own(client):
    titles = {client.get(address).json()["info"]["title"] for address in ADDRESSES}
    assert len(titles) == len(ADDRESSES)


def test_each_language_has_a_document_of_its_own(client):
    with mock.patch.object(SchemaGenerator, "get_schema", return_value={"openapi": "3"}) as write:
        for language in ("fr", "en", "fr"):
            client.get(ADDRESSES[0], headers={"accept-language": language})
    assert write.call_count == 2

"""The keys and documents that the community's client asks for, and that client itself, unchanged."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Program
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from tests.accounts import provider
from tests.catalogue import shelf
from tests.catalogue.test_signing import key, path_of, sign


@pytest.fixture
def image(db, licences):
    return shelf.product()


@pytest.fixture
def reader(image, other_researcher):
    return shelf.signed(other_researcher, image)


@pytest.fixture
def token(as_, reader):
    """What a person granted to a tool that may read and download."""
    program = provider.app("read", "download", "offline_access")
    return provider.tokens(as_(reader), program)["access_token"]


def get(name, headers=None, **query):
    return Client().get(f"/signing/{name}", query, headers=headers)


def bearer(token):
    return {"Authorization": f"bearer {token}"}


def test_a_token_makes_a_key_that_may_what_it_may(reader, token):
    answer = get("create_api_key", bearer(token), description="my\nnotebook")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    pair = answer.json()
    assert set(pair) == {"access-key", "secret-key"}
    made = ApiKey.objects.get(access_key=pair["access-key"])
    assert (made.user, made.name, made.scopes) == (reader, "my notebook", ["read", "download"])
    [told] = get("list_api_keys_with_metadata", pair).json()
    assert told["access-key"] == pair["access-key"]
    assert told["description"] == "my notebook"
    assert told["created"] == f"{made.made_at:%Y-%m-%d %H:%M:%S}"


def test_a_key_makes_no_key(reader):
    _made, pair = key(reader, "read", "download")
    answer = get("create_api_key", pair)
    assert (answer.status_code, answer.json()["code"]) == (403, "token_needed")
    assert ApiKey.objects.count() == 1


def test_a_session_is_not_read(as_, reader):
    for name in ("create_api_key", "list_api_keys_with_metadata", "revoke_api_key"):
        assert as_(reader).get(f"/signing/{name}").status_code == 401
    assert not ApiKey.objects.exists()


def test_one_revokes_ones_own_keys_alone(reader, researcher):
    _mine, pair = key(reader, "read")
    other, _pair = key(researcher, "read")
    spare, _pair = key(reader, "read")
    assert get("revoke_api_key", pair, access_key=other.access_key).status_code == 404
    assert get("revoke_api_key", pair, access_key="\x00").status_code == 404
    for _twice in range(2):
        assert get("revoke_api_key", pair, access_key=spare.access_key).status_code == 200
    usable = ApiKey.objects.usable().values_list("access_key", flat=True)
    assert set(usable) == {pair["access-key"], other.access_key}
    assert len(get("list_api_keys_with_metadata", pair).json()) == 1


def test_the_document_says_where_tokens_are_and_describes_signing_alone(db, settings):
    told = get("openapi.json").json()
    flow = told["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]
    assert flow["tokenUrl"] == f"{settings.SITE_URL}/identity/o/api/token"
    asked = flow["tokenUrl"].rsplit("/", 1)[0] + "/auth/device"
    sent = {"client_id": "gdal", "scope": "openid offline_access"}
    assert provider.post_form(urlsplit(asked).path, sent).status_code == 200
    assert {path.split("/")[1] for path in told["paths"]} == {"signing"}


def test_a_link_is_made_anew_for_whoever_may(reader, image, settings):
    _made, pair = key(reader)
    path = reverse("product_file", args=[image.pk, image.files.get().pk])
    href = f"{settings.SITE_URL}{path}"
    link = sign([href], pair).json()["hrefs"][href]
    again = sign([link], pair).json()["hrefs"][link]
    assert b"".join(Client().get(path_of(again)).streaming_content)
    altered = link.replace("/files/", "/files/x")
    assert sign([altered], pair).status_code == 403


def test_a_link_of_somebody_else_gives_no_right(reader, researcher, image, settings):
    _made, pair = key(reader)
    href = f"{settings.SITE_URL}{reverse('product_file', args=[image.pk, image.files.get().pk])}"
    link = sign([href], pair).json()["hrefs"][href]
    _other, others = key(researcher)
    assert sign([link], others).json()["code"] == "licence_not_signed"


CLIENT = """
import json, sys
from urllib.parse import urlsplit
import pystac_client, requests
from teledetection.sdk import settings, signing
site = sys.argv[1]
signing.S3_STORAGE_DOMAIN = urlsplit(site).netloc
catalogue = pystac_client.Client.open(f"{site}/stac/", modifier=signing.sign_inplace)
[item] = catalogue.search(filter="order:status = 'succeeded'").items()
[data] = [asset for asset in item.assets.values() if "data" in asset.roles]
print(json.dumps({"href": data.href, "bytes": len(requests.get(data.href, timeout=20).content)}))
"""


def test_the_client_itself_signs_what_pystac_client_finds(
    transactional_db, live_server, settings, tmp_path, licences, other_researcher
):
    settings.SITE_URL = live_server.url
    image = shelf.product()
    reader = shelf.signed(other_researcher, image)
    _made, secret = api_keys.create(
        reader, name="client", scopes=["read", "download"], by=Actor.of(reader)
    )
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "TLD_SIGNING_ENDPOINT": f"{live_server.url}/signing/",
        "TLD_ACCESS_KEY": _made.access_key,
        "TLD_SECRET_KEY": secret,
        "TLD_CONFIG_DIR": str(tmp_path),
        "TLD_RETRY_TOTAL": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", CLIENT, live_server.url],
        capture_output=True, text=True, timeout=120, env=env,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert "/signing/files/" in told["href"]
    assert told["bytes"] == shelf.SIZE


def test_the_client_is_known_by_the_name_it_carries(db):
    assert Program.objects.filter(client_id="gdal").exists()

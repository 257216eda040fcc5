"""Deliveries handed in by program: addresses below the inbox, signed for one PUT of one file each."""

import io
import json
import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Program
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.inboxes import inbox_at
from orders.services.delivering import handing_in
from tests.accounts import provider

pytestmark = pytest.mark.django_db
CONTENT = b"PK" + bytes(300_000)


@pytest.fixture(autouse=True)
def inbox(settings, tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    settings.INBOX_URL = f"file://{folder}"
    return folder


@pytest.fixture
def token(as_, desk):
    program = provider.app("read", "download", "offline_access")
    return provider.tokens(as_(desk), program)["access_token"]


def ask(urls, headers=None, client=None, **more):
    sent = {"urls": urls, **more}
    return (client or Client()).post(
        "/signing/sign_urls_put", json.dumps(sent), content_type="application/json", headers=headers
    )


def signed(desk, path="airbus/DS_1.zip"):
    return handing_in.sign(handing_in.address(path), user=desk).url


def put(url, content=CONTENT, **more):
    parts = urlsplit(url)
    return Client().put(
        f"{parts.path}?{parts.query}", content, content_type="application/octet-stream", **more
    )


def test_a_token_of_the_desk_signs_and_the_file_lies_in_the_inbox(token, inbox):
    url, other = handing_in.address("airbus/DS_1.zip"), "https://elsewhere.example/x.tif"
    told = ask([url, other], {"Authorization": f"bearer {token}"}).json()
    assert told["hrefs"][other] == other
    assert told["expiry"]
    assert put(told["hrefs"][url]).status_code == 200
    assert (inbox / "airbus" / "DS_1.zip").read_bytes() == CONTENT
    [thing] = inbox_at(f"file://{inbox}").look()
    assert (thing.supplier, thing.name, thing.size) == ("airbus", "DS_1.zip", len(CONTENT))


def test_nobody_else_signs_and_no_key_does(as_, desk, researcher, laboratory):
    url = handing_in.address("airbus/DS_1.zip")
    answer = ask([url], client=as_(researcher))
    assert (answer.status_code, answer.json()["code"]) == (403, "desk_only")
    made, secret = api_keys.create(
        researcher, name="k", scopes=["read", "download"], by=Actor.of(researcher)
    )
    answer = ask([url], {"access-key": made.access_key, "secret-key": secret})
    assert answer.json()["code"] == "desk_only"
    assert ask([url]).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "a.zip", "airbus/../../etc/x", "airbus/.hidden", "airbus/done/x.zip", "done/x/y.zip", "airbus//x",
        "airbus/x%0Ay.zip", "airbus/.taken/1/x", "a/" * 30 + "x", "airbus/" + "x" * 300,
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(as_, desk, path):
    answer = ask([f"{handing_in.address('x').removesuffix('x')}{path}"], client=as_(desk))
    assert (answer.status_code, answer.json()["code"]) == (422, "path_wrong")


def test_sixty_five_are_too_many(as_, desk):
    urls = [handing_in.address(f"airbus/{number}.zip") for number in range(65)]
    assert ask(urls, client=as_(desk)).status_code == 400
    assert ask(urls[:64], client=as_(desk)).status_code == 200


def test_nothing_is_written_over(desk, inbox):
    url = signed(desk)
    assert put(url).status_code == 200
    again = put(url, b"another")
    assert (again.status_code, again.json()["code"]) == (409, "file_exists")
    assert (inbox / "airbus" / "DS_1.zip").read_bytes() == CONTENT
    assert len(list((inbox / "airbus").iterdir())) == 1


def test_a_file_that_is_cut_or_too_large_leaves_nothing(desk, inbox, settings):
    token = parse_qs(urlsplit(signed(desk)).query)["token"][0]
    with pytest.raises(Invalid) as refused:
        handing_in.receive("airbus/DS_1.zip", token, io.BytesIO(CONTENT), len(CONTENT) + 5)
    assert refused.value.code == "file_cut"
    settings.INBOX_PUT_BYTES = 10
    answer = put(signed(desk), CONTENT)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_too_large")
    assert [path for path in inbox.rglob("*") if path.is_file()] == []


def test_no_link_leads_a_file_out_of_the_inbox(desk, inbox, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (inbox / "airbus").symlink_to(tmp_path / "elsewhere")
    answer = put(signed(desk))
    assert (answer.status_code, answer.json()["code"]) == (409, "inbox_failing")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_is_for_its_own_file_its_time_and_an_officer(desk, settings, inbox):
    url = signed(desk)
    assert put(url.replace("DS_1", "DS_2")).json()["code"] == "link_altered"
    assert put(url[:-3] + "abc").json()["code"] == "link_altered"
    over = signing.dumps([desk.pk, "airbus/DS_1.zip", 1], salt=handing_in.SALT)
    assert put(f"{handing_in.address('airbus/DS_1.zip')}?token={over}").status_code == 410
    desk.duties.all().delete()
    assert put(url).json()["code"] == "desk_only"
    assert not list(inbox.rglob("*.zip"))


def test_without_an_inbox_nothing_is_signed(as_, desk, settings):
    settings.INBOX_URL = ""
    answer = ask([handing_in.address("airbus/DS_1.zip")], client=as_(desk))
    assert (answer.status_code, answer.json()["code"]) == (409, "inbox_off")


CLIENT = """
import sys
from urllib.parse import urlsplit
from teledetection.sdk import settings, signing
signing.S3_STORAGE_DOMAIN = urlsplit(sys.argv[1]).netloc
from teledetection.upload.transfer import push
print(push(sys.argv[2], f"{sys.argv[1]}/signing/inbox/airbus/DS_9.zip"))
"""


@pytest.mark.django_db(transaction=True)
def test_the_community_client_pushes_a_file_unchanged(
    live_server, settings, tmp_path, as_, desk, inbox
):
    """Signed in as an officer, as its own device flow leaves it."""
    settings.SITE_URL = live_server.url
    program = Program.objects.get(client_id="gdal")
    asked = {"client_id": "gdal", "scope": "openid offline_access"}
    waiting = provider.post_form("/identity/o/api/auth/device", asked).json()
    as_(desk).post(waiting["verification_uri_complete"], {"action": "confirm"})
    granted = provider.poll(program, waiting).json()
    (tmp_path / ".jwt").write_text(json.dumps(granted))
    (tmp_path / "DS_9.zip").write_bytes(CONTENT)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "TLD_SIGNING_ENDPOINT": f"{live_server.url}/signing/",
        "TLD_CONFIG_DIR": str(tmp_path),
        "TLD_RETRY_TOTAL": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", CLIENT, live_server.url, str(tmp_path / "DS_9.zip")],
        capture_output=True, text=True, timeout=120, env=env, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (inbox / "airbus" / "DS_9.zip").read_bytes() == CONTENT

"""Signed links in the protocol of the community's client, and the product for programs."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services.programs import api_keys
from catalogue.services import downloads
from dinamis.actors import Actor
from dinamis.logs import without_tokens
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db
SIGN = "/signing/sign_urls"


@pytest.fixture
def image(licences):
    return shelf.product()


@pytest.fixture
def href(image, settings):
    path = reverse("product_file", args=[image.pk, image.files.get().pk])
    return f"{settings.SITE_URL}{path}"


@pytest.fixture
def reader(other_researcher, image):
    return shelf.signed(other_researcher, image)


def key(user, *scopes):
    made, secret = api_keys.create(
        user, name="test", scopes=scopes or ["download"], by=Actor.of(user)
    )
    return made, {"access-key": made.access_key, "secret-key": secret}


def sign(urls, headers, **more):
    """As teledetection 1.13 asks: JSON in the body."""
    return Client().post(
        SIGN, {"urls": urls, **more}, content_type="application/json", headers=headers
    )


def path_of(url):
    return "/" + url.partition("//")[2].partition("/")[2]


def test_a_key_signs_a_file_and_its_link_gives_the_bytes(reader, href):
    _made, headers = key(reader)
    before = timezone.now()
    answer = sign([href], headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"expiry", "hrefs"}
    expiry = datetime.fromisoformat(answer.json()["expiry"])
    assert timedelta(seconds=7198) < expiry - before <= timedelta(seconds=7201)
    link = answer.json()["hrefs"][href]
    assert shelf.body(Client().get(path_of(link))) == shelf.data()


def test_the_older_client_asks_by_the_query(reader, href):
    _made, headers = key(reader)
    headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    answer = Client().post(
        f"{SIGN}?urls={href}&urls=https://elsewhere.example/a.tif&duration_seconds=600",
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 200
    assert list(answer.json()["hrefs"]) == [href, "https://elsewhere.example/a.tif"]
    expiry = datetime.fromisoformat(answer.json()["expiry"])
    assert expiry - timezone.now() <= timedelta(seconds=600)


def test_what_is_not_a_file_of_ours_comes_back_as_it_was_sent(reader, href, settings):
    _made, headers = key(reader)
    others = [
        "https://elsewhere.example/a.tif",
        f"{settings.SITE_URL}/catalogue/",
        f"{settings.SITE_URL}/nothing/here",
        "not an address",
        href.replace("://", "://evil."),
    ]
    assert sign(others, headers).json()["hrefs"] == {url: url for url in others}


def test_a_file_that_does_not_exist_is_404_and_named(reader, href):
    answer = sign([href + "999"], key(reader)[1])
    assert answer.status_code == 404
    assert answer.json()["url"] == href + "999"


def test_without_keys_or_with_wrong_ones_nothing_is_signed(reader, href):
    assert sign([href], {}).status_code == 401
    assert sign([href], {"access-key": "a", "secret-key": "b"}).status_code == 401
    assert sign([href], {"access-key": key(reader)[0].access_key}).status_code == 401


def test_a_key_that_may_only_read_signs_nothing(reader, href):
    assert sign([href], key(reader, "read", "order")[1]).status_code == 403


def test_before_the_licence_the_refusal_names_the_page_that_signs(image, href, other_researcher):
    answer = sign([href], key(other_researcher)[1])
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "licence_not_signed"
    assert path_of(problem["sign_at"]) == downloads.sign_url(image)


def test_the_refusal_can_be_read_by_a_client_that_takes_it_for_python(href, other_researcher):
    # Both clients log literal_eval(response.text): null, true and false would break it.
    text = sign([href], key(other_researcher)[1]).content.decode()
    assert not {"null", "true", "false"} & set(text.replace(",", ":").split(":"))


@pytest.mark.parametrize("number", [0, 65])
def test_from_one_to_sixty_four_addresses_at_once(number, reader, href):
    urls = [f"https://elsewhere.example/{n}" for n in range(number)]
    assert sign(urls, key(reader)[1]).status_code == 400


def test_sixty_four_addresses_are_taken(reader):
    urls = [f"https://elsewhere.example/{n}" for n in range(64)]
    assert len(sign(urls, key(reader)[1]).json()["hrefs"]) == 64


def test_a_duration_is_bounded_by_the_setting(reader, href, settings):
    settings.DOWNLOAD_LINK_SECONDS = 100
    answer = sign([href], key(reader)[1], duration_seconds=10**8)
    expiry = datetime.fromisoformat(answer.json()["expiry"])
    assert expiry - timezone.now() <= timedelta(seconds=100)
    assert sign([href], key(reader)[1], duration_seconds=-1).status_code == 400


def test_a_revoked_key_takes_its_links_along(reader, href):
    made, headers = key(reader)
    link = path_of(sign([href], headers).json()["hrefs"][href])
    assert shelf.taken(Client().get(link)).status_code == 200
    api_keys.revoke(made, by=Actor.of(reader))
    assert Client().get(link).status_code == 403


def test_a_session_signs_only_with_its_csrf_token(reader, href, as_):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reader)
    answer = browser.post(SIGN, {"urls": [href]}, content_type="application/json")
    assert answer.status_code == 403
    answer = as_(reader).post(SIGN, {"urls": [href]}, content_type="application/json")
    assert answer.status_code == 200


def test_the_landing_says_where_to_sign(client, settings):
    told = client.get("/signing/").json()
    assert told["sign_urls"] == f"{settings.SITE_URL}{SIGN}"
    assert told["duration_seconds"] == settings.DOWNLOAD_LINK_SECONDS


def test_a_program_finds_the_files_of_a_product(image, href, client):
    told = client.get(f"/api/v1/products/{image.pk}").json()
    (file,) = told["files"]
    assert file["href"] == href
    assert file["size"] == shelf.SIZE
    assert file["sha256"] == image.files.get().sha256
    assert told["scene"] == image.scene.item_id
    assert told["licence"] == "pleiades"
    assert told["footprint"]["type"] == "MultiPolygon"


def test_a_withdrawn_product_is_not_told_of(image, client):
    image.state, image.state_reason = "withdrawn", "Wrong."
    image.save()
    assert client.get(f"/api/v1/products/{image.pk}").status_code == 404


def test_the_log_does_not_keep_the_token(reader, href):
    link = path_of(sign([href], key(reader)[1]).json()["hrefs"][href])
    token = link.split("/")[3]
    facts = {"request": f"GET {link}", "event": f"Forbidden: {link}", "code": 403}
    hidden = without_tokens(None, "info", dict(facts))
    assert token not in str(hidden)
    assert hidden["request"] == "GET /signing/files/…/IMG.TIF"

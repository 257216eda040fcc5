"""A real relying party (Authlib) and a real browser's session, over loopback: code flow, device flow, races."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode

import pytest
import requests
from allauth.idp.oidc.models import Token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.services.programs import programs
from accounts.services.programs.programs import Facts
from tests import make
from tests.accounts import provider

pytestmark = pytest.mark.django_db(transaction=True)
TIMEOUT = 20


@pytest.fixture
def site(live_server, settings):
    """DINAMIS on loopback, under the name it really has there."""
    settings.SITE_URL = live_server.url
    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0
    return live_server.url


@pytest.fixture
def callback():
    """The party's own address, which keeps what it is asked."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/callback", seen
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def browser(db):
    """A person's session, as the browser carries it."""
    user = make.person("person@elsewhere.example", name="Ada Person")
    signed_in = Client()
    signed_in.force_login(user)
    # Closed at the end: a connection kept alive keeps the server's thread and its database session.
    with requests.Session() as session:
        session.cookies.set(settings.SESSION_COOKIE_NAME, signed_in.cookies["session"].value)
        session.headers["Accept-Language"] = "en"
        session.person = user
        yield session


def agree(browser: requests.Session, page: requests.Response, address: str, **sent: object) -> None:
    """Send the form of a page."""
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|request)" value="([^"]+)"', page.text))
    scopes = re.findall(r'name="scopes" value="([^"]+)"', page.text)
    answer = browser.post(address, hidden | {"scopes": scopes} | sent, timeout=TIMEOUT)
    assert answer.ok, answer.text


def test_a_site_signs_a_person_in_with_a_secret_and_pkce(site, callback, browser):
    returns, seen = callback
    scopes = ["openid", "profile", "email", "offline_access"]
    program, secret = programs.register(
        Facts("Site", scopes, [returns]), kind="site", by=make.SYSTEM
    )
    told = requests.get(f"{site}/.well-known/openid-configuration", timeout=TIMEOUT).json()
    party = OAuth2Session(
        program.client_id, secret, scope=" ".join(scopes), redirect_uri=returns,
        code_challenge_method="S256",
    )  # fmt: skip
    address, state = party.create_authorization_url(
        told["authorization_endpoint"], code_verifier=provider.VERIFIER, nonce="the-nonce"
    )
    assert create_s256_code_challenge(provider.VERIFIER) in address
    agree(
        browser,
        browser.get(address, timeout=TIMEOUT),
        f"{site}/identity/o/authorize",
        action="grant",
    )
    assert f"state={state}" in seen[0]
    got = party.fetch_token(
        told["token_endpoint"],
        authorization_response=f"http://127.0.0.1{seen[0]}",
        state=state,
        code_verifier=provider.VERIFIER,
        timeout=TIMEOUT,
    )
    keys = KeySet.import_key_set(requests.get(told["jwks_uri"], timeout=TIMEOUT).json())
    claims = jwt.decode(got["id_token"], keys, algorithms=["RS256"]).claims
    jwt.JWTClaimsRegistry(
        iss={"value": site}, aud={"value": program.client_id}, nonce={"value": "the-nonce"}
    ).validate(claims)
    assert claims["sub"] == str(browser.person.public_id)
    assert party.get(told["userinfo_endpoint"], timeout=TIMEOUT).json()["name"] == "Ada Person"
    renewed = party.refresh_token(told["token_endpoint"], timeout=TIMEOUT)
    assert renewed["refresh_token"] != got["refresh_token"]
    assert party.revoke_token(
        told["revocation_endpoint"], token=renewed["access_token"], timeout=TIMEOUT
    ).ok
    assert party.get(told["userinfo_endpoint"], timeout=TIMEOUT).status_code == 401


def test_a_wrong_secret_and_a_wrong_state_get_nothing(site, callback, browser):
    returns, seen = callback
    program, _secret = programs.register(
        Facts("Site", ["openid"], [returns]), kind="site", by=make.SYSTEM
    )
    party = OAuth2Session(program.client_id, "guessed", scope="openid", redirect_uri=returns)
    address, _state = party.create_authorization_url(f"{site}/identity/o/authorize")
    agree(
        browser,
        browser.get(address, timeout=TIMEOUT),
        f"{site}/identity/o/authorize",
        action="grant",
    )
    answer = f"http://127.0.0.1{seen[0]}"
    with pytest.raises(Exception, match="mismatching_state"):
        party.fetch_token(f"{site}{provider.TOKEN}", authorization_response=answer, state="other")
    with pytest.raises(Exception, match="invalid_client"):
        party.fetch_token(f"{site}{provider.TOKEN}", authorization_response=answer)
    assert Token.objects.count() == 0


def test_a_tool_signs_in_by_its_code_over_the_wire(site, browser):
    tool = provider.tool("profile", "offline_access")
    told = requests.get(f"{site}/.well-known/openid-configuration", timeout=TIMEOUT).json()
    sent = {"client_id": tool.client_id, "scope": "openid profile offline_access"}
    asked = requests.post(told["device_authorization_endpoint"], sent, timeout=TIMEOUT).json()
    poll = {
        "grant_type": provider.DEVICE_GRANT,
        "client_id": tool.client_id,
        "device_code": asked["device_code"],
    }
    waiting = requests.post(told["token_endpoint"], poll, timeout=TIMEOUT).json()
    assert waiting == {"error": "authorization_pending"}
    page = browser.get(f"{site}/identity/o/device?{urlencode({'code': asked['user_code']})}")
    agree(browser, page, asked["verification_uri_complete"], action="confirm")
    got = requests.post(told["token_endpoint"], poll, timeout=TIMEOUT).json()
    head = {"Authorization": f"Bearer {got['access_token']}"}
    who = requests.get(told["userinfo_endpoint"], headers=head, timeout=TIMEOUT).json()
    assert who == {"sub": str(browser.person.public_id), "name": "Ada Person"}
    assert answers_of_two(told["token_endpoint"], {
        "grant_type": "refresh_token",
        "client_id": tool.client_id,
        "refresh_token": got["refresh_token"],
    }) == [200, 400]  # fmt: skip


def answers_of_two(address: str, sent: dict[str, str]) -> list[int]:
    """The same refresh token used twice at the same instant."""
    start, answers = threading.Barrier(2), []

    def ask() -> None:
        start.wait()
        answers.append(requests.post(address, sent, timeout=TIMEOUT).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)

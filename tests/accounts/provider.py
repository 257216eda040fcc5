"""A person's browser and a program, for the tests of DINAMIS as a provider."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

from accounts.models import Program
from accounts.services.programs import programs
from accounts.services.programs.programs import Facts
from tests.make import SYSTEM

RETURN = "https://theia.example/callback"
VERIFIER = "v" * 50
AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"
DEVICE_CODE = "/identity/o/api/device/code"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def challenge(verifier: str = VERIFIER) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def app(*scopes: str, uris: tuple[str, ...] = (RETURN,), name: str = "Plugin") -> Program:
    """A program without a secret."""
    facts = Facts(name, ["openid", *scopes], uris)
    return programs.register(facts, kind="app", by=SYSTEM)[0]


def tool(*scopes: str) -> Program:
    return programs.register(Facts("Tool", ["openid", *scopes]), kind="tool", by=SYSTEM)[0]


def asked(program: Program, **changed: Any) -> dict[str, Any]:
    """What a program sends with the person to the page of consent."""
    usual = {
        "client_id": program.client_id,
        "response_type": "code",
        "redirect_uri": RETURN,
        "scope": " ".join(program.scopes),
        "state": "the-state",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (usual | changed).items() if value is not None}


def address(program: Program, **changed: Any) -> str:
    return f"{AUTHORIZE}?{urlencode(asked(program, **changed))}"


def agree(browser: Client, page: HttpResponse, *, action: str = "grant", scopes: Any = None) -> Any:
    """Answer the page of consent."""
    html = page.content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', html)[1]
    if scopes is None:
        scopes = re.findall(r'name="scopes" value="([^"]+)"', html)
    sent = {"request": signed, "scopes": scopes, "action": action}
    return browser.post(AUTHORIZE, sent)


def said(response: HttpResponse) -> dict[str, str]:
    """What the browser carries back to the program."""
    assert response.status_code == 302, response.content
    assert response["Location"].startswith(RETURN), response["Location"]
    query = parse_qs(urlsplit(response["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def code_for(browser: Client, program: Program, **changed: Any) -> str:
    """A code that the person agreed to."""
    return said(agree(browser, browser.get(address(program, **changed))))["code"]


def exchange(program: Program, code: str, **changed: Any) -> HttpResponse:
    """The program asks tokens for its code."""
    usual = {
        "grant_type": "authorization_code",
        "client_id": program.client_id,
        "code": code,
        "redirect_uri": RETURN,
        "code_verifier": VERIFIER,
    }
    return Client().post(TOKEN, usual | changed)


def renew(program: Program, refresh_token: str, **more: str) -> HttpResponse:
    sent = {
        "grant_type": "refresh_token",
        "client_id": program.client_id,
        "refresh_token": refresh_token,
        **more,
    }
    return Client().post(TOKEN, sent)


def tokens(browser: Client, program: Program) -> dict[str, Any]:
    """The whole way: agreed and exchanged."""
    answer = exchange(program, code_for(browser, program))
    assert answer.status_code == 200, answer.content
    return answer.json()


def post_form(address: str, sent: dict[str, str]) -> HttpResponse:
    """As a program posts: the device endpoint takes no other encoding."""
    return Client().post(address, urlencode(sent), content_type="application/x-www-form-urlencoded")


def ask_device(program: Program, **changed: str) -> dict[str, Any]:
    """A tool asks for a code to show."""
    answer = post_form(DEVICE_CODE, {"client_id": program.client_id, **changed})
    assert answer.status_code == 200, answer.content
    return answer.json()


def poll(program: Program, waiting: dict[str, Any]) -> HttpResponse:
    sent = {
        "grant_type": DEVICE_GRANT,
        "client_id": program.client_id,
        "device_code": waiting["device_code"],
    }
    return Client().post(TOKEN, sent)

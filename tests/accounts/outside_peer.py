"""A real OpenID Connect provider (Authlib, by oidc-provider-mock) on loopback, which can be told to lie."""

import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client
from scim2_server.testserver.cli import ThreadingWSGIServer

from dinamis import signin

with warnings.catch_warnings():
    import authlib.deprecate  # noqa: F401  which asks to be warned of itself

    warnings.simplefilter("ignore")  # the provider still uses a module of Authlib that is to go
    import oidc_provider_mock

LATE = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

TIMEOUT = 20
Change = Callable[[dict[str, Any]], dict[str, Any]]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Peer:
    """The provider; `changes` alter what one of its addresses answers, `away` lets it answer nothing good."""

    def __init__(self) -> None:
        self.application = oidc_provider_mock.app()
        self.changes: dict[str, Change] = {}
        self.asked: list[str] = []
        self.broken: list[Exception] = []
        self.away = False
        self.url = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if self.away:
            start("503 Service Unavailable", [])
            return [b""]
        change = self.changes.get(path)
        if change is None:
            return self.application(environ, start)
        told: list[Any] = []
        body = b"".join(self.application(environ, lambda *args: told.extend(args)))
        try:
            body = json.dumps(change(json.loads(body))).encode()
        except Exception as fault:
            self.broken.append(fault)  # a test that lies badly proves nothing
            raise
        start(told[0], [("Content-Type", "application/json")])
        return [body]

    def begin(self) -> "Peer":
        """As it was made: for the next test."""
        self.changes, self.asked, self.away = {}, [], False
        return self

    def knows(self, sub: str, **claims: Any) -> None:
        """Somebody has an account over there."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=TIMEOUT).raise_for_status()

    def entry(self, provider_id: str = "lab", **changed: Any) -> dict[str, Any]:
        """How an installation of ours names it."""
        usual = {
            "kind": "oidc", "id": provider_id, "name": "The Lab", "server_url": self.url,
            "client_id": "dinamis", "secret": "shared", "trusted_domains": ["lab.example"],
        }  # fmt: skip
        return usual | changed

    def answer(self, left: HttpResponse, sub: str, *, deny: bool = False) -> str:
        """The person signs in over there; return the address that the browser is sent back to."""
        sent = {"action": "deny"} if deny else {"sub": sub}
        answer = requests.post(away(left), sent, allow_redirects=False, timeout=TIMEOUT)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        state = "" if "state=" in back.query else f"&state={asked(left)['state']}"
        return f"{back.path}?{back.query}{state}"


def away(left: HttpResponse) -> str:
    """The address at the provider that a page of ours leads to."""
    assert left.status_code == 200, left.content
    return left["Refresh"].partition("url=")[2]


def asked(left: HttpResponse) -> dict[str, str]:
    """What the person carries to the provider."""
    query = parse_qs(urlsplit(away(left)).query)
    return {name: values[0] for name, values in query.items()}


def leave(browser: Client, provider_id: str = "lab", process: str = "login", **more: Any) -> Any:
    """Press the button of a provider."""
    address = f"/accounts/oidc/{provider_id}/login/?process={process}"
    return browser.post(address, more)


def sign_in(browser: Client, peer: Peer, sub: str, **more: Any) -> Any:
    """The whole way there and back; return what our callback answers."""
    return browser.get(peer.answer(leave(browser, **more), sub))


def forged(token: str, *, key: Any = None, algorithm: str = "RS256", **claims: Any) -> str:
    """The same token with other claims, signed by somebody else."""
    said = jwt.decode(token, options={"verify_signature": False}) | claims
    head = jwt.get_unverified_header(token)
    if key is None and algorithm != "none":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kept = {"kid": head["kid"]} if "kid" in head else {}
    return jwt.encode(said, key, algorithm=algorithm, headers=kept)


def set_up(settings: Any, *entries: dict[str, Any]) -> None:
    """The settings of an installation with these providers."""
    told = signin.read(json.dumps(entries))
    assert told.faults == []
    settings.SOCIALACCOUNT_PROVIDERS = told.providers


@contextmanager
def running() -> Iterator[Peer]:
    peer = Peer()
    server = make_server(
        "127.0.0.1", 0, peer, server_class=ThreadingWSGIServer, handler_class=Quiet
    )
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield peer
        assert peer.broken == []
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

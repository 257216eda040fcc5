"""A real SCIM server (scim2-server) on loopback, in a thread, which can be told to fail."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import load_default_provider

TOKEN = "the-token"
Fault = Callable[["Peer", dict[str, Any], Callable[..., Any]], Iterable[bytes]]


schemas_of_the_standard = cache(load_default_provider)  # slow to read, and the same for all


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Peer:
    """The server; each of `faults` takes one request instead of it."""

    def __init__(self) -> None:
        self.storage = InMemoryStorage()
        self.application = BearerTokenApplication(
            self.storage, schemas_of_the_standard(), bearer_tokens=[TOKEN]
        )
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.url = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.faults:
            return self.faults.pop(0)(self, environ, start)
        return self.application(environ, start)


def status(line: str, **headers: str) -> Fault:
    """An answer of another status, without doing anything."""

    def answer(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start(line, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [b""]

    return answer


def passed(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """No fault: this request is served."""
    return peer.application(environ, start)


def lost(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """It is done, and the reply never arrives whole."""
    list(peer.application(environ, lambda *args: None))
    start("201 Created", [("Content-Type", "application/scim+json"), ("Content-Length", "500")])
    return [b"{"]


def slow(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """It answers after the caller has gone."""
    time.sleep(0.6)
    return peer.application(environ, start)


def packed(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """An answer that says it is packed, which nobody asked for."""
    start("200 OK", [("Content-Type", "application/scim+json"), ("Content-Encoding", "gzip")])
    return [b"x"]


def endless(peer: Peer, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """A body far longer than anybody needs, without saying how long."""
    start("200 OK", [("Content-Type", "application/scim+json")])
    return (b" " * 65536 for _ in range(200))


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
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

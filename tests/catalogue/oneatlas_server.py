"""A make-believe search of OneAtlas on loopback: a token, pages of scenes, and the faults one asks for."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

KEY = "a key for tests alone"
TOKEN = "a token for tests alone"


class World:
    """What it holds and how it behaves: `faults` meet the next searches in turn."""

    def __init__(self) -> None:
        self.scenes: list[dict[str, Any]] = []
        self.faults: deque[str] = deque()
        self.asked: list[dict[str, Any]] = []

    def page(self, body: dict[str, Any]) -> dict[str, Any]:
        size, number = body["itemsPerPage"], body["startPage"]
        shown = self.scenes[(number - 1) * size : number * size]
        return {
            "type": "FeatureCollection",
            "totalResults": len(self.scenes),
            "itemsPerPage": size,
            "features": shown,
        }


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/auth":
                said = parse_qs(data.decode())
                is_right = said["apikey"] == [KEY] and said["grant_type"] == ["api_key"]
                self._say(200 if is_right else 401, {"access_token": TOKEN} if is_right else {})
                return
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._say(401, {})
                return
            self._search(json.loads(data))

        def _search(self, body: dict[str, Any]) -> None:
            world.asked.append(body)
            fault = world.faults.popleft() if world.faults else ""
            if fault in ("429", "500", "302"):
                self._say(int(fault), {})
            elif fault == "garbled":
                self._raw(b"<html>")
            elif fault == "array":
                self._raw(b"[]")
            elif fault == "no features":
                self._say(200, {"features": "none"})
            elif fault == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"features": [')
            elif fault == "slow":
                time.sleep(1.5)
                self._say(200, {"features": []})
            elif fault == "long":
                self._raw(b'{"x": "' + b"a" * 30_000 + b'"}')
            else:
                self._say(200, world.page(body))

        def _say(self, status: int, body: dict[str, Any]) -> None:
            self._raw(json.dumps(body).encode(), status)

        def _raw(self, data: bytes, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Nothing is written to the terminal."""

    return Handler


@contextmanager
def serving() -> Iterator[tuple[World, str]]:
    """The world, and the address it is served at."""
    world = World()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(world))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield world, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

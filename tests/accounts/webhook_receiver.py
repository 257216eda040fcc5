"""A real receiver on loopback: it verifies each call with the package of the standard, and answers as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver:
    """`got` are messages that verified, `forged` those that did not; `status`, `wait`, `body` say how to answer."""

    def __init__(self) -> None:
        self.secret = ""
        self.status, self.wait, self.body = 204, 0.0, b""
        self.headers: dict[str, str] = {}
        self.drip = False
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.forged: list[str] = []
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [message_id for message_id, _said in self.got]

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.got.append((headers["webhook-id"], Webhook(self.secret).verify(body, headers)))
        except WebhookVerificationError as error:
            self.forged.append(str(error))


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that lives as long as the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            time.sleep(receiver.wait)
            try:
                if receiver.drip:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    for number in range(40):
                        self.wfile.write(f"X-{number}: 1\r\n".encode())
                        time.sleep(0.05)
                    return
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(receiver.body)
            except OSError:
                pass  # the caller has hung up

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)

"""A STAPI server of one list: `python -m benchmarks._many_orders PORT ORDERS CHANGED SINCE`.

It answers pages that were written before, so that its own work takes as little of the machine as a
supplier's would; `/asked` tells the instants of its pages.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 100  # what the connector asks for
AREA = {
    "type": "Polygon",
    "coordinates": [[[-52.4, 4.8], [-52.2, 4.8], [-52.2, 5.0], [-52.4, 5.0], [-52.4, 4.8]]],
}


def order(number: int, *, at: str, code: str) -> dict[str, Any]:
    """One order as STAPI tells it; number n is T-n there and P-n here."""
    window = "2030-01-01T00:00:00Z/2030-02-01T00:00:00Z"
    return {
        "type": "Feature",
        "id": f"T-{number}",
        "geometry": AREA,
        "stapi_type": "Order",
        "stapi_version": "0.1.0",
        "properties": {
            "product_id": "pleiades",
            "created": at,
            "status": {"timestamp": at, "status_code": code, "links": []},
            "search_parameters": {"datetime": window, "geometry": AREA},
            "order_parameters": {"customer_reference": f"P-{number}"},
            "opportunity_properties": {},
        },
        "links": [],
    }


def told(number: int, *, changed: int, since: str) -> dict[str, Any]:
    """Where an order stands: the first so many are attempted, the others only accepted."""
    if number >= changed:
        return order(number, at=since, code="accepted")
    later = datetime.fromisoformat(since) + timedelta(minutes=1)
    return order(number, at=later.isoformat(), code="tasked")


def pages(here: str, number: int, *, changed: int, since: str) -> dict[int, bytes]:
    """Each page as it is sent, by the order it begins with."""
    made = {}
    for start in range(0, number, PAGE):
        end = min(number, start + PAGE)
        links = [{"rel": "next", "href": f"{here}/orders?next={end}"}] if end < number else []
        found = [told(one, changed=changed, since=since) for one in range(start, end)]
        made[start] = json.dumps(
            {"type": "FeatureCollection", "features": found, "links": links}
        ).encode()
    return made


def serve(port: int, number: int, changed: int, since: str) -> None:
    written = pages(f"http://127.0.0.1:{port}", number, changed=changed, since=since)
    asked: list[float] = []

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/asked":
                return self._send(json.dumps(asked).encode())
            asked.append(time.time())
            start = int(parse_qs(address.query).get("next", ["0"])[0])
            return self._send(written[start])

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/geo+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nothing is printed for each page."""

    ThreadingHTTPServer(("127.0.0.1", port), Answers).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])

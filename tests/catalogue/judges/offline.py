"""Run a judge of STAC with its schemas from the disk: `python offline.py PROGRAM ARGUMENTS…`.

The program is a console script of an installed package, run as it is: only what it would fetch from where
schemas are published is answered here, and any other address but loopback is refused.
"""

import io
import json
import sys
import urllib.request
from email.message import Message
from importlib.metadata import entry_points
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.response import addinfourl

import pystac.validation
import requests
from pystac.stac_io import DefaultStacIO, StacIO

# Extensions' own schemas are others' work and stay outside; those that are not there we wrote from their text.
GIVEN = Path(__file__).resolve().parents[4] / "shared" / "data" / "stac-schemas"
OURS = Path(__file__).parent / "schemas"
CORE = Path(pystac.validation.__file__).parent / "jsonschemas"
DRAFT = "http://json-schema.org/draft-07/schema#"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def document(url: str) -> bytes | None:
    """The schema published at an address; None for loopback. Raises OSError for any other address."""
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return None
    name = parts.path.rsplit("/", 1)[-1]
    if parts.hostname == "schemas.stacspec.org" and parts.path.startswith("/v1.1.0/"):
        return (CORE / "stac-spec" / "v1.1.0" / name).read_bytes()
    if parts.hostname == "geojson.org":
        return (CORE / "geojson" / name).read_bytes()
    if parts.hostname == "stac-extensions.github.io":
        return _of_an_extension(parts.path.lstrip("/"))
    raise OSError(f"{url} is on the network")


def _of_an_extension(path: str) -> bytes:
    """Its schema; where nobody gave it, one that accepts all: the core and our own are judged none the less."""
    for folder in (GIVEN / "stac-extensions.github.io", OURS):
        if (folder / path).is_file():
            return (folder / path).read_bytes()
    name = f"https://stac-extensions.github.io/{path}#"
    return json.dumps({"$schema": DRAFT, "$id": name}).encode()


class FromTheDisk(DefaultStacIO):
    """Where pystac reads schemas."""

    def read_text_from_href(self, href: str) -> str:
        content = document(href) if "://" in href else None
        return super().read_text_from_href(href) if content is None else content.decode()


def install() -> None:
    """Answer `requests`, `urllib` and pystac from the disk."""
    StacIO.set_default(FromTheDisk)
    send, opened = requests.Session.send, urllib.request.OpenerDirector.open

    def sent(self, request, **more):
        try:
            content = document(request.url)
        except OSError as error:
            raise requests.ConnectionError(str(error)) from error
        if content is None:
            return send(self, request, **more)
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = 200, request.url, request
        answer.headers["Content-Type"] = "application/schema+json"
        answer.raw = io.BytesIO(content)
        return answer

    def open_(self, address, *args, **more):
        url = address if isinstance(address, str) else address.full_url
        if urlsplit(url).scheme not in ("http", "https"):
            return opened(self, address, *args, **more)
        try:
            content = document(url)
        except OSError as error:
            raise URLError(error) from error
        if content is None:
            return opened(self, address, *args, **more)
        return addinfourl(io.BytesIO(content), Message(), url, 200)

    requests.Session.send = sent
    urllib.request.OpenerDirector.open = open_


if __name__ == "__main__":
    install()
    sys.argv = sys.argv[1:]
    [script] = entry_points(group="console_scripts", name=sys.argv[0])
    sys.exit(script.load()())

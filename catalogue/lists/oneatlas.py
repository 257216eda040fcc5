"""The search of Airbus's OneAtlas: what the archive holds over an area. Off without a key.

Written from memory of its guide and from the names that harvested answers use, and tried against a simulator
of our own (ADR 38): that proves our behaviour, not theirs. Asked from a worker or the command line, never
from a page.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import requests
from django.utils.translation import gettext as _

from catalogue.lists.files import feature
from catalogue.lists.names import Listed

CLIENT_ID = "IDP"
TIMEOUT = (5.0, 30.0)  # seconds: to connect, between two pieces
WHOLE_SECONDS = 120.0  # an answer that drips is as bad as one that is too long
MOST_BYTES = 20_000_000
PAGE = 100
MOST_SCENES = 1_000
INTERVAL_SECONDS = 1.1  # theirs to punish: more than one call a second is banned for ten minutes
CONSTELLATIONS = "PHR,SPOT"


class Trouble(Exception):
    """The search gave no answer that can be used; the words are for the desk."""


class Pace:
    """At least some seconds between two calls of this process; waits its turn."""

    def __init__(self, interval: float = INTERVAL_SECONDS) -> None:
        self.interval = interval
        self._lock = threading.Lock()
        self._next = 0.0

    def __call__(self) -> None:
        with self._lock:
            wait = self._next - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self._next = time.monotonic() + self.interval


ONE_A_SECOND = Pace()


@dataclass(frozen=True, slots=True)
class Asked:
    """`area` is a GeoJSON geometry in degrees; both days are included; cloud in per cent or None."""

    area: dict[str, Any]
    begins_on: date
    ends_on: date
    max_cloud: float | None = None

    @property
    def body(self) -> dict[str, Any]:
        body = {
            "geometry": self.area,
            "acquisitionDate": f"[{self.begins_on}T00:00:00Z,{self.ends_on}T23:59:59Z]",
            "constellation": CONSTELLATIONS,
            "sortBy": "-acquisitionDate",
            "itemsPerPage": PAGE,
        }
        cloud = {} if self.max_cloud is None else {"cloudCover": f"[0,{self.max_cloud:g}]"}
        return body | cloud


class Search:
    """One conversation: a token, then page after page."""

    def __init__(
        self,
        *,
        api_key: str,
        auth_url: str,
        search_url: str,
        pace: Callable[[], None] = ONE_A_SECOND,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self._key, self._auth_url, self._search_url = api_key, auth_url, search_url
        self._pace, self._timeout = pace, timeout
        self._http = requests.Session()
        self._http.trust_env = False  # neither a proxy nor a .netrc of the machine's

    def scenes(self, asked: Asked) -> list[Listed]:
        """At most MOST_SCENES scenes, the newest first; each once. Raises Trouble."""
        token = self._token()
        found: dict[str, Listed] = {}
        for page in range(1, MOST_SCENES // PAGE + 1):
            answer = self._page(asked.body | {"startPage": page}, token)
            features = answer.get("features")
            if not isinstance(features, list):
                raise Trouble(_("OneAtlas answered something else than scenes."))
            for one in features[:PAGE]:
                listed = feature(len(found) + 1, one)
                found.setdefault(_key(listed), listed)
            if len(features) < PAGE:
                break
        return list(found.values())

    def _token(self) -> str:
        form = {"apikey": self._key, "grant_type": "api_key", "client_id": CLIENT_ID}
        answer = self._read(self._call(self._auth_url, data=form))
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise Trouble(_("OneAtlas gave no token for our key."))
        return token

    def _page(self, body: dict[str, Any], token: str) -> dict[str, Any]:
        self._pace()
        headers = {"Authorization": f"Bearer {token}"}
        return self._read(self._call(self._search_url, json=body, headers=headers))

    def _call(self, url: str, **more: Any) -> requests.Response:
        try:
            answer = self._http.post(
                url, timeout=self._timeout, stream=True, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            raise Trouble(_("OneAtlas does not answer.")) from error
        if answer.status_code in (401, 403):
            raise Trouble(_("OneAtlas does not accept our key."))
        if answer.status_code == 429:
            raise Trouble(_("OneAtlas asks us to wait ten minutes."))
        if answer.status_code != 200:
            told = {"status": answer.status_code}
            raise Trouble(_("OneAtlas answered with an error (%(status)s).") % told)
        return answer

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        """The whole of an answer as an object, within bytes and seconds."""
        until, data = time.monotonic() + WHOLE_SECONDS, bytearray()
        try:
            with answer:
                for piece in answer.iter_content(65_536):
                    data += piece
                    if len(data) > MOST_BYTES or time.monotonic() > until:
                        raise Trouble(_("The answer of OneAtlas is too long."))
            read = json.loads(bytes(data))
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise Trouble(_("The answer of OneAtlas is broken.")) from error
        if not isinstance(read, dict):
            raise Trouble(_("OneAtlas answered something else than scenes."))
        return read


def _key(listed: Listed) -> str:
    """What tells a scene from another when a page repeats one; each line of none is its own."""
    for name in ("sourceIdentifier", "acquisitionIdentifier", "feature id"):
        if isinstance(listed.facts.get(name), str):
            return listed.facts[name]
    return f"line {listed.number}"

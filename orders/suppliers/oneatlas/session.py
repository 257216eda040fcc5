"""Requests to OneAtlas: a token renewed in time, one call after another, and every fault named.

What a fault leaves open decides its name: not heard for sure (Temporary), perhaps heard (Unknown),
read and refused (Refused), not to be disturbed before an instant (Banned).
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from orders.suppliers.protocol import Banned, Refused, SupplierError, Temporary, Unknown

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
# An answer that drips is as bad as one that is too long.
WHOLE_SECONDS = 120.0
MOST_BYTES = 20_000_000
# They answer 429 for ten minutes to whoever asks more than once a second.
BAN = timedelta(minutes=10)
INTERVAL_SECONDS = 1.1
# A token that ends within this is renewed before it is used.
MARGIN = timedelta(minutes=2)
CLIENT_ID = "IDP"


class Pace:
    """At least `interval` seconds between two calls of this process; waits its turn."""

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


def now() -> datetime:
    return datetime.now(UTC)


class Session:
    """One worker's conversation. `pace` is called before each request to the ordering host."""

    def __init__(
        self,
        *,
        api_key: str,
        auth_url: str,
        order_url: str,
        pace: Callable[[], None] = ONE_A_SECOND,
        clock: Callable[[], datetime] = now,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._key, self._auth_url = api_key, auth_url
        self._order_url = order_url.rstrip("/")
        self._pace, self._clock, self._timeout = pace, clock, timeout
        self._http = requests.Session()
        self._http.trust_env = False  # neither a proxy nor a .netrc of the machine's
        self._token, self._ends_at = "", datetime.min.replace(tzinfo=UTC)

    def get(self, path: str, **query: Any) -> Any:
        """Read something; asked again it changes nothing, so a lost answer is only Temporary."""
        return self._asked("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any], *, acts: bool = True) -> Any:
        """Send something. `acts` is False for a question that is merely long: a price, a study."""
        return self._asked("POST", path, body=body, acts=acts)

    def _asked(self, method: str, path: str, **sent: Any) -> Any:
        try:
            return self._once(method, path, **sent)
        except _TokenOver:
            # Revoked or forgotten before its end: once more with a new one; 401 did nothing there.
            self._token = ""
            return self._once(method, path, **sent)

    def _once(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        acts: bool = False,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._bearer()}", "Accept": "application/json"}
        self._pace()
        status, told, text = self._sent(
            method, self._order_url + path, acts=acts, params=query, json=body, headers=headers
        )
        if status == 401:
            raise _TokenOver(_("OneAtlas no longer takes our token."), code="token_over")
        self._check(status, told, text, acts=acts)
        return _decoded(text, acts=acts)

    def _bearer(self) -> str:
        """A token that will still hold while it is used."""
        if self._token and self._clock() + MARGIN < self._ends_at:
            return self._token
        form = {"apikey": self._key, "grant_type": "api_key", "client_id": CLIENT_ID}
        status, told, text = self._sent("POST", self._auth_url, acts=False, data=form)
        if status in {400, 401, 403}:
            raise Refused(_("OneAtlas does not know our key."), code="key_refused")
        self._check(status, told, text, acts=False)
        answer = _decoded(text, acts=False)
        token, lasts = answer.get("access_token"), answer.get("expires_in", 3600)
        if not isinstance(token, str) or not isinstance(lasts, int | float):
            raise Temporary(_("OneAtlas answered no token."), code="no_token")
        self._token, self._ends_at = token, self._clock() + timedelta(seconds=lasts)
        return token

    def _sent(self, method: str, url: str, *, acts: bool, **sent: Any) -> tuple[int, Any, bytes]:
        lost: type[SupplierError] = Unknown if acts else Temporary
        try:
            with self._http.request(
                method, url, timeout=self._timeout, allow_redirects=False, stream=True, **sent
            ) as answer:
                return answer.status_code, answer.headers, _read(answer)
        except requests.RequestException as error:
            if _never_connected(error):
                raise Temporary(_("OneAtlas cannot be reached."), code="unreachable") from None
            raise lost(_("OneAtlas gave no answer."), code="no_answer") from None
        except _TooMuch:
            raise lost(
                _("OneAtlas answered more, or more slowly, than we read."), code="too_much"
            ) from None

    def _check(self, status: int, told: Any, text: bytes, *, acts: bool) -> None:
        if 200 <= status < 300:
            return
        if status == 429:
            until = self._clock() + _wait(told.get("Retry-After", ""))
            raise Banned(_("OneAtlas asks for silence."), until=until)
        if status == 503:
            raise Temporary(_("OneAtlas is closed for the moment."), code="unavailable")
        if status >= 500:
            # It broke while working: what it did before is not known.
            lost = Unknown if acts else Temporary
            raise lost(
                _("OneAtlas broke (%(status)s).") % {"status": status}, code=f"http_{status}"
            )
        code, sentence = _said(text)
        if 300 <= status < 400:
            sentence = _("OneAtlas sends us elsewhere; we do not follow.")
        raise Refused(
            sentence or _("OneAtlas refuses (%(status)s).") % {"status": status},
            code=code or f"http_{status}",
        )


class _TokenOver(Refused):
    """401: nothing was done; a second one in a row means that the key is no longer theirs."""


class _TooMuch(Exception):
    pass


def _read(answer: requests.Response) -> bytes:
    read, until = b"", time.monotonic() + WHOLE_SECONDS
    for piece in answer.iter_content(64 * 1024):
        read += piece
        if len(read) > MOST_BYTES or time.monotonic() > until:
            raise _TooMuch
    return read


def _decoded(text: bytes, *, acts: bool) -> Any:
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        lost = Unknown if acts else Temporary
        raise lost(_("OneAtlas' answer cannot be read."), code="unreadable")
    return found


def _never_connected(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _wait(said: str) -> timedelta:
    """How long they want silence; their ban lasts ten minutes when they say nothing, or less."""
    return max(BAN, timedelta(seconds=int(said))) if said.isdigit() and len(said) < 7 else BAN


def _said(text: bytes) -> tuple[str, str]:
    """The code and sentence of a refusal, as far as there are any."""
    try:
        found = json.loads(text)
    except ValueError:
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    return str(found.get("errorCode", ""))[:40], str(found.get("message", ""))[:300]

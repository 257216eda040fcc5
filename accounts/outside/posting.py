"""One signed call to an address that somebody typed: never into a private network, never for long.

The name is resolved at the call and the connection goes to the very address that was judged, so a name
that changes between the two leads nowhere. No redirect is followed, no proxy of the environment asked.
The whole call has an end, whatever the other side does: one that answers byte by byte is left alone.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from django.conf import settings
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

CONNECT, SILENCE, WHOLE = 5.0, 10.0, 20.0  # seconds: to connect, between two bytes, in all
MOST = 16 * 1024  # bytes read of an answer; the rest is left
SHOWN = 300  # characters kept of it
_slots = threading.BoundedSemaphore(8)


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where none came; `fault` then says why, in a word of WebhookAttempt.Fault."""

    status: int | None
    fault: str
    milliseconds: int
    text: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it and say what came back. Never raises for the other side's fault.

    The call runs in a thread of its own that is left behind when time is up: a socket that gets a byte
    now and then never times out by itself. No more than eight such threads live in a process.
    """
    start = time.monotonic()
    found: list[Answer] = []
    if not _slots.acquire(timeout=WHOLE):
        return Answer(None, "slow", _since(start))

    def run() -> None:
        try:
            found.append(_call(url, body, headers, start))
        finally:
            _slots.release()

    thread = threading.Thread(target=run, daemon=True, name="webhook-call")
    thread.start()
    thread.join(timeout=WHOLE)
    return found[0] if found else Answer(None, "slow", _since(start))


def _call(url: str, body: bytes, headers: Mapping[str, str], start: float) -> Answer:
    try:
        with (
            _session() as session,
            session.post(url, data=body, headers=dict(headers), stream=True) as response,
        ):
            text = _read(response, start)
            fault = "redirect" if 300 <= response.status_code < 400 else ""
            return Answer(response.status_code, fault, _since(start), text)
    except requests.RequestException as error:
        return Answer(None, _fault(error), _since(start))
    except (OSError, ValueError):
        return Answer(None, "broken", _since(start))


def _session() -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings.WEBHOOK_ALLOW_LOOPBACK,
            never_redirect=True,
            default_timeout=(CONNECT, SILENCE),
            user_agent_override="DINAMIS-Webhooks/1",
        )
    )
    session.trust_env = False
    return session


def _read(response: requests.Response, start: float) -> str:
    """The beginning of the answer as text; its status counts already, so a slow rest is left unread."""
    read = b""
    try:
        for piece in response.iter_content(1024):
            read += piece
            if len(read) >= MOST or time.monotonic() - start > WHOLE / 2:
                break
    except (requests.RequestException, OSError):
        pass
    text = read[: SHOWN * 4].decode("utf-8", "replace")
    return "".join(sign for sign in text if sign.isprintable() or sign == " ")[:SHOWN]


def _fault(error: requests.RequestException) -> str:
    if isinstance(error, InvalidIPAddress):
        return "address"
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    if isinstance(error, requests.Timeout):
        return "slow"
    if "resolve" in str(error) or "refused" in str(error).lower():
        return "name"
    return "broken"


def _since(start: float) -> int:
    return round(1000 * (time.monotonic() - start))

"""HTTP as suppliers are spoken to: timeouts, a limit on answers, and what each fault means.

What matters after a fault is whether the request may have been taken. A question changes nothing
there, so its faults are Temporary; after a command has left, silence is Unknown.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import NewConnectionError

from orders.suppliers.protocol import Banned, Refused, SupplierError, Temporary, Unknown

CONNECT_SECONDS = 5
READ_SECONDS = 30
MOST_BYTES = 20 * 1024 * 1024
# When a 429 says nothing of how long.
USUAL_BAN = timedelta(seconds=60)
LONGEST_BAN = timedelta(hours=1)


class Web:
    """A session with one supplier. Only its own host is ever called, and redirects are not followed.

    `pace` is called before every request: it returns when the supplier's rate allows the next one.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        *,
        pace: Callable[[], None] = lambda: None,
    ) -> None:
        self._pace = pace
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers or {})

    def ask(self, path: str, **more: Any) -> Any:
        """GET something. Faults are Temporary or Refused."""
        return self._call("GET", path, changes=False, **more)

    def search(self, path: str, body: Any) -> Any:
        """POST a question that changes nothing."""
        return self._call("POST", path, changes=False, json=body)

    def command(self, path: str, body: Any = None, *, method: str = "POST", **more: Any) -> Any:
        """Send something that changes the state there. Unknown when it may have been taken."""
        return self._call(method, path, changes=True, json=body, **more)

    def address(self, path: str) -> str:
        """The whole address of a path, or of a link that they gave us. Refused for another host."""
        if "://" not in path:
            return f"{self.base_url}/{path.lstrip('/')}"
        if urlsplit(path)[:2] != urlsplit(self.base_url)[:2]:
            raise Refused(_("They lead to another host, which is not called."), code="other_host")
        return path

    def _call(self, method: str, path: str, *, changes: bool, **more: Any) -> Any:
        url = self.address(path)
        self._pace()
        try:
            answer = self._session.request(
                method,
                url,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
                **more,
            )
            with answer:
                body = _read(answer)
        except requests.RequestException as error:
            raise _silence(error, changes=changes) from error
        if answer.status_code >= 300:
            raise _fault(answer.status_code, answer.headers, body, changes=changes)
        if not body:
            return None
        try:
            return json.loads(body)
        except ValueError as error:
            kind = Unknown if changes else Temporary
            raise kind(_("Their answer is not JSON."), code="unreadable") from error


def _read(answer: requests.Response) -> bytes:
    body = b""
    for part in answer.iter_content(65536):
        body += part
        if len(body) > MOST_BYTES:
            raise requests.exceptions.ContentDecodingError("their answer is too long")
    return body


def _silence(error: requests.RequestException, *, changes: bool) -> SupplierError:
    """Nothing, or nothing whole, came back."""
    if not changes or _never_left(error):
        return Temporary(
            _("No answer (%(error)s).") % {"error": type(error).__name__}, code="no_answer"
        )
    return Unknown(
        _("The answer was lost (%(error)s).") % {"error": type(error).__name__}, code="answer_lost"
    )


def _never_left(error: requests.RequestException) -> bool:
    """True where no connection was made at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _fault(status: int, headers: Mapping[str, str], body: bytes, *, changes: bool) -> SupplierError:
    said = f"{status}: {_detail(body)}"
    if status == 429:
        return Banned(said, until=datetime.now(UTC) + _retry_after(headers))
    if status in {401, 403, 408, 503} or (status >= 500 and not changes):
        # Our key, or their load: nothing was taken, and an officer sees it in the circuit.
        return Temporary(said, code=f"status_{status}")
    if status >= 500:
        return Unknown(said, code=f"status_{status}")
    if status == 404:
        return Refused(said, code="gone")
    return Refused(said, code=f"status_{status}")


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return min(timedelta(seconds=int(text)), LONGEST_BAN)
    try:
        wait = parsedate_to_datetime(text) - datetime.now(UTC)
    except (TypeError, ValueError):
        return USUAL_BAN
    return min(max(wait, timedelta(seconds=1)), LONGEST_BAN)


def _detail(body: bytes) -> str:
    """What they say of it, short: a `detail` of theirs, or the first words of the answer."""
    text = body[:2000].decode(errors="replace")
    try:
        found = json.loads(body)
    except ValueError:
        return " ".join(text.split())[:300]
    if isinstance(found, dict):
        found = found.get("detail") or found.get("description") or found.get("message") or found
    return (found if isinstance(found, str) else json.dumps(found))[:300]

"""Files that a supplier lists by their addresses: fetched in pieces, from agreed hosts alone.

What is fetched is bound to the length and the digest that were told. An address is asked for anew at
each try, since many hold for some minutes only; none is kept.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests_hardened import Config, HTTPSession
from urllib3.exceptions import HTTPError

from dinamis.said import gettext as _
from orders.inboxes.protocol import InboxTrouble, Part, Unfit

CONNECT_SECONDS, READ_SECONDS = 5, 30
# A step ends well before the task's time limit; the next one goes on where it ended.
STEP_SECONDS = 240.0
MOST_HOPS = 4
_CHUNK = 256 * 1024
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})
_LATER = frozenset({408, 425, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
Origin = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Linked:
    """One file as it is listed. `name` may hold slashes; `checksum` is "algorithm:hex" or "".

    `size` is None where none is told.
    """

    name: str
    url: str
    size: int | None = None
    checksum: str = ""


class LinkInbox:
    """One delivery: a file that stands alone, or a folder of several. Nothing can be moved there.

    `listed` asks the supplier; `at` is where it lies in words of ours, a file alone with its name.
    `own` is the supplier's base address, whose origin gets `headers`; `hosts` are further ones, over
    https and without any header of ours; `most` is the largest file in bytes.
    """

    sets_aside = False

    def __init__(
        self,
        listed: Callable[[], Sequence[Linked]],
        *,
        at: str,
        own: str,
        headers: Mapping[str, str],
        hosts: Collection[str] = (),
        most: int,
    ) -> None:
        self._listed, self._own, self._most, self._at = listed, _origin(own), most, at
        self._allowed = {self._own, *(("https", host.lower()) for host in hosts)}
        self._headers = dict(headers)

    def parts(self, path: str) -> list[Part]:
        return [self._part(one) for one in self._files]

    def local(self, path: str) -> Path | None:
        return None

    def fetch(self, part: Part, into: Path) -> bool:
        linked = next((one for one in self._files if self._path(one) == part.path), None)
        if linked is None:
            raise Unfit(_("%(file)s is no longer listed.") % {"file": part.path})
        into.parent.mkdir(parents=True, exist_ok=True)
        half = into.with_name(f"{into.name}.part")
        if half.exists() and half.stat().st_size > part.size:
            half.unlink()
        have = half.stat().st_size if half.exists() else 0
        if (have < part.size or not have) and not self._more(linked, half, have, part):
            return False
        _check_digest(half, linked)
        half.rename(into)
        return True

    def move(self, source: str, target: str, parts: Sequence[Part] = ()) -> None:
        return

    def write(self, path: str, text: str) -> None:
        return

    def remove(self, path: str) -> None:
        return

    def look(self) -> list[Any]:
        return []

    @cached_property
    def _files(self) -> list[Linked]:
        found = list(self._listed())
        if len({one.name for one in found}) < len(found):
            raise Unfit(_("Two files are listed under one name."))
        return found

    def _path(self, linked: Linked) -> str:
        """Alone, a file lies at `at` itself; several lie below it."""
        alone = len(self._files) == 1 and self._at.endswith(f"/{linked.name}")
        return self._at if alone else f"{self._at}/{linked.name}"

    def _part(self, linked: Linked) -> Part:
        size, stamp = linked.size, linked.checksum
        if size is None or not stamp:
            with self._asked(linked.url, {"Range": "bytes=0-0"}) as answer:
                size = _told_length(answer) if size is None else size
                stamp = stamp or answer.headers.get("ETag", "")
        if size is None:
            raise Unfit(_("%(file)s: its length is not told.") % {"file": linked.name})
        self._check_size(size, linked)
        return Part(self._path(linked), size, stamp or "listed")

    def _more(self, linked: Linked, half: Path, have: int, part: Part) -> bool:
        """Add what is missing; False when the step's time is over before the end."""
        until = time.monotonic() + STEP_SECONDS
        asked = {"Range": f"bytes={have}-"} if have else {}
        if have and part.stamp.startswith('"'):  # a strong tag: replaced since, it begins anew
            asked["If-Range"] = part.stamp
        with self._asked(linked.url, asked) as answer:
            goes_on = answer.status_code == 206 and answer.headers.get(
                "Content-Range", ""
            ).startswith(f"bytes {have}-")
            have = have if goes_on else 0
            with half.open("ab" if goes_on else "wb") as out:
                for piece in _pieces(answer):
                    have += len(piece)
                    if have > part.size:
                        break
                    out.write(piece)
                    if time.monotonic() > until and have < part.size:
                        return False
        if have > part.size:
            half.unlink()
            raise Unfit(_("%(file)s is longer than said.") % {"file": linked.name})
        if have < part.size:  # kept: the next try goes on from there
            raise InboxTrouble(_("%(file)s broke off.") % {"file": linked.name})
        return True

    def _asked(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """GET, following a redirect to an agreed host. Raises InboxTrouble for later, Unfit for good."""
        for _hop in range(MOST_HOPS):
            self._check_origin(url)
            answer = self._get(url, headers)
            if answer.status_code in _REDIRECTS:
                url = urljoin(url, answer.headers.get("Location", ""))
                answer.close()
                continue
            if answer.status_code in {200, 206}:
                return answer
            answer.close()
            told = {"host": urlsplit(url).hostname, "status": answer.status_code}
            sentence = _("%(host)s answers %(status)s.") % told
            later = answer.status_code >= 500 or answer.status_code in _LATER
            raise InboxTrouble(sentence) if later else Unfit(sentence)
        raise Unfit(_("It leads from one address to the next without end."))

    def _get(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        is_own = _origin(url) == self._own
        sent = {"Accept-Encoding": "identity", **headers, **(self._headers if is_own else {})}
        try:
            return _session(is_own).get(
                url,
                headers=sent,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as error:
            told = {"host": urlsplit(url).hostname, "error": type(error).__name__}
            raise InboxTrouble(_("%(host)s does not answer (%(error)s).") % told) from error

    def _check_origin(self, url: str) -> None:
        if _origin(url) not in self._allowed:
            host = (urlsplit(url).hostname or "")[:200]
            raise Unfit(
                _("Its files lie at %(host)s, which is not among the hosts agreed with it.")
                % {"host": host}
            )

    def _check_size(self, size: int, linked: Linked) -> None:
        if size > self._most:
            told = {"file": linked.name, "size": size, "most": self._most}
            raise Unfit(_("%(file)s has %(size)s bytes; at most %(most)s are taken.") % told)


def _session(is_own: bool) -> requests.Session:
    """The supplier itself is an administrator's address; other hosts never lie in a private network."""
    config = Config(
        ip_filter_enable=not is_own,
        ip_filter_allow_loopback_ips=is_own,
        never_redirect=True,
        default_timeout=(CONNECT_SECONDS, READ_SECONDS),
    )
    session = HTTPSession(config)
    session.trust_env = False
    return session


def _origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()


def _told_length(answer: requests.Response) -> int | None:
    """The whole length, from a range's answer or a plain one."""
    _unit, _slash, whole = answer.headers.get("Content-Range", "").rpartition("/")
    told = whole if answer.status_code == 206 else answer.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else None


def _pieces(answer: requests.Response) -> Any:
    """What comes, as it comes: waiting for a whole piece would let a trickle hold the worker."""
    try:
        while piece := answer.raw.read1(_CHUNK):
            yield piece
    except (HTTPError, OSError):
        return  # broken off: what came is kept


def _check_digest(half: Path, linked: Linked) -> None:
    """Raises Unfit, with what was fetched removed, where it is not what was told."""
    algorithm, _colon, told = linked.checksum.partition(":")
    if algorithm not in _ALGORITHMS:
        return
    with half.open("rb") as opened:
        found = hashlib.file_digest(opened, algorithm).hexdigest()
    if found != told.lower():
        half.unlink()
        raise Unfit(_("%(file)s differs from its checksum.") % {"file": linked.name})

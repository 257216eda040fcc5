"""Who has an account cannot be found out by a clock: known and unknown addresses take the same time."""

import re
import statistics
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookiejar import CookieJar

from benchmarks import Measurement, Scale, exactly
from tools import application, processes
from tools.application import Site
from tools.temporary import temporary
from trials.readiness import await_page, free_port

ROUNDS = {"small": 14, "full": 250}
WARM = 4  # rounds first, not counted: connections, templates, both processes of the web server
LEAST, MOST = 1 / 1.2, 1.2  # ratio of the medians, known to unknown
PASSWORD = "a long enough password, and a wrong one"  # noqa: S105 (of nobody)
# What differs from one answer to the next whoever asks: the form's token, the nonce, the name typed.
_CHANGING = re.compile(rb'(name="csrfmiddlewaretoken" value|nonce|csrf-token" content)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person at the keyboard can tell: how long, which status, where to, which page."""

    milliseconds: float
    status: int
    location: str
    page: bytes

    @property
    def face(self) -> tuple[int, str, bytes]:
        return (self.status, self.location, self.page)


@dataclass(frozen=True, slots=True)
class Form:
    """Where it is sent, what stands in it, and the status of the answer when it was taken as meant.

    `times` as often it is asked as the others: an answer of some milliseconds drowns in what else the machine does.
    """

    path: str
    fields: Callable[[str], dict[str, str]]
    status: int
    times: int = 1


FORMS = {
    "sign-in": Form("login", lambda email: {"login": email, "password": PASSWORD}, 200),
    "password by mail": Form("password/reset", lambda email: {"email": email}, 302, times=6),
    "sign-up": Form(
        "signup",
        lambda email: {"email": email, "full_name": "Somebody", "password1": PASSWORD},
        302,
    ),
}


_PARTS: dict[str, Callable[[list[float]], float]] = {
    "p50": statistics.median,
    "p95": lambda times: statistics.quantiles(times, n=20)[-1],
}


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield for each of the three forms how known compares with unknown, asked in turn."""
    most = ROUNDS[scale] * max(form.times for form in FORMS.values()) + WARM
    with temporary(durable=True) as servers:
        site = Site(port=free_port(), demo=False)
        env = application.variables(servers.place, servers, site)
        env["TRUSTED_PROXY_COUNT"] = (
            "1"  # every asker another address: the limits are not meant here
        )
        application.prepare(servers.place, servers, env, demo=False)
        application.manage(env, "shell", "-c", _accounts(most), deed="Making the known accounts")
        web = application.parts(servers.place, site)["web"]
        child = processes.start(servers.place, "web", web, env=env)
        try:
            await_page(site)
            for name in FORMS:
                yield from _compare(site, name, ROUNDS[scale] * FORMS[name].times + WARM)
        finally:
            processes.end(servers.place, "web", child)


def _accounts(number: int) -> str:
    """Return Django's lines that make people with proved addresses, whose password is another."""
    return (
        "from allauth.account.models import EmailAddress\n"
        "from django.contrib.auth.hashers import make_password\n"
        "from accounts.models import User\n"
        "secret = make_password('quite another password')\n"
        f"for number in range({number}):\n"
        "    user = User(email=f'known-{number}@laboratory.example', password=secret)\n"
        "    user.save()\n"
        "    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)\n"
    )


def _compare(site: Site, name: str, rounds: int) -> Iterator[Measurement]:
    """Ask with a known and an unknown address in turn, and each first as often as the other."""
    found: dict[str, list[Answer]] = {"known": [], "unknown": []}
    for number in range(rounds):
        for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
            address = f"{kind}-{number}@laboratory.example"
            answer = _ask(site, name, address)
            if number >= WARM:
                found[kind].append(answer)
    pairs = zip(found["known"], found["unknown"], strict=True)
    unlike = sum(one.face != other.face for one, other in pairs)
    strange = sum(one.status != FORMS[name].status for one in found["known"] + found["unknown"])
    for part, figure in _PARTS.items():
        known, unknown = (figure([one.milliseconds for one in found[k]]) for k in found)
        ratio = known / unknown
        yield Measurement(f"{name}, {part}: a known address", known, "ms")
        yield Measurement(f"{name}, {part}: an unknown one", unknown, "ms")
        if part == "p50":
            goal, holds = f"{LEAST:.2g} to {MOST:g}", LEAST <= ratio <= MOST
            yield Measurement(f"{name}, {part}: known over unknown", ratio, "", goal, holds)
        else:
            yield Measurement(f"{name}, {part}: known over unknown", ratio, "")
    yield exactly(f"{name}: pairs told apart by the answer", unlike, 0, "pairs")
    yield exactly(f"{name}: answers of another status", strange, 0, "answers")


class _Stays(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: it is looked at before it is followed."""

    def redirect_request(
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: HTTPMessage,
        newurl: str,
    ) -> None:  # fmt: skip
        return None


def _ask(site: Site, name: str, email: str) -> Answer:
    """Open a form in a browser of its own, send it, and follow where it leads; only the sending counts."""
    form = FORMS[name]
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Stays)
    browser.addheaders = [("X-Forwarded-For", _caller(email)), ("Accept-Language", "en")]
    address = f"{site.address}/accounts/{form.path}/"
    _open(browser, address)
    token = next(cookie.value or "" for cookie in jar if "csrf" in cookie.name)
    body = urllib.parse.urlencode(form.fields(email) | {"csrfmiddlewaretoken": token}).encode()
    start = time.perf_counter()
    status, location, page = _open(browser, address, body)
    milliseconds = 1000 * (time.perf_counter() - start)
    if location:
        _status, _location, page = _open(browser, urllib.parse.urljoin(address, location))
    said = _CHANGING.sub(rb"\1", page).replace(email.encode(), b"(the address)")
    return Answer(milliseconds, status, location, said)


def _open(
    browser: urllib.request.OpenerDirector, address: str, body: bytes | None = None
) -> tuple[int, str, bytes]:
    """Return status, where to, and the page."""
    try:
        with browser.open(address, body, timeout=30) as answer:
            return answer.status, "", answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", ""), error.read()


def _caller(email: str) -> str:
    """An address of the range kept for measuring (RFC 2544), another for everybody."""
    kind, number = email.partition("@")[0].split("-")
    return f"198.{18 if kind == 'known' else 19}.{int(number) // 250}.{int(number) % 250 + 1}"

"""One organisation as a register tells it, and a line that cannot be taken."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from dinamis.errors import Invalid

LONGEST = {"name": 300, "short_name": 60, "key": 60, "kind": 80, "city": 100, "website": 300}
DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z]{2,63}")
# A page on one of these hosts says nothing of the addresses of its people.
HOSTS_OF_ANYBODY = ("wordpress.com", "blogspot.com", "google.com", "github.io", "huma-num.fr")
MOST_NAMES = 60


class BadLine(ValueError):
    """The line says no organisation that could be kept; the words say why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The facts of one body. `key` is the register's own; lists keep the register's order."""

    source: str
    key: str
    name: str
    short_name: str = ""
    other_names: tuple[str, ...] = ()
    kind: str = ""
    country: str = "FR"
    city: str = ""
    siret: str = ""
    rnsr: str = ""
    ror: str = ""
    domains: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    website: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What stands at one line of a file: an entry, or why there is none; `remark` is what was left out."""

    number: int
    entry: Entry | None = None
    problem: str = ""
    remark: str = ""


def checked(entry: Entry) -> Entry:
    """Return the entry if every text fits; raises BadLine otherwise."""
    if not entry.key or not entry.name:
        raise BadLine("no key" if not entry.key else "no name")
    for field, most in LONGEST.items():
        value = getattr(entry, field)
        if len(value) > most:
            raise BadLine(f"{field} is longer than {most} characters")
        if "\0" in value:
            raise BadLine(f"{field} holds a NUL character")
    if not re.fullmatch(r"[A-Z]{2}", entry.country):
        raise BadLine(f"“{entry.country}” is not a country's code")
    return entry


def said(row: dict[str, str | None], column: str) -> str:
    """A cell with its blanks put in order; a missing one is empty."""
    return " ".join((row.get(column) or "").split())


def several(values: Iterable[str]) -> tuple[str, ...]:
    """Names without blanks or repetition, in order; a list without end is cut."""
    clean = (" ".join(value.replace("\0", "").split())[:300] for value in values)
    return tuple(dict.fromkeys(value for value in clean if value))[:MOST_NAMES]


def identifier(check: Callable[[str], str], value: str, remarks: list[str]) -> str:
    """A secondary identifier whose key holds; one that does not is left out, and told."""
    if not value:
        return ""
    try:
        return check(value)
    except Invalid as refused:
        remarks.append(f"{check.__name__.upper()} {value} left out: {refused.code}")
        return ""


def key_of(check: Callable[[str], str], value: str) -> str:
    """The identifier by which the register names the body; raises BadLine when its key does not hold."""
    try:
        return check(value)
    except Invalid as refused:
        raise BadLine(f"“{value[:40]}”: {refused.code}") from refused


def domain_of(website: str) -> tuple[str, ...]:
    """The host of a web site without www: the likely domain of its people's addresses."""
    try:
        host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").lower()
    except ValueError:
        return ()
    host = re.sub(r"^www\d?\.", "", host)
    if not DOMAIN.fullmatch(host) or host.endswith(HOSTS_OF_ANYBODY):
        return ()
    return (host,)


def valid_domains(values: Iterable[str]) -> tuple[str, ...]:
    """Those that are domain names, in lower case."""
    return tuple(value for value in several(v.lower() for v in values) if DOMAIN.fullmatch(value))

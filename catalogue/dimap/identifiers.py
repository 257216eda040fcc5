"""What the identifier of an Airbus image says by itself: satellite, instant, place."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalogue.platforms import PLATFORMS
from dinamis.errors import Invalid
from dinamis.said import gettext as _

PREFIX = "DS_"
_SATELLITE = r"(?:PHR1[AB]|SPOT[67]|PNEO[34])"
# Looked for in the names of folders and files, where a suffix such as -F-O may follow.
_ANYWHERE = re.compile(
    rf"DS_{_SATELLITE}_\d{{15}}(?:_[A-Z0-9]{{2,4}}){{1,4}}_[EW]\d{{3}}[NS]\d{{2}}(?:_\d{{4,6}}){{1,2}}"
    r"|ACQ_PNEO[34]_\d{14}",
    re.IGNORECASE,
)
_CELL = re.compile(r"([EW])(\d{3})([NS])(\d{2})")
# How the strip is written after its instant: stations and, for Pléiades, the combination.
_WORDS = {"pleiades": (2, 2), "spot67": (4, 4), "pneo": (1, 4)}
_COUNTERS = {"pleiades": (2, 2), "spot67": (1, 1), "pneo": (1, 2)}


@dataclass(frozen=True, slots=True)
class ImageIdentifier:
    """One identifier, read.

    `acquired_at` is UTC to a tenth of a second, None in the forms that do not carry it
    (ACQ_PNEO3_…). `cell` is (longitude, latitude) of the lower left corner of the 1° cell, in
    degrees. `place` is the middle of the 1/12° × 1/24° box that the first counter of a Pléiades
    identifier names inside that cell: an inference from real deliveries, good to a few kilometres.
    """

    text: str
    platform: str
    acquired_at: datetime | None = None
    stations: tuple[str, ...] = ()
    combination: str = ""
    cell: tuple[int, int] | None = None
    place: tuple[float, float] | None = None
    counters: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return PLATFORMS[self.platform].family


def normalise(text: str) -> str:
    """The one way an identifier is written here: no blanks, capitals, with its prefix."""
    text = "".join(text.split()).upper()
    return text if text.startswith((PREFIX, "ACQ_")) else PREFIX + text


def variants(text: str) -> tuple[str, ...]:
    """Every way the same image may have been written down: with and without DS_."""
    text = normalise(text)
    return (text, text.removeprefix(PREFIX)) if text.startswith(PREFIX) else (text,)


def find(text: str) -> tuple[str, ...]:
    """The identifiers written anywhere in a text, such as the name of a folder, in order."""
    return tuple(dict.fromkeys(found.upper() for found in _ANYWHERE.findall(text)))


def parse(text: str) -> ImageIdentifier:
    """Read an identifier: DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426 and its sisters.

    The prefix may be absent, letters small, blanks around. Raises Invalid (identifier_malformed)
    with the part that is wrong; nothing is guessed.
    """
    written = normalise(text)
    parts = written.split("_")
    if parts[0] == "ACQ":
        return _acquisition(written, parts)
    if len(parts) < 2 or parts[1] not in PLATFORMS:
        raise _malformed(text, "satellite", _("its satellite is not one that is known here"))
    if len(parts) < 3:
        raise _malformed(text, "time", _("the instant after the satellite is missing"))
    acquired_at = _instant(text, parts[2])
    return _place(text, written, parts, acquired_at)


def _place(text: str, written: str, parts: list[str], acquired_at: datetime) -> ImageIdentifier:
    family = PLATFORMS[parts[1]].family
    rest = parts[3:]
    at = next((i for i, part in enumerate(rest) if re.fullmatch(r"[EW]\d+[NS]\d+", part)), None)
    if at is None:
        raise _malformed(text, "cell", _("the 1° cell, such as W053N04, is missing"))
    words, counters = rest[:at], rest[at + 1 :]
    low, high = _WORDS[family]
    known = low <= len(words) <= high and all(re.fullmatch(r"[A-Z0-9]{2,4}", w) for w in words)
    if not known:
        raise _malformed(text, "stations", _("the stations between instant and cell are wrong"))
    low, high = _COUNTERS[family]
    counted = low <= len(counters) <= high and all(re.fullmatch(r"\d{4,6}", c) for c in counters)
    if not counted:
        raise _malformed(text, "counters", _("the counters after the cell are wrong"))
    cell = _cell(text, rest[at])
    paired = family == "pleiades"
    return ImageIdentifier(
        text=written,
        platform=parts[1],
        acquired_at=acquired_at,
        stations=tuple(words[:-1] if paired else words),
        combination=words[-1] if paired else "",
        cell=cell,
        place=_middle(cell, counters[0]) if paired else None,
        counters=tuple(counters),
    )


def instant(digits: str) -> datetime | None:
    """The instant of fifteen digits, YYYYMMDDhhmmss and tenths, UTC; None when it is none."""
    if not re.fullmatch(r"\d{15}", digits):
        return None
    try:
        whole = datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return whole + timedelta(milliseconds=100 * int(digits[14]))


def _instant(text: str, digits: str) -> datetime:
    if not re.fullmatch(r"\d{15}", digits):
        raise _malformed(text, "time", _("its instant must have 15 digits"))
    read = instant(digits)
    if read is None:
        raise _malformed(text, "time", _("its instant is not a date of the calendar"))
    return read


def _cell(text: str, written: str) -> tuple[int, int]:
    found = _CELL.fullmatch(written)
    if found is None:
        raise _malformed(text, "cell", _("its 1° cell must look like W053N04"))
    east, longitude, north, latitude = found.groups()
    lon = int(longitude) * (1 if east == "E" else -1)
    lat = int(latitude) * (1 if north == "N" else -1)
    if not (-180 <= lon < 180 and -90 <= lat < 90):
        raise _malformed(text, "cell", _("its 1° cell lies outside the Earth"))
    return lon, lat


def _middle(cell: tuple[int, int], counter: str) -> tuple[float, float] | None:
    column, row = int(counter[:2]), int(counter[2:4])
    if len(counter) != 4 or not (1 <= column <= 12 and 1 <= row <= 24):
        return None
    return round(cell[0] + (column - 0.5) / 12, 4), round(cell[1] + (row - 0.5) / 24, 4)


def _acquisition(written: str, parts: list[str]) -> ImageIdentifier:
    if len(parts) != 3 or parts[1] not in ("PNEO3", "PNEO4"):
        raise _malformed(written, "satellite", _("its satellite is not one that is known here"))
    if not re.fullmatch(r"\d{14}", parts[2]):
        raise _malformed(written, "counters", _("its number must have 14 digits"))
    return ImageIdentifier(text=written, platform=parts[1], counters=(parts[2],))


def _malformed(text: str, part: str, why: str) -> Invalid:
    shown = text.strip()[:80]
    sentence = _("“%(identifier)s” is not an image identifier: %(why)s.")
    return Invalid(
        "identifier_malformed",
        sentence % {"identifier": shown, "why": why},
        part=part,
        identifier=shown,
    )

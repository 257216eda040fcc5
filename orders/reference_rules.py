"""The figures of the scheme, year by year, as the sources give them (domain.md, 5 and 6).

What no source gives is marked: `assumed` prices, and rows whose source is OURS. An administrator
changes them in a version of their own.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.eligibility import Category
from orders.pricing.words import Kind, Mode, Place, Purse, Reach, Stage, Terms, Unit

OURS = "Set for the start; no public source. An administrator changes it."
DRIEE = "DRIEE, 2016"
RECUEIL = "Recueil of good practice, sheet 17, 2019: free, or 1.40 to 1.80 €/km²"
DECK = "DINAMIS, October 2021"
TELEMETRY = "SPOT 6-7 telemetry contract, 2015: free inside the station's circle"

# Bodies that the scheme serves on its quota; scientists are co-funded beyond it.
PUBLIC = (Category.PUBLIC_BODY, Category.ASSOCIATION, Category.CONTRACTOR, Category.PRIVATE_RD)
FRENCH = (*PUBLIC, Category.RESEARCH)
PLEIADES, SPOT = "pleiades", "spot67"
ISIS_EUR = Decimal("1.00")
DSP_EUR = {Kind.PRODUCTION: Decimal("4.06"), Kind.TASKING: Decimal("5.22")}
# The sheet gives the range; that archive has its lower end and tasking its upper is our reading.
PREFERENTIAL_EUR = {Kind.PRODUCTION: Decimal("1.40"), Kind.TASKING: Decimal("1.80")}


@dataclass(frozen=True, slots=True)
class Priced:
    """One row of the price table; "" is any."""

    terms: Terms
    source: str
    eur: Decimal = Decimal("0.00")
    category: str = ""
    sensor: str = ""
    kind: str = ""
    place: str = ""
    mode: str = ""
    reach: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """One version as it is loaded. `offers` are (euros, attempts, about km²) for SPOT."""

    code: str
    since: date
    note: str
    prices: tuple[Priced, ...]
    offers: tuple[tuple[int, int, int], ...] = ()
    offers_source: str = ""
    minimum_source: str = "DINAMIS, 2021; DRIEE, 2016: 100 km²"
    purses: tuple[Purse, ...] = field(default=(Purse.PROJECT, Purse.ORGANISATION, Purse.COMMON))


def _foreign() -> list[Priced]:
    """Scientists outside Europe order through a partnership; Europeans have no SPOT."""
    only = "DRIEE, 2016: European laboratories, Pléiades only"
    return [
        Priced(Terms.REFUSED, "DINAMIS, 2021: partnership needed", category=FOREIGN),
        Priced(Terms.REFUSED, only, category=EUROPEAN, sensor=SPOT),
    ]


FOREIGN, EUROPEAN = Category.FOREIGN_SCIENTIST, Category.EUROPEAN_SCIENTIST


def _dsp(category: str, source: str, *, assumed: bool = False) -> list[Priced]:
    return [
        Priced(Terms.DSP, source, eur, category, PLEIADES, kind, assumed=assumed)
        for kind, eur in DSP_EUR.items()
    ]


def _spot(source: str) -> list[Priced]:
    """SPOT: the archive free within means; tasking on the quota of attempts, not sold beyond it."""
    return [
        Priced(Terms.FREE, source, sensor=SPOT, kind=Kind.PRODUCTION),
        Priced(Terms.QUOTA, source, sensor=SPOT, kind=Kind.TASKING, reach=Reach.WITHIN),
        Priced(
            Terms.REFUSED,
            f"{DECK}: no unit purchase, a global contribution",
            sensor=SPOT,
            kind=Kind.TASKING,
            reach=Reach.BEYOND,
        ),
    ]


def _prices_2016() -> list[Priced]:
    isis = f"{DRIEE}: science through ISIS, 1 €/km², archive or tasking"
    dsp = f"{DRIEE}: 4.06 €/km² archive, 5.22 €/km² tasking, double for stereo"
    scientists = [
        Priced(Terms.COFUNDED, isis, ISIS_EUR, category, PLEIADES)
        for category in (Category.RESEARCH, EUROPEAN)
    ]
    bodies = [row for category in PUBLIC for row in _dsp(category, dsp)]
    circle = Priced(Terms.FREE, TELEMETRY, sensor=SPOT, kind=Kind.TASKING, place=Place.STATION)
    return [*scientists, *bodies, *_spot(TELEMETRY), circle, *_foreign()]


def _prices_2019() -> list[Priced]:
    free = Priced(Terms.QUOTA, RECUEIL, sensor=PLEIADES, reach=Reach.WITHIN)
    rates = [
        Priced(Terms.PREFERENTIAL, RECUEIL, eur, "", PLEIADES, kind, reach=Reach.BEYOND)
        for kind, eur in PREFERENTIAL_EUR.items()
    ]
    europeans = _dsp(EUROPEAN, f"No figure for 2019; {DRIEE}", assumed=True)
    return [free, *rates, *europeans, *_spot("DINAMIS, 2018: free within means"), *_foreign()]


def _prices_2021() -> list[Priced]:
    free = Priced(
        Terms.QUOTA, f"{DECK}: free within the quota", sensor=PLEIADES, reach=Reach.WITHIN
    )
    scientists = Priced(
        Terms.COFUNDED,
        f"{DECK}: co-funding, CNES (ISIS); amount not published, figure of 2016",
        ISIS_EUR,
        Category.RESEARCH,
        PLEIADES,
        reach=Reach.BEYOND,
        assumed=True,
    )
    bodies = [
        Priced(
            Terms.PREFERENTIAL,
            f"{DECK}: preferential rate; amount not published, figure of 2019",
            eur,
            "",
            PLEIADES,
            kind,
            reach=Reach.BEYOND,
            assumed=True,
        )
        for kind, eur in PREFERENTIAL_EUR.items()
    ]
    europeans = _dsp(EUROPEAN, f"{DECK}: DSP price, no free share; figure of 2016", assumed=True)
    spot = _spot(f"{DECK}: free within the scheme's means")
    return [free, scientists, *bodies, *europeans, *spot, *_foreign()]


OFFERS = ((20_000, 20, 70_000), (50_000, 50, 180_000))
HISTORY = (
    Edition(
        "2016-05",
        date(2016, 5, 17),
        "ISIS and the public-service delegation, as published on 17 May 2016.",
        tuple(_prices_2016()),
        minimum_source=f"{DRIEE}: 100 km²",
    ),
    Edition(
        "2019-01",
        date(2019, 1, 1),
        "Free, or at 1.40 to 1.80 €/km², as published in 2019; the day is not known.",
        tuple(_prices_2019()),
        minimum_source=f"{DRIEE}: 100 km²",
    ),
    Edition(
        "2021-10",
        date(2021, 10, 22),
        "Quotas, co-funding and contributions, as presented on 22 October 2021.",
        tuple(_prices_2021()),
        OFFERS,
        f"{DECK}: contribution to the scheme",
    ),
    Edition(
        "2026-01",
        date(2026, 1, 1),
        OURS,
        tuple(_prices_2021()),
        OFFERS,
        f"{DECK}: contribution to the scheme",
    ),
)

MINIMUM_KM2 = {
    (PLEIADES, Kind.PRODUCTION): 100,
    (PLEIADES, Kind.TASKING): 100,
    (SPOT, Kind.PRODUCTION): 0,
    (SPOT, Kind.TASKING): 500,
}
SPOT_MINIMUM_SOURCE = "Airbus price list, 2014: 500 km²"
FACTORS = {
    Mode.MONO: (1, ""),
    Mode.STEREO: (2, "DRIEE, 2016: double for stereo"),
    Mode.TRI_STEREO: (3, "By extension of the stereo rule; no public source."),
}
# The SPOT archive needs no attempt: it is measured in km², and free.
UNITS = {
    (PLEIADES, Kind.PRODUCTION): (Unit.KM2, DECK),
    (PLEIADES, Kind.TASKING): (Unit.KM2, DECK),
    (SPOT, Kind.PRODUCTION): (Unit.KM2, OURS),
    (SPOT, Kind.TASKING): (Unit.ATTEMPT, DECK),
}
DELAYS = {Kind.PRODUCTION: (5, 15), Kind.TASKING: (20, 120)}
# What is approved at once: at most so many km² or attempts, within an approved project, of what no member
# has. The reading of “under N km², approved project”; no public figure, so that N is small.
APPROVED_AT_ONCE = (
    (PLEIADES, Kind.PRODUCTION, 200),
    (PLEIADES, Kind.TASKING, 100),
    (SPOT, Kind.PRODUCTION, 5000),
    (SPOT, Kind.TASKING, 3),
)
# Working days.
TARGETS = {Stage.REFERENT: 5, Stage.DECIDE: 10, Stage.PLACE: 5}
TASKING = {"least_window_days": 14, "most_window_days": 366, "most_incidence": 40}
# When those who look after a quota hear that it is nearly used, in %.
ALERTS = {"allotment": (50, 80, 95), "common": (80, 95), "pool": (80, 95), "reserve": (80,)}
# What a period carries over of each kind of account, up to so many % of its size: what members and
# contributors put together stays theirs, the State's budget ends with its year.
CARRIED = {"budget": 0, "reserve": 0, "common": 0, "allotment": 0, "pool": 100}
# What a forecast reckons with of what is asked and not held, in %: few quotes become orders.
PENDING = {"quote": 10, "draft": 30, "waiting": 90}
# What one quota administrator may modulate without a second one, by unit.
ALONE = {"km2": 1000, "attempt": 10}
# SPOT 6-7 is signed once, before ordering; Pléiades at each product, when it is downloaded.
LICENCES = {PLEIADES: False, SPOT: True}

# Maison de la Télédétection, Montpellier. The radius is worked out, not published: what a satellite
# at 694 km sees above 5° of elevation, acos(6371/7065 · cos 5°) − 5° = 21.06°, or 2,342 km.
STATION = {"centre_lon": 3.87, "centre_lat": 43.65, "radius_km": 2340.0}
STATION_SOURCE = (
    "Circle worked out from SPOT 6-7's orbit (694 km) above 5° of elevation; the station's own mask is"
    " not published."
)
FRANCE_SOURCE = "Natural Earth 1:50,000,000 (public domain): land outline, approximate."

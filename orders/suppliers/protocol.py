"""What every supplier can be asked, in our words: each kind translates to and from its own.

A connector is made for one supplier and one worker's round; it holds a session and no state that
matters. It calls outside with timeouts, and never inside a transaction or a web request: the worker
(`orders.services.supplying`) writes the intent down before, and what came of it after.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Stage(StrEnum):
    """Where an order stands at its supplier, in the one vocabulary that all connectors speak."""

    STUDIED = "studied"  # its feasibility is being looked at
    CHOICE = "choice"  # a study or a quotation waits for our answer
    PLACED = "placed"  # accepted; nothing tried yet
    TASKING = "tasking"  # being attempted
    PROPOSED = "proposed"  # an acquisition waits for our answer
    PRODUCING = "producing"  # the image is being made
    PARTIAL = "partial"  # a part is delivered, the rest goes on
    DELIVERED = "delivered"  # all is delivered
    EXPIRED = "expired"  # the window closed, nothing valid
    REJECTED = "rejected"  # they do not take it
    CANCELLED = "cancelled"  # stopped, by them or by us
    FAILED = "failed"  # they cannot


# Nothing changes any more after these.
OVER = frozenset({Stage.DELIVERED, Stage.EXPIRED, Stage.REJECTED, Stage.CANCELLED, Stage.FAILED})


class Verb(StrEnum):
    """What is asked of a supplier and changes something there; each call has a unique key of ours."""

    PLACE = "place"
    DECIDE = "decide"
    CANCEL = "cancel"


class Ability(StrEnum):
    """What a supplier can do beside taking an order and telling its status."""

    FEASIBILITY = "feasibility"
    QUOTE = "quote"
    DECIDE = "decide"
    CANCEL = "cancel"
    DELIVERIES = "deliveries"
    # Finds an order by our reference; without it orders are compared by what they ask.
    LOOK_UP = "look_up"
    # Tells a price, so that reconciliation compares it.
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Ask:
    """One line as a supplier reads it.

    `area` is a GeoJSON Polygon or MultiPolygon in EPSG:4326; `starts_at` and `ends_at` are aware and
    both set for tasking; ceilings are % and degrees; `options` are the words of `orders.options`.
    """

    reference: str
    kind: str  # "production" or "tasking"
    sensor: str
    area: dict[str, Any]
    area_km2: Decimal
    product: str = ""  # what the supplier calls it; "" where it has one for the sensor
    purpose: str = ""
    end_user: str = ""
    country: str = "FR"
    mode: str = "mono"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    max_cloud: int | None = None
    max_incidence: int | None = None
    tries: int | None = None
    scene: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """What a supplier sells. `parameters` is the JSON Schema of what an order of it may say."""

    code: str
    title: str
    parameters: dict[str, Any] = field(default_factory=dict)
    least_km2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """One answer on feasibility: `ease` is "easy", "challenging" or "" when only passes are told."""

    starts_at: datetime
    ends_at: datetime
    ease: str = ""
    attempts: int | None = None
    answered_by_hand: bool = False
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """What they would charge. `valid_until` is None when they say nothing of it."""

    amount: Decimal
    currency: str = "EUR"
    area_km2: Decimal | None = None
    valid_until: datetime | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An acquisition as the supplier tells it; `answer` is "", "accepted" or "refused".

    `cloud_cover` is over the whole acquisition, in %, never over the area asked. `footprint` is
    GeoJSON (EPSG:4326).
    """

    identifier: str
    acquired_at: datetime
    cloud_cover: float
    footprint: dict[str, Any] | None = None
    incidence: float | None = None
    answer: str = ""
    answer_by: datetime | None = None
    quicklook: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way out of a study: in their words, with the last day and the ceilings that it would take."""

    label: str
    ends_on: date | None = None
    max_cloud: int | None = None
    max_incidence: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A weather notice before a pass that they would put off: `cloud_cover` in %, None where untold."""

    planned_at: datetime
    cloud_cover: float | None = None
    said: str = ""
    answer_by: datetime | None = None
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Where one order stands. `reference` is theirs, `ours` our own when they keep it.

    `at` is the instant their status dates from, as they say it: it orders reports that cross.
    At the stage "choice", `offers` are a study's and `answer_by` when they want to know.
    """

    reference: str
    stage: Stage
    at: datetime
    ours: str = ""
    reason: str = ""
    code: str = ""
    acquisitions: tuple[Seen, ...] = ()
    attempts: int | None = None
    price: Decimal | None = None
    offers: tuple[Offer, ...] = ()
    answer_by: datetime | None = None
    # Waits for our answer while the order goes on as before.
    forecast: Forecast | None = None
    # What was asked, as far as they repeat it: enough to recognise an order without our reference.
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Some reports, and the cursor of the next page ("" after the last one)."""

    reports: tuple[Report, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """One file of an order: where it is fetched now, and what it should weigh and hash to.

    `reference` stays the same from one listing to the next; `url` need not. Files of the same `folder`
    are one delivery, a file without one is a delivery by itself.
    """

    reference: str
    name: str
    url: str
    size: int | None = None
    checksum: str = ""  # "algorithm:hex"
    folder: str = ""


class SupplierError(Exception):
    """Something went wrong with a call; `sentence` is for the desk, without secrets."""

    def __init__(self, sentence: str, *, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Temporary(SupplierError):
    """Nothing was taken there for sure (not connected, 503, 429): the same call may be sent again."""


class Banned(Temporary):
    """They do not want to hear us before `until`: every worker keeps quiet until then."""

    def __init__(self, sentence: str, *, until: datetime, code: str = "banned") -> None:
        super().__init__(sentence, code=code)
        self.until = until


class Unknown(SupplierError):
    """It was sent and no answer came: look it up by our reference before anything else."""


class Refused(SupplierError):
    """They read it and said no: sending it again changes nothing."""


class Unable(Refused):
    """This supplier has no such thing (a STAPI server cannot be asked to cancel)."""


@runtime_checkable
class Connector(Protocol):
    """One supplier. Every method raises only the errors above."""

    abilities: frozenset[Ability]

    def products(self) -> list[Product]:
        """What can be ordered."""
        ...

    def feasibility(self, ask: Ask) -> list[Chance]:
        """The chances of a tasking; Unable where they tell none."""
        ...

    def quote(self, ask: Ask) -> Price:
        """What it would cost; nothing is ordered."""
        ...

    def place(self, ask: Ask) -> Report:
        """Order it under `ask.reference`. Unknown when the answer was lost after sending."""
        ...

    def look_up(self, ask: Ask) -> Report | None:
        """The order placed earlier under `ask.reference`, or None when there is none."""
        ...

    def status(self, reference: str) -> Report:
        """Where one order stands, by their reference; Refused (code "gone") when they have none."""
        ...

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        """One page of the orders that changed since an instant (all orders, where they cannot sort)."""
        ...

    def told(self, message: dict[str, Any]) -> Report | None:
        """What a signed callback says, or None when it only says that something changed."""
        ...

    def decide(self, reference: str, acquisition: str, *, accept: bool) -> Report:
        """Answer for a proposed acquisition; harmless when it was answered so before."""
        ...

    def cancel(self, reference: str) -> Report:
        """Stop an order; harmless when it is stopped already."""
        ...

    def deliveries(self, reference: str) -> list[Handed]:
        """What can be fetched of an order now; Unable where files come another way."""
        ...


def everything(connector: Connector, since: datetime | None = None) -> Iterator[Report]:
    """Every report, page after page."""
    cursor = ""
    while True:
        page = connector.changed(since, cursor)
        yield from page.reports
        cursor = page.cursor
        if not cursor:
            return

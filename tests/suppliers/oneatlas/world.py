"""A make-believe OneAtlas: orders, passes, clouds, proposals. Our own code, with its own clock and dice.

It promises what the real one is known to promise and no more: our reference need not be unique there,
a tasking shows up a while after its order, cloud is of the whole acquisition.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shapely.geometry import shape

from dinamis import geo

CONTRACT = "CTR-TEST"
KEY = "the-api-key"
TOKEN_LASTS = timedelta(hours=1)
REQUIRED = (
    "contractId",
    "aoi",
    "items",
    "customerReference",
    "optionsPerProductType",
    "endUsers",
    "primaryMarket",
)
PRODUCT_TYPES = {"PleiadesTaskingOnePlan": "PHR1B", "SpotTaskingOnePlan": "SPOT6"}
PLACES = ("projection_", "dem_")


class No(Exception):
    """A refusal with their status, code and words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Segment:
    id: str
    acquired_at: datetime
    clear_sky: float
    footprint: dict[str, Any]
    catalogue_id: str
    status: str = "Proposed"

    def told(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "asDetail1": {
                "catalogId": self.catalogue_id,
                "footprint": self.footprint,
                "incidenceAngle": 12.5,
                "clearSkyRate": round(self.clear_sky, 4),
                "acquisitionDate": _short(self.acquired_at),
            },
        }


@dataclass
class Tasking:
    id: str
    sales_order: str
    body: dict[str, Any]
    shown_at: datetime
    starts_at: datetime
    ends_at: datetime
    max_cloud: float
    passes: list[datetime]
    ordered_m2: float
    status: str = "In Progress"
    validated_m2: float = 0.0
    tried: int = 0
    segments: dict[str, Segment] = field(default_factory=dict)

    @property
    def ours(self) -> str:
        return self.body["customerReference"]

    def told(self) -> dict[str, Any]:
        waiting = [one for one in self.segments.values() if one.status == "Proposed"]
        return {
            "sal": self.sales_order,
            "so": self.sales_order.replace("SAL", "SO"),
            "icr": {
                "id": self.id,
                "aoi": self.body["aoi"][0]["geometry"],
                "progTypeName": "OnePlan",
                "status": self.status,
                "nbProposedSegments": len(waiting),
                "nbTotalSegments": len(self.segments),
                "period": {"startDate": _short(self.starts_at), "endDate": _short(self.ends_at)},
                "seriesInformation": None,
                "customerRef": self.ours,
                "taskingProgress": {
                    "orderedArea": self.ordered_m2,
                    "validatedArea": self.validated_m2,
                },
                "attempts": " ".join(
                    f"{_long(at)} {_long(at + timedelta(seconds=2))}" for at in self.passes
                ),
            },
        }


class World:
    """Everything they hold. `cloudy` is the chance that a pass sees only clouds; `by_hand` and
    `refuses` are chances too. The same seed gives the same season."""

    def __init__(
        self,
        seed: int = 1,
        *,
        start: datetime | None = None,
        cloudy: float = 0.4,
        by_hand: float = 0.0,
        refuses: float = 0.0,
        shown_after: timedelta = timedelta(0),
        passes_each: timedelta = timedelta(days=3),
    ) -> None:
        self.dice = random.Random(seed)
        self.now = start or datetime(2026, 3, 1, tzinfo=UTC)
        self.cloudy, self.by_hand, self.refuses = cloudy, by_hand, refuses
        self.shown_after, self.passes_each = shown_after, passes_each
        self.taskings: dict[str, Tasking] = {}
        self.tokens: dict[str, datetime] = {}
        self.banned_until: datetime | None = None

    # Time.

    def advance(self, by: timedelta) -> None:
        """Let time pass: passes are flown, windows close."""
        self.now += by
        for one in self.taskings.values():
            self._fly(one)

    def _fly(self, one: Tasking) -> None:
        while one.status == "In Progress" and one.tried < len(one.passes):
            at = one.passes[one.tried]
            if at > self.now:
                break
            one.tried += 1
            self._look(one, at)
        if one.status == "In Progress" and one.ends_at <= self.now:
            for segment in one.segments.values():
                if segment.status == "Proposed":
                    segment.status = "Refused"
            one.status = "Completed"

    def _look(self, one: Tasking, at: datetime) -> None:
        cloud = self.dice.uniform(60, 100) if self.dice.random() < self.cloudy else None
        cloud = self.dice.uniform(0, one.max_cloud) if cloud is None else cloud
        if cloud > one.max_cloud or any(s.status == "Proposed" for s in one.segments.values()):
            return
        number = len(one.segments) + 1
        satellite = PRODUCT_TYPES[one.body["items"][0]["productTypeId"]]
        key = f"AS_{one.id}_{number}"
        area = one.body["aoi"][0]["geometry"]
        one.segments[key] = Segment(
            key, at, 100 - cloud, area, f"DS_{satellite}_{at:%Y%m%d%H%M%S}0_FR1"
        )

    # What is asked.

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        usual = {"grant_type": "api_key", "client_id": "IDP", "apikey": KEY}
        if form != usual:
            raise No(401, "", "Invalid key")
        name = f"token-{len(self.tokens)}"
        self.tokens[name] = self.now + TOKEN_LASTS
        return {"access_token": name, "expires_in": int(TOKEN_LASTS.total_seconds())}

    def check_token(self, header: str) -> None:
        ends_at = self.tokens.get(header.removeprefix("Bearer "))
        if ends_at is None or ends_at <= self.now:
            raise No(401, "", "Authentication failed (cause: Token expired)")

    def options(self, body: dict[str, Any]) -> dict[str, Any]:
        number = body["aoi"][0]["polygonId"]
        return {
            "availableOptions": [
                {"name": "spectral_processing", "defaultValue": "bundle"},
                {"name": f"projection_{number}", "defaultValue": "32622"},
                {"name": f"dem_{number}", "defaultValue": "best_available"},
            ]
        }

    def feasibility(self, body: dict[str, Any]) -> dict[str, Any]:
        self._check_contract(body)
        _polygon(body["aoi"])
        easy = body["optical"]["maxCloudCover"] >= 10
        by_hand = self.dice.random() < self.by_hand
        told = {
            "classification": "EASY" if easy else "CHALLENGING",
            "automation": "MAUAL" if by_hand else "AUTOMATIC",
            "automationName": "AutomaticTasking30",
        }
        mission = body["mission"]
        kind = {"name": "ONEPLAN", "mission": mission, "feasibility": told, "available": True}
        return {"progCapacities": [{"mission": mission, "progTypes": [kind]}]}

    def price(self, body: dict[str, Any]) -> dict[str, Any]:
        area = max(100.0, self._checked(body) / 1e6)
        product = body["items"][0]["productTypeId"]
        each = {"amount": area * 56, "areaKm2": area, "price": area * 56, "productTypeId": product}
        return {"currency": "EUR", "productTypes": [each], "totalAmount": round(area * 56, 2)}

    def order(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take an order; the same reference twice makes two, as nothing says that theirs refuses it."""
        ordered = self._checked(body)
        if self.dice.random() < self.refuses:
            raise No(400, "E2203", "The acquisition period is not available")
        said = {row["key"]: row["value"] for row in body["items"][0]["properties"]}
        starts_at, ends_at = (datetime.fromisoformat(at) for at in said["acqPeriod"].split(" "))
        number = len(self.taskings) + 1
        one = Tasking(
            id=f"ICR_FC_{number:06}",
            sales_order=f"SAL{21_000_000 + number}",
            body=body,
            shown_at=self.now + self.shown_after,
            starts_at=starts_at,
            ends_at=ends_at,
            max_cloud=said["maxCloudCover"],
            passes=list(self._passes(starts_at, ends_at)),
            ordered_m2=ordered,
        )
        self.taskings[one.id] = one
        amount = self.price(body)["totalAmount"]
        return {"salesOrderId": one.sales_order, "currency": "EUR", "totalAmount": amount}

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        """A page of taskings. Their filter matches the beginning of a reference too."""
        shown = [one for one in self.taskings.values() if one.shown_at <= self.now]
        if ours := query.get("customerRef"):
            shown = [one for one in shown if one.ours.startswith(ours)]
        count, page = int(query.get("count", 10)), int(query.get("startPage", 1))
        return {"taskings": [one.told() for one in shown[(page - 1) * count : page * count]]}

    def tasking(self, key: str) -> Tasking:
        found = self.taskings.get(key)
        if found is None or found.shown_at > self.now:
            raise No(404, "E2203", "Tasking not found")
        return found

    def segment_list(self, key: str) -> dict[str, Any]:
        return {"segments": [one.told() for one in self.tasking(key).segments.values()]}

    def answer(self, key: str, segment: str, verb: str) -> dict[str, Any]:
        tasking = self.tasking(key)
        found = tasking.segments.get(segment)
        if found is None:
            raise No(404, "E2203", "Segment not found")
        if found.status != "Proposed":
            raise No(400, "E2210", "Segment is not proposed")
        found.status = {"accept": "Accepted", "refuse": "Refused"}[verb]
        if verb == "accept":
            tasking.validated_m2 = tasking.ordered_m2
            tasking.status = "Completed"
        return {}

    def cancel(self, key: str) -> dict[str, Any]:
        tasking = self.tasking(key)
        if tasking.status != "In Progress":
            raise No(400, "E2211", "Tasking cannot be canceled any more")
        tasking.status = "Canceled"
        return {}

    def orders_of(self, reference: str) -> list[Tasking]:
        """What a test counts: one, whatever went wrong."""
        return [one for one in self.taskings.values() if one.ours == reference]

    def _passes(self, starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
        at = starts_at + timedelta(hours=10, minutes=self.dice.randrange(90))
        while at < ends_at:
            yield at
            at += self.passes_each

    def _check_contract(self, body: dict[str, Any]) -> None:
        if body.get("contractId") != CONTRACT:
            raise No(400, "E2203", "Unknown contract")

    def _checked(self, body: dict[str, Any]) -> float:
        """The body of an order as they demand it; its area in m²."""
        missing = [name for name in REQUIRED if not body.get(name)]
        if missing:
            raise No(400, "E1001", f"Missing {', '.join(missing)}")
        self._check_contract(body)
        product, item = body["optionsPerProductType"][0], body["items"][0]
        if item["productTypeId"] not in PRODUCT_TYPES:
            raise No(400, "E1002", "Unknown product type")
        number = body["aoi"][0]["id"]
        for row in product["options"]:
            if row["key"].startswith(PLACES) and not row["key"].endswith(f"_{number}"):
                raise No(400, "E1003", f"Unknown option {row['key']}")
        return _polygon(body["aoi"][0]["geometry"])


def _polygon(area: dict[str, Any]) -> float:
    if area.get("type") != "Polygon" or len(area["coordinates"]) != 1:
        raise No(400, "E1004", "One polygon without holes is expected")
    if len(area["coordinates"][0]) > 999:
        raise No(400, "E1005", "At most 999 vertices")
    return float(geo.area_km2(shape(area))) * 1e6


def _short(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _long(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

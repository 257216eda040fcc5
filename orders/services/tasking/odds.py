"""The odds of a tasking before it is asked: chance, likely attempts, what helps most, how many others.

Read from the scheme's own attempts around the place and season, on top of a table of clouds. Nothing is
stored or booked. Of others only a count is told, over a wide strip and from three on: fewer could be
traced to one laboratory by moving the area about.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, cos, radians
from typing import Any

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.utils import timezone

from catalogue.models import Platform
from dinamis import geo
from dinamis.geo.area import LocalPlane
from orders.models import Attempt, CloudClimate, Line, OddsSetting
from orders.odds.chances import Belief, believed, known, likely_attempts, of_all
from orders.odds.clouds import clear_enough
from orders.odds.passes import Orbit, attempts_within
from orders.pricing.rules import Rules
from orders.pricing.words import Kind, Unit
from orders.services.asking.wishes import Tasking, checked
from orders.services.rules.rules import version_in_force
from orders.states import AttemptState, Supply
from orders.states.supply import OVER

LEAST_TOLD = 3  # fewer others, or fewer attempts of the record, are not told
AROUND_KM = 300  # attempts of the record this near count for the place
MONTHS_AROUND = 1  # and this near in the season, whatever the year
KM_PER_DEGREE = 111.2
LONGER, CLOUDIER, WIDER, MORE = 30, 10, 10, 2  # days, points of cloud, degrees, tries


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One ceiling moved alone: `what` is window, cloud, incidence or tries, `to` its new value."""

    what: str
    to: Any
    chance: float


@dataclass(frozen=True, slots=True)
class Odds:
    """Chances are shares, 0 to 1; attempts are means, not whole numbers.

    `low` and `high` are the chance with that of one attempt as bad, and as good, as one time in ten.
    `recorded` attempts of the record count, of which `clear` would have been clear enough; both are
    0 where the record has fewer than three. `others` is None below three.
    """

    chance: float
    low: float
    high: float
    one_attempt: float
    attempts: float
    likely_attempts: float
    strips: int
    recorded: int
    clear: int
    climate: CloudClimate
    setting: OddsSetting
    relaxations: tuple[Relaxation, ...]
    others: int | None

    @property
    def percent(self) -> int:
        """The chance as whole per cent."""
        return round(self.chance * 100)

    @property
    def best(self) -> Relaxation | None:
        """The relaxation that helps most, where one adds a point at least."""
        best = max(self.relaxations, key=lambda one: one.chance, default=None)
        return best if best is not None and best.chance - self.chance >= 0.01 else None


def of(wish: Tasking, *, requester: Any = None) -> Odds | None:
    """The odds of a wish; None where no row tells how the sensor goes, or how cloudy the place is.

    `requester`'s own requests are not counted among the others'. Raises what checking the wish raises.
    """
    rules = version_in_force().rules
    columns = checked(wish, rules).columns
    setting = OddsSetting.objects.filter(sensor=wish.sensor).first()
    place = _Place.of(columns["area"])
    if setting is None or place is None:
        return None
    full = replace(
        wish, **{name: columns[name] for name in ("max_cloud", "max_incidence", "tries")}
    )
    asked = _Asked(full, place, setting, rules)
    belief, attempts = asked.worked()
    strips = asked.strips
    below, above = belief.quantile(0.1), belief.quantile(0.9)
    chance = of_all(belief, attempts, strips)
    recorded, clear = asked.record(full.max_cloud)
    return Odds(
        chance=chance,
        low=min(known(below, attempts, strips), chance),
        high=max(known(above, attempts, strips), chance),
        one_attempt=belief.mean,
        attempts=attempts,
        likely_attempts=likely_attempts(belief, attempts, strips),
        strips=strips,
        recorded=recorded,
        clear=clear,
        climate=place.climate,
        setting=setting,
        relaxations=tuple(asked.relaxed()),
        others=_others(full, place, requester),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an area lies and how wide it is, in km, across its narrow side."""

    longitude: float
    latitude: float
    width_km: float
    bounds: tuple[float, float, float, float]
    climate: CloudClimate

    @classmethod
    def of(cls, area: Any) -> "_Place | None":
        shape = geo.to_shapely(area)
        middle = shape.representative_point()
        flat = shapely.minimum_rotated_rectangle(LocalPlane(shape).project(shape))
        sides = shapely.get_coordinates(flat)
        lengths = [float(((a - b) ** 2).sum() ** 0.5) for a, b in pairwise(sides)]
        boxes = CloudClimate.objects.filter(
            west__lte=middle.x, east__gte=middle.x, south__lte=middle.y, north__gte=middle.y
        )
        if not boxes:
            return None
        climate = min(boxes, key=lambda one: (one.east - one.west) * (one.north - one.south))
        return cls(middle.x, middle.y, min(lengths) / 1000, shape.bounds, climate)

    def around(self, km: float) -> Polygon:
        """A box of so many km around the area, for an index to find what is near."""
        west, south, east, north = self.bounds
        up = km / KM_PER_DEGREE
        across = up / max(cos(radians(self.latitude)), 0.1)
        return Polygon.from_bbox((west - across, south - up, east + across, north + up))


class _Asked:
    """A wish with all its ceilings filled in, over one place."""

    def __init__(self, wish: Tasking, place: _Place, setting: OddsSetting, rules: Rules) -> None:
        self.wish, self.place, self.setting = wish, place, setting
        self.rule = rules.tasking[wish.sensor.code]
        self.orbit = Orbit(setting.height_km, setting.turns_a_day, setting.tried_share)
        self.counts_attempts = rules.units[wish.sensor.code, Kind.TASKING] == Unit.ATTEMPT
        self.satellites = list(Platform.objects.filter(sensor=wish.sensor))
        swath = min((one.swath_km for one in self.satellites), default=20.0)
        self.strips = max(1, ceil(place.width_km / swath))
        self._clouds = self._recorded_clouds()

    def worked(self, **changed: Any) -> tuple[Belief, float]:
        """What is believed of one attempt, and how many there will be, with some ceilings changed."""
        wish = replace(self.wish, **changed)
        prior = sum(
            share
            * clear_enough(
                self.place.climate.months[month - 1] / 100,
                wish.max_cloud / 100,
                sum_ab=self.setting.cloud_sharpness,
            )
            for month, share in _months(wish.starts_on, wish.ends_on).items()
        )
        made, clear = self.record(wish.max_cloud)
        belief = believed(prior, weight=self.setting.prior_weight, made=made, clear=clear)
        days = (wish.ends_on - wish.starts_on).days + 1
        attempts = attempts_within(
            self.orbit,
            satellites=self._in_service(wish),
            days=days,
            latitude=self.place.latitude,
            incidence=wish.max_incidence,
        )
        return belief, min(attempts, float(wish.tries)) if self.counts_attempts else attempts

    def record(self, ceiling: int) -> tuple[int, int]:
        """Attempts of the record around here in this season: how many, how many clear enough."""
        made = len(self._clouds)
        if made < LEAST_TOLD:
            return 0, 0
        return made, sum(cloud <= ceiling for cloud in self._clouds)

    def relaxed(self) -> Iterator[Relaxation]:
        """Each ceiling moved alone, as far as the rules let it."""
        wish, rule = self.wish, self.rule
        last = wish.starts_on + timedelta(days=rule.most_window_days - 1)
        moved = {
            "ends_on": ("window", min(wish.ends_on + timedelta(days=LONGER), last)),
            "max_cloud": ("cloud", min(wish.max_cloud + CLOUDIER, 100)),
            "max_incidence": ("incidence", min(wish.max_incidence + WIDER, rule.most_incidence)),
        }
        if self.counts_attempts:
            moved["tries"] = ("tries", min(wish.tries + MORE, rule.most_tries))
        for name, (what, to) in moved.items():
            if to > getattr(wish, name):
                belief, attempts = self.worked(**{name: to})
                yield Relaxation(what, to, of_all(belief, attempts, self.strips))

    def _in_service(self, wish: Tasking) -> float:
        """Satellites in service, each as the share of the window that it serves."""
        days = (wish.ends_on - wish.starts_on).days + 1
        served = 0.0
        for one in self.satellites:
            first = max(wish.starts_on, one.in_service_from)
            last = min(wish.ends_on, one.in_service_to or wish.ends_on)
            served += max(0, (last - first).days + 1) / days
        return served

    def _recorded_clouds(self) -> list[float]:
        """The cloud, in %, of each attempt of the record near the place and the season."""
        wish = self.wish
        season: set[int] = set()
        for month in _months(wish.starts_on, wish.ends_on):
            season |= {(month - 1 + by) % 12 + 1 for by in (-MONTHS_AROUND, 0, MONTHS_AROUND)}
        found = Attempt.objects.filter(
            state__in=[AttemptState.CLOUDY, AttemptState.PROPOSED],
            cloud_cover__isnull=False,
            planned_at__month__in=season,
            line__area__bboverlaps=self.place.around(AROUND_KM),
        )
        return list(found.order_by("-planned_at").values_list("cloud_cover", flat=True)[:500])


def _months(first: date, last: date) -> dict[int, float]:
    """The months of a window, each with its share of the days."""
    days = (last - first).days + 1
    shares: dict[int, float] = {}
    for day in range(days):
        month = (first + timedelta(days=day)).month
        shares[month] = shares.get(month, 0.0) + 1 / days
    return shares


def _others(wish: Tasking, place: _Place, requester: Any) -> int | None:
    """How many other people ask a satellite of the sensor for this strip meanwhile; None below three."""
    swath = max((one.swath_km for one in Platform.objects.filter(sensor=wish.sensor)), default=60.0)
    asking = (
        Line.objects.filter(
            Q(approval="accepted") | Q(pk__in=Line.objects.waiting().values("pk")),
            sensor=wish.sensor,
            kind=Kind.TASKING,
            area__bboverlaps=place.around(swath),
            window_starts_on__lte=wish.ends_on,
            window_ends_on__gte=max(wish.starts_on, timezone.localdate()),
        )
        .exclude(supply__in=[*OVER, Supply.IN_PRODUCTION])
        .exclude(order__requester=requester)
    )
    count = asking.values("order__requester").distinct().count()
    return count if count >= LEAST_TOLD else None

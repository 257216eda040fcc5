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

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from catalogue.models import Platform
from dinamis import geo
from dinamis.geo.area import LocalPlane
from orders.models import Attempt, CloudClimate, Line, OddsSetting
from orders.odds.chances import Belief, Run, believed, first, known, likely_attempts, of_all, one_of
from orders.odds.clouds import clear_enough
from orders.odds.passes import Orbit, attempts_a_day
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
HELPS = 0.01  # what adds less than a point to the chance is not offered
MOST_RECORDED = 2000


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
    0 where the record has fewer than three. `others` is None below three. `relaxations` are those
    that help, the most helpful first.
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
        """The relaxation that helps most; None where none helps."""
        return next(iter(self.relaxations), None)


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
    runs, strips = asked.runs(), asked.strips
    chance = of_all(runs, strips)
    low, high = known(runs, strips, np.array([0.1, 0.9]))
    recorded, clear = asked.told()
    return Odds(
        chance=chance,
        low=min(float(low), chance),
        high=max(float(high), chance),
        one_attempt=one_of(runs) if runs else 0.0,
        attempts=sum(run.attempts for run in runs),
        likely_attempts=likely_attempts(runs, strips),
        strips=strips,
        recorded=recorded,
        clear=clear,
        climate=place.climate,
        setting=setting,
        relaxations=tuple(asked.relaxed(chance)),
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
        self._record = self._recorded()

    def runs(self, **changed: Any) -> list[Run]:
        """The attempts to come, month by month in the order of time, with some ceilings changed.

        Where each attempt counts, the supplier tries at the first passes there are until the tries
        that were asked are used up: a longer window leaves them where they were.
        """
        wish = replace(self.wish, **changed)
        rate = attempts_a_day(
            self.orbit, latitude=self.place.latitude, incidence=wish.max_incidence
        )
        runs = [
            Run(rate * self._in_service(first_day, last_day), self._belief(month, wish.max_cloud))
            for month, first_day, last_day in _months(wish.starts_on, wish.ends_on)
        ]
        made = [run for run in runs if run.attempts > 0]
        return first(made, wish.tries) if self.counts_attempts else made

    def told(self) -> tuple[int, int]:
        """Attempts of the record that count for the window: how many, how many clear enough."""
        used = {
            one
            for month, _first, _last in _months(self.wish.starts_on, self.wish.ends_on)
            for one in self._near(month)
        }
        return len(used), sum(self._record[one][1] <= self.wish.max_cloud for one in used)

    def relaxed(self, chance: float) -> list[Relaxation]:
        """Each ceiling moved alone, as far as the rules let it, where that helps; the best first."""
        wish, rule = self.wish, self.rule
        last = wish.starts_on + timedelta(days=rule.most_window_days - 1)
        moved = {
            "ends_on": ("window", min(wish.ends_on + timedelta(days=LONGER), last)),
            "max_cloud": ("cloud", min(wish.max_cloud + CLOUDIER, 100)),
            "max_incidence": ("incidence", min(wish.max_incidence + WIDER, rule.most_incidence)),
        }
        if self.counts_attempts:
            moved["tries"] = ("tries", min(wish.tries + MORE, rule.most_tries))
        found = [
            Relaxation(what, to, of_all(self.runs(**{name: to}), self.strips))
            for name, (what, to) in moved.items()
            if to > getattr(wish, name)
        ]
        helping = [one for one in found if one.chance - chance >= HELPS]
        return sorted(helping, key=lambda one: one.chance, reverse=True)

    def _belief(self, month: int, ceiling: int) -> Belief:
        """What is believed of one attempt in a month, whatever window the month stands in."""
        prior = clear_enough(
            self.place.climate.months[month - 1] / 100,
            ceiling / 100,
            sum_ab=self.setting.cloud_sharpness,
        )
        near = self._near(month)
        clear = sum(self._record[one][1] <= ceiling for one in near)
        return believed(prior, weight=self.setting.prior_weight, made=len(near), clear=clear)

    def _near(self, month: int) -> list[int]:
        """Attempts of the record near a month of the year, by their place; none below three."""
        season = {(month - 1 + by) % 12 + 1 for by in range(-MONTHS_AROUND, MONTHS_AROUND + 1)}
        near = [place for place, (made_in, _cloud) in enumerate(self._record) if made_in in season]
        return near if len(near) >= LEAST_TOLD else []

    def _in_service(self, first_day: date, last_day: date) -> int:
        """Days of service of all satellites between two days, both counted."""
        days = 0
        for one in self.satellites:
            begins = max(first_day, one.in_service_from)
            ends = min(last_day, one.in_service_to or last_day)
            days += max(0, (ends - begins).days + 1)
        return days

    def _recorded(self) -> list[tuple[int, float]]:
        """The attempts of the record near the place: month of the year and cloud in %, the newest first."""
        found = Attempt.objects.filter(
            state__in=[AttemptState.CLOUDY, AttemptState.PROPOSED],
            cloud_cover__isnull=False,
            line__area__bboverlaps=self.place.around(AROUND_KM),
        ).annotate(month=ExtractMonth("planned_at"))
        rows = found.order_by("-planned_at").values_list("month", "cloud_cover")
        return list(rows[:MOST_RECORDED])


def _months(first_day: date, last_day: date) -> Iterator[tuple[int, date, date]]:
    """The months of a window in their order, each with its first and last day within the window."""
    begins = first_day
    while begins <= last_day:
        following = (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
        ends = min(last_day, following - timedelta(days=1))
        yield begins.month, begins, ends
        begins = following


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

"""What somebody wants, checked: a scene produced over an area, or an area tasked within a window."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Platform, Product, Scene, Sensor
from dinamis import formats, geo
from dinamis.errors import Invalid
from dinamis.geo.convert import polygons_of, together
from orders.options import completed
from orders.pricing.rules import Rules, TaskingRule
from orders.pricing.words import Kind, Mode
from orders.services.asking import outlines

# Base to height: what a supplier takes, and its usual bounds of a pair and a triplet (domain.md 5).
LEAST_BH, MOST_BH = Decimal("0.2"), Decimal("0.8")
BASE_TO_HEIGHT = {
    Mode.STEREO: (Decimal("0.40"), Decimal("0.70")),
    Mode.TRI_STEREO: (Decimal("0.20"), Decimal("0.35")),
}
LEAST_PART = Decimal("0.01")  # km², of what is left of an area
# How many images each mode needs.
_IMAGES = {Mode.MONO: 1, Mode.STEREO: 2, Mode.TRI_STEREO: 3}


@dataclass(frozen=True, slots=True)
class Production:
    """A scene to be produced. `area` (EPSG:4326) None is the whole image."""

    scene: Scene
    area: Any = None
    mode: str = Mode.MONO
    options: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[int, ...] = ()  # products whose footprints are subtracted


@dataclass(frozen=True, slots=True)
class Tasking:
    """An area (EPSG:4326) to be acquired between two days; what is None takes the rules' default.

    Ceilings in per cent of cloud and degrees of incidence.
    """

    sensor: Sensor
    area: Any
    starts_on: date
    ends_on: date
    mode: str = Mode.MONO
    max_cloud: int | None = None
    max_incidence: int | None = None
    tries: int | None = None
    accept_cloud: int | None = None  # accepted by itself up to; above it, one is asked
    min_bh: Decimal | None = None  # base to height of a pair or triplet
    max_bh: Decimal | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A wish that keeps every rule: the columns of a quote or line, and what they do not hold.

    `asked_km2` is the whole area asked, `columns["area_km2"]` the part that can be served.
    """

    columns: dict[str, Any]
    asked_km2: Decimal
    asked_area: GEOSGeometry
    is_provisional: bool = False
    subtracted_km2: Decimal = Decimal(0)

    @property
    def sensor(self) -> Sensor:
        return self.columns["sensor"]

    @property
    def area(self) -> GEOSGeometry:
        return self.columns["area"]


def checked(wish: Production | Tasking, rules: Rules) -> Checked:
    """Check a wish against the rules. Raises Invalid (or TooLarge) with a sentence of its own for each."""
    return _production(wish) if isinstance(wish, Production) else _tasking(wish, rules)


def of_row(row: Any) -> Production | Tasking:
    """The wish that a quote or a line holds, to be checked and priced again."""
    asked = getattr(row, "quote", row).asked_area if row.without else None
    area = row.area if asked is None else asked
    without = tuple(row.without)
    if row.kind == Kind.PRODUCTION:
        area = None if row.whole_scene else area
        return Production(row.scene, area, row.mode, row.options, without)
    return Tasking(
        sensor=row.sensor,
        area=area,
        without=without,
        starts_on=row.window_starts_on,
        ends_on=row.window_ends_on,
        mode=row.mode,
        max_cloud=row.max_cloud,
        max_incidence=row.max_incidence,
        tries=row.tries,
        accept_cloud=row.accept_cloud,
        min_bh=row.min_bh,
        max_bh=row.max_bh,
        options=row.options,
    )


def still_to_come(wish: Production | Tasking) -> Production | Tasking:
    """A wish asked for again later: a window that has begun meanwhile begins today."""
    if isinstance(wish, Production):
        return wish
    return replace(wish, starts_on=max(wish.starts_on, timezone.localdate()))


def _production(wish: Production) -> Checked:
    scene = wish.scene
    _check_mode(wish.mode)
    if scene.platform.sensor is None:
        raise Invalid(
            "satellite_not_offered",
            _("Images of %(satellite)s are kept here and cannot be ordered.")
            % {"satellite": scene.platform},
        )
    if scene.is_complete and _IMAGES[Mode(wish.mode)] > _IMAGES[Mode(scene.stereo)]:
        raise Invalid(
            "scene_is_not_stereo",
            _("This image was taken once: it cannot be produced as a %(mode)s.")
            % {"mode": Mode(wish.mode).label},
        )
    shape = _whole(scene) if wish.area is None else geo.check_area(wish.area).geometry
    asked_km2, asked = geo.area_km2(shape), geo.to_geos(shape, multi=True)
    if scene.is_complete and wish.area is not None:
        shape = _clipped(shape, scene)
    shape, subtracted = _subtracted(shape, wish.without, scene.platform.sensor)
    return Checked(
        columns={
            "kind": Kind.PRODUCTION,
            "sensor": scene.platform.sensor,
            "scene": scene,
            "area": geo.to_geos(shape, multi=True),
            "area_km2": geo.area_km2(shape),
            "whole_scene": wish.area is None and not wish.without,
            "without": list(wish.without),
            "mode": wish.mode,
            "options": completed(wish.options),
        },
        asked_km2=asked_km2,
        asked_area=asked,
        is_provisional=not scene.is_complete,
        subtracted_km2=subtracted,
    )


def _tasking(wish: Tasking, rules: Rules) -> Checked:
    rule = rules.tasking[wish.sensor.code]
    _check_mode(wish.mode)
    _check_window(wish, rule)
    area = geo.check_area(wish.area)
    outlines.check(area.geometry)
    left, subtracted = _subtracted(area.geometry, wish.without, wish.sensor)
    shape = geo.to_geos(left, multi=True)
    cloud = rule.cloud if wish.max_cloud is None else wish.max_cloud
    incidence = rule.incidence if wish.max_incidence is None else wish.max_incidence
    tries = rule.tries if wish.tries is None else wish.tries
    _check_between("cloud_ceiling", _("The cloud ceiling"), cloud, 0, 100, "%")
    _check_between(
        "incidence_ceiling", _("The incidence ceiling"), incidence, 5, rule.most_incidence, "°"
    )
    _check_between("tries", _("The number of tries"), tries, 1, rule.most_tries, "")
    if wish.accept_cloud is not None:
        what = _("What is accepted by itself, below the cloud ceiling,")
        _check_between("accept_cloud", what, wish.accept_cloud, 0, cloud, "%")
    min_bh, max_bh = _base_to_height(wish)
    return Checked(
        columns={
            "kind": Kind.TASKING,
            "sensor": wish.sensor,
            "scene": None,
            "area": shape,
            "area_km2": area.area_km2 - subtracted,
            "without": list(wish.without),
            "mode": wish.mode,
            "options": completed(wish.options),
            "window_starts_on": wish.starts_on,
            "window_ends_on": wish.ends_on,
            "max_cloud": cloud,
            "max_incidence": incidence,
            "accept_cloud": wish.accept_cloud,
            "min_bh": min_bh,
            "max_bh": max_bh,
            "tries": tries,
        },
        asked_km2=area.area_km2,
        asked_area=geo.to_geos(area.geometry, multi=True),
        subtracted_km2=subtracted,
    )


def _whole(scene: Scene) -> Any:
    """The image's own outline; where only its cell is known, a square of its swath in the middle."""
    if scene.is_complete:
        return geo.to_shapely(scene.footprint)
    centre, width = scene.footprint.centroid, scene.platform.swath_km
    return geo.swath_footprint(
        centre.x, centre.y, width_km=width, length_km=width, orientation_deg=0
    )


def _clipped(shape: Any, scene: Scene) -> Any:
    """The part of an area under the scene; `overlap_km2` refuses what would take too long to cut."""
    if not geo.overlap_km2(shape, scene.footprint):
        raise Invalid(
            "area_outside_scene",
            _("This image does not touch your area: choose another, or move the area."),
            scene=scene.item_id,
        )
    common = shapely.intersection(shape, geo.to_shapely(scene.footprint))
    return together(list(polygons_of(common)))


def _subtracted(shape: Any, without: tuple[int, ...], sensor: Sensor) -> tuple[Any, Decimal]:
    """The part of a shape that published products of the sensor do not cover, and what was taken off.

    Km² are geodesic, before less after. Slivers under a hundredth of a km² are left out. Raises
    Invalid (nothing_left) where members have all of it.
    """
    if not without:
        return shape, Decimal(0)
    products = Product.objects.published().filter(pk__in=without, scene__platform__sensor=sensor)
    found = [one for one in products.order_by("pk") if geo.overlap_km2(shape, one.footprint)]
    left = geo.to_shapely(shape)
    for product in found:
        left = shapely.difference(left, geo.to_shapely(product.footprint))
    parts = [part for part in polygons_of(left) if geo.area_km2(part) >= LEAST_PART]
    if not parts:
        raise Invalid(
            "nothing_left",
            _("Members have all of this area already: download it, nothing is left to order."),
        )
    left = together(parts)
    return left, geo.area_km2(shape) - geo.area_km2(left)


def _check_mode(mode: str) -> None:
    if mode not in Mode.values:
        raise Invalid("mode_unknown", _("Choose a single image, a stereo pair or a triplet."))


def _check_window(wish: Tasking, rule: TaskingRule) -> None:
    today, days = timezone.localdate(), (wish.ends_on - wish.starts_on).days + 1
    if days < 1:
        raise Invalid("window_reversed", _("The window ends before it begins."))
    if wish.ends_on <= today:
        raise Invalid("window_past", _("The window must end in the future."))
    if wish.starts_on < today:
        raise Invalid("window_begun", _("The window cannot begin in the past."))
    if days < max(2, rule.least_window_days):
        raise Invalid(
            "window_too_short",
            _(
                "A day cannot be chosen: give a window of at least %(days)s days. DINAMIS does not"
                " serve emergencies: CIEST² (ground motion), the International Charter"
                " (disasterscharter.org) and Copernicus EMS (emergency.copernicus.eu) do."
            )
            % {"days": rule.least_window_days},
            least_days=rule.least_window_days,
        )
    if days > rule.most_window_days:
        raise Invalid(
            "window_too_long",
            _("The window may last %(days)s days at most.") % {"days": rule.most_window_days},
            most_days=rule.most_window_days,
        )
    _check_in_service(wish)


def _base_to_height(wish: Tasking) -> tuple[Decimal | None, Decimal | None]:
    """The bounds of a pair or triplet, the usual ones where none is said; none of a single image."""
    usual = BASE_TO_HEIGHT.get(Mode(wish.mode))
    if usual is None:
        if wish.min_bh is not None or wish.max_bh is not None:
            raise Invalid("bh_of_one_image", _("Base to height is asked of a pair or a triplet."))
        return None, None
    least = usual[0] if wish.min_bh is None else Decimal(str(wish.min_bh))
    most = usual[1] if wish.max_bh is None else Decimal(str(wish.max_bh))
    if not LEAST_BH <= least <= most <= MOST_BH:
        raise Invalid(
            "bh_out_of_range",
            _("Base to height lies between %(least)s and %(most)s, the least before the most.")
            % {"least": formats.number(LEAST_BH), "most": formats.number(MOST_BH)},
        )
    return least, most


def _check_in_service(wish: Tasking) -> None:
    serving = Platform.objects.filter(
        Q(in_service_to=None) | Q(in_service_to__gte=wish.ends_on),
        sensor=wish.sensor,
        in_service_from__lte=wish.starts_on,
    )
    if not serving.exists():
        raise Invalid(
            "no_satellite_in_window",
            _("No %(sensor)s satellite is in service until %(day)s.")
            % {"sensor": wish.sensor, "day": formats.day(wish.ends_on)},
        )


def _check_between(code: str, what: str, value: int, least: int, most: int, unit: str) -> None:
    if not least <= value <= most:
        raise Invalid(
            f"{code}_out_of_range",
            _("%(what)s lies between %(least)s and %(most)s%(unit)s.")
            % {"what": what, "least": least, "most": most, "unit": unit},
            least=least,
            most=most,
        )

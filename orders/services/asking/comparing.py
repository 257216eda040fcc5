"""The ways of asking that a person may want side by side: modes of a scene, sensors and modes of a tasking."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from catalogue.models import Scene, Sensor
from orders.models import Project
from orders.pricing.words import Mode
from orders.services.asking.wishes import Production, Tasking
from orders.services.rules.rules import version_in_force

FIRST_DAY, WINDOW_DAYS = 2, 120


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of asking, with the address of the form that it fills in."""

    label: str
    wish: Production | Tasking
    url: str


def choices(*, scene: Scene | None, area: Any, project: Project | None = None) -> list[Choice]:
    """The modes of a scene, or every sensor in every mode over an area; nothing without either.

    Under a project a window of tasking ends with it at the latest.
    """
    under = {"project": project.reference} if project else {}
    if scene is not None:
        return [_production(scene, area, mode, under) for mode in _modes(scene)]
    if area is None:
        return []
    rules = version_in_force().rules
    sensors = [one for one in Sensor.objects.all() if one.code in rules.tasking]
    last = project.ends_on if project else None
    return [_tasking(sensor, area, mode, under, last) for sensor in sensors for mode in Mode.values]


def _modes(scene: Scene) -> list[str]:
    return Mode.values[: Mode.values.index(scene.stereo) + 1] if scene.is_complete else Mode.values


def _production(scene: Scene, area: Any, mode: str, under: dict[str, str]) -> Choice:
    wish = Production(scene, area.geometry if area else None, mode)
    pairs = {"scene": scene.item_id, "mode": mode} | ({"area": area.key} if area else {}) | under
    return Choice(
        str(Mode(mode).label).capitalize(), wish, f"{reverse('order_new')}?{urlencode(pairs)}"
    )


def _tasking(
    sensor: Sensor, area: Any, mode: str, under: dict[str, str], last: date | None
) -> Choice:
    first = timezone.localdate() + timedelta(days=FIRST_DAY)
    ends_on = first + timedelta(days=WINDOW_DAYS)
    wish = Tasking(
        sensor=sensor,
        area=area.geometry,
        starts_on=first,
        ends_on=min(ends_on, last) if last and last > first else ends_on,
        mode=mode,
    )
    pairs = {"sensor": sensor.code, "area": area.key, "mode": mode} | under
    return Choice(
        f"{sensor}, {Mode(mode).label}", wish, f"{reverse('tasking_new')}?{urlencode(pairs)}"
    )

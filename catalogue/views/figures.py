"""A scene's figures, group by group, exactly as they are stored: no digit is lost on the way."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from catalogue.models import Scene
from dinamis import formats


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its (label, value) pairs."""

    title: str
    facts: list[tuple[str, str]]


def exact(value: Any, unit: str = "") -> str:
    """A number with all the digits it is stored with, in the language's decimal sign."""
    text = format(value, "f") if not isinstance(value, float) else repr(value)
    text = text.replace("-", "−").replace(".", str(get_format("DECIMAL_SEPARATOR")))
    return f"{text}{unit}"


def instant(scene: Scene) -> str:
    """Day and time in UTC, to the tenth of a second that identifiers carry."""
    at = scene.datetime.astimezone(UTC)
    tenth = f"{get_format('DECIMAL_SEPARATOR')}{at.microsecond // 100_000}"
    return f"{formats.day(at.date())} {at:%H:%M:%S}{tenth if at.microsecond else ''}"


def of(scene: Scene) -> list[Group]:
    """Every figure that is known; what the supplier does not say is not shown."""
    return [
        group for group in (_sky(scene), _look(scene), _sun(scene), _place(scene)) if group.facts
    ]


def _facts(*rows: tuple[str, Any, str]) -> list[tuple[str, str]]:
    return [(label, exact(value, unit)) for label, value, unit in rows if value is not None]


def _sky(scene: Scene) -> Group:
    return Group(
        _("Image"),
        _facts(
            (_("Cloud over the whole scene"), scene.cloud_cover, "\u00a0%"),
            (_("Snow over the whole scene"), scene.snow_cover, "\u00a0%"),
            (_("Resolution"), scene.resolution_m, "\u00a0m"),
        ),
    )


def _look(scene: Scene) -> Group:
    return Group(
        _("Angles of the look"),
        _facts(
            (_("Incidence"), scene.incidence, "°"),
            (_("Incidence across the track"), scene.incidence_across, "°"),
            (_("Incidence along the track"), scene.incidence_along, "°"),
            (_("Viewing angle"), scene.viewing, "°"),
            (_("Viewing angle across the track"), scene.viewing_across, "°"),
            (_("Viewing angle along the track"), scene.viewing_along, "°"),
            (_("Orientation"), scene.orientation, "°"),
        )
        + _orbit(scene),
    )


def _orbit(scene: Scene) -> list[tuple[str, str]]:
    rows = [
        (_("Orbit"), scene.get_orbit_state_display()),
        (_("Relative orbit"), str(scene.relative_orbit or "")),
    ]
    return [(label, said) for label, said in rows if said]


def _sun(scene: Scene) -> Group:
    return Group(
        _("Sunlight"),
        _facts(
            (_("Sun azimuth"), scene.sun_azimuth, "°"),
            (_("Sun elevation"), scene.sun_elevation, "°"),
        ),
    )


def _place(scene: Scene) -> Group:
    return Group(
        _("Centre"),
        _facts(
            (_("Longitude"), _plain(scene.centre_lon), "°"),
            (_("Latitude"), _plain(scene.centre_lat), "°"),
        ),
    )


def _plain(value: Any) -> Any:
    """A decimal without the zeros that its column adds."""
    return None if value is None else value.normalize()

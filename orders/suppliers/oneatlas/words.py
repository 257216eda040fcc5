"""OneAtlas' words beside ours. Where their description and their examples differ, both are read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from orders.suppliers.protocol import Refused, Stage

# Our sensor → their mission, and the beginning of their product types.
MISSIONS = {"pleiades": "PLEIADES", "spot67": "SPOT"}
FAMILIES = {"pleiades": "Pleiades", "spot67": "Spot"}
# The offer that DINAMIS uses: coverage within a period, qualified by the ceilings.
PROGRAMME = "ONEPLAN"
OFFER = "OnePlan"
MODES = {"mono": "MONO", "stereo": "STEREO", "tri_stereo": "TRISTEREO"}
SPECTRAL = {
    "bundle": "bundle",
    "pansharpened": "pansharpened",
    "natural": "pansharpened_natural_color",
    "infrared": "pansharpened_false_color",
    "panchromatic": "panchromatic",
    "multispectral": "multispectral",
}
FORMATS = {"jpeg2000": "dimap_jpeg2000_regular", "geotiff": "dimap_geotiff"}
BITS = {"8": "8bits", "12": "12bits"}
# What they call "MANUAL" is spelt without its N in their own description of the answer.
BY_HAND = frozenset({"MANUAL", "MAUAL"})
# How a tasking stands → our stage; "In Progress" is told apart by what was tried and proposed.
STUDY, RUNNING, PAUSED = "feasibility study in progress", "in progress", "paused"
STOPPED, COMPLETED = "canceled", "completed"
# What a segment's word comes to, as an answer of ours.
ANSWERS = {
    "proposed": "",
    "pending": "",
    "accepted": "accepted",
    "validated": "accepted",
    "refused": "refused",
    "rejected": "refused",
}


def product_type(sensor: str) -> str:
    """Such as PleiadesTaskingOnePlan. Raises Refused for a sensor they do not fly for us."""
    if sensor not in FAMILIES:
        raise Refused(
            _("OneAtlas flies no %(sensor)s under this contract.") % {"sensor": sensor},
            code="sensor_unknown",
        )
    return f"{FAMILIES[sensor]}Tasking{OFFER}"


def instant(at: datetime) -> str:
    """An instant as their forms take it: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def period(starts_at: datetime, ends_at: datetime) -> str:
    """The same two instants as the property of an item takes them: one text, a space between."""
    return f"{instant(starts_at)} {instant(ends_at)}"


def read_instant(said: Any) -> datetime | None:
    """An instant as their tracking tells it, with or without milliseconds; None when it is none."""
    if not isinstance(said, str) or not said:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read_attempts(said: Any) -> list[tuple[datetime, datetime]]:
    """The passes tried or foreseen: pairs of instants, one after another in one text."""
    found = [read_instant(word) for word in str(said or "").split()]
    whole = [at for at in found if at is not None]
    return list(zip(whole[::2], whole[1::2], strict=False))


def options(ask_options: Mapping[str, str], offered: Mapping[str, str], aoi: int) -> dict[str, str]:
    """Product options in their keys; what depends on the place is suffixed by the area's number.

    `offered` are the defaults they told for this area (such as its UTM zone).
    """
    level = ask_options.get("level", "ortho")
    found = {
        "spectral_processing": SPECTRAL[ask_options.get("spectral", "bundle")],
        "radiometric_processing": ask_options.get("radiometry", "reflectance"),
        "image_format": FORMATS[ask_options.get("format", "jpeg2000")],
        "pixel_coding": BITS[ask_options.get("bits", "12")],
        "processing_level": level,
        "priority": "standard",
        "licence": "standard",
        "delivery_method": "at_the_end",
    }
    if level == "primary":
        return found
    projection = f"projection_{aoi}"
    if chosen := ask_options.get("epsg") or offered.get(projection):
        found[projection] = chosen
    if level == "ortho":
        found[f"dem_{aoi}"] = offered.get(f"dem_{aoi}", "best_available")
    else:
        found["elevation"] = ask_options.get("elevation", "0")
    return found


def stage_of(status: str, *, proposed: int, tried: bool, validated_m2: float) -> Stage:
    """Our stage for a tasking. Completed with nothing valid is a window that closed in vain.

    Raises Refused (code "status_unknown") for a word that we have never seen.
    """
    word = status.strip().lower()
    if word == STUDY:
        return Stage.STUDIED
    if word in {STOPPED, "cancelled"}:
        return Stage.CANCELLED
    if word == COMPLETED:
        return Stage.PRODUCING if validated_m2 > 0 else Stage.EXPIRED
    if word in {RUNNING, PAUSED}:
        if proposed:
            return Stage.PROPOSED
        return Stage.TASKING if tried or validated_m2 > 0 else Stage.PLACED
    raise Refused(
        _("OneAtlas says “%(status)s”, a word we do not know.") % {"status": status[:40]},
        code="status_unknown",
    )

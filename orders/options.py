"""The product options of a line: what may be chosen, and which choices do not go together."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis.errors import Invalid


class Spectral(models.TextChoices):
    BUNDLE = "bundle", gettext_lazy("panchromatic and multispectral, apart")
    PANSHARPENED = "pansharpened", gettext_lazy("merged, 4 bands")
    NATURAL = "natural", gettext_lazy("merged, natural colours")
    INFRARED = "infrared", gettext_lazy("merged, false colours")
    PANCHROMATIC = "panchromatic", gettext_lazy("panchromatic")
    MULTISPECTRAL = "multispectral", gettext_lazy("multispectral, 4 bands")


class Level(models.TextChoices):
    PRIMARY = "primary", gettext_lazy("primary, in the geometry of the sensor")
    PROJECTED = "projected", gettext_lazy("projected at a constant height")
    ORTHO = "ortho", gettext_lazy("ortho-image")


class Radiometry(models.TextChoices):
    BASIC = "basic", gettext_lazy("basic")
    REFLECTANCE = "reflectance", gettext_lazy("reflectance")
    DISPLAY = "display", gettext_lazy("ready to be looked at")


class Bits(models.TextChoices):
    EIGHT = "8", gettext_lazy("8 bits")
    TWELVE = "12", gettext_lazy("12 bits")


class Format(models.TextChoices):
    JPEG2000 = "jpeg2000", gettext_lazy("DIMAP, JPEG 2000")
    GEOTIFF = "geotiff", gettext_lazy("DIMAP, GeoTIFF")


class Priority(models.TextChoices):
    STANDARD = "standard", gettext_lazy("standard")
    RUSH = "rush", gettext_lazy("rush, without quality check")


# Option → its choices; the first is what is taken when nothing is said (domain.md 5).
OPTIONS: dict[str, type[models.TextChoices]] = {
    "spectral": Spectral,
    "level": Level,
    "radiometry": Radiometry,
    "bits": Bits,
    "format": Format,
    "priority": Priority,
}
DEFAULTS = {
    "spectral": Spectral.BUNDLE.value,
    "level": Level.ORTHO.value,
    "radiometry": Radiometry.REFLECTANCE.value,
    "bits": Bits.TWELVE.value,
    "format": Format.JPEG2000.value,
    "priority": Priority.STANDARD.value,
}
LABELS = {
    "spectral": gettext_lazy("Spectral processing"),
    "level": gettext_lazy("Processing level"),
    "radiometry": gettext_lazy("Radiometry"),
    "bits": gettext_lazy("Bits per value"),
    "format": gettext_lazy("Format"),
    "priority": gettext_lazy("Priority"),
    "epsg": gettext_lazy("EPSG code"),
}


def completed(options: Mapping[str, object]) -> dict[str, str]:
    """The options with what was not said filled in; `epsg` stays when given.

    Raises Invalid for an unknown option or value, 8 bits outside display (the supplier's rule), and
    a projection for an image that has none.
    """
    unknown = sorted(set(options) - set(OPTIONS) - {"epsg"})
    if unknown:
        raise Invalid(
            "option_unknown", _("There is no option called “%(option)s”.") % {"option": unknown[0]}
        )
    full = DEFAULTS | {
        name: str(value) for name, value in options.items() if value not in ("", None)
    }
    for name, choices in OPTIONS.items():
        if full[name] not in choices.values:
            raise Invalid(
                "option_not_offered",
                _("“%(value)s” is not offered for “%(option)s”.")
                % {"value": full[name][:40], "option": LABELS[name]},
                option=name,
            )
    if full["bits"] == Bits.EIGHT and full["radiometry"] == Radiometry.REFLECTANCE:
        raise Invalid("bits_too_few", _("Reflectance needs 12 bits; 8 bits are for display."))
    if "epsg" in full:
        _check_projection(full)
    return full


def told(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and value of each option, in the active language."""
    rows = [
        (str(LABELS[name]), str(choices(options[name]).label))
        for name, choices in OPTIONS.items()
        if name in options
    ]
    return [*rows, (str(LABELS["epsg"]), options["epsg"])] if "epsg" in options else rows


def _check_projection(options: Mapping[str, str]) -> None:
    if options["level"] == Level.PRIMARY:
        raise Invalid("projection_for_primary", _("A primary image has no projection to choose."))
    if not (options["epsg"].isdigit() and 1024 <= int(options["epsg"]) <= 32767):
        raise Invalid("epsg_malformed", _("An EPSG code has four or five digits, such as 2154."))

"""The words of a sum: ids and values as stored in a quote, read in the language of today's reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from dinamis import formats

_CARRIED = _("%(before)s before, %(after)s after. Held when you submit, given back if it fails.")

# id → (what it is, why it is so)
MESSAGES: dict[str, tuple[Any, Any]] = {
    "area_asked": (
        _("Your area"),
        _("Measured on the ellipsoid, whatever the projection."),
    ),
    "clipped_to_scene": (
        _("Outside the image"),
        _("The image covers only a part of your area; the rest is not counted."),
    ),
    "subtracted": (
        _("Already with a member, subtracted"),
        _("You asked for the rest only: the images that cover it can be downloaded now."),
    ),
    "raised_to_minimum": (
        _("Raised to the minimum"),
        _(
            "Your %(area_km2)s are raised to %(minimum_km2)s, the minimum of the rules %(version)s,"
            " in force since %(since_on)s."
        ),
    ),
    "scene_equivalents": (
        _("Scene equivalents"),
        _("One scene equivalent is %(scene_km2)s; a part of one counts as one."),
    ),
    "mode_mono": (_("Single image"), _("A stereo pair would count more.")),
    "mode_stereo": (_("Stereo pair"), _("Two images count twice.")),
    "mode_tri_stereo": (_("Stereo triplet"), _("Three images count three times.")),
    "tries": (
        _("Tries you allow"),
        _("Each try counts, cloudy or not; tries not used are given back."),
    ),
    "joint_share": (
        _("Shared with others, as one request"),
        _("%(parties)s organisations asked for this place together: each counts its share."),
    ),
    "counted": (_("Counted"), ""),
    "provisional": (
        _("Provisional"),
        _(
            "The desk has not completed this image yet. The quote is worked out again when it has,"
            " and you confirm it if it grew."
        ),
    ),
    "carried_by_project": (_("Carried by the project %(owner)s"), _CARRIED),
    "carried_by_organisation": (_("Carried by the allotment of %(owner)s"), _CARRIED),
    "carried_by_common": (_("Carried by the common share: %(category)s"), _CARRIED),
    "carried_by_pool": (_("Carried by the pool %(owner)s"), _CARRIED),
    "carried_by_means": (
        _("Free share"),
        _("Free within the scheme's means: no quota is counted for it."),
    ),
    "purse_too_small": (
        _("The quota is too small"),
        _("%(before)s available: not enough to send it now. It can wait for quota."),
    ),
    "no_purse": (
        _("No quota is open"),
        _("There is no quota for this sensor today. Ask the DINAMIS desk."),
    ),
    "already_available": (
        _("Already with a member"),
        _(
            "%(count)s images of your area can be downloaded now; the best covers %(share)s of it"
            " and would save what is counted here."
        ),
    ),
    "place_station": (
        _("Inside the circle of the Montpellier station"),
        _("Where most of your area lies: the prices of this place hold."),
    ),
    "place_france": (
        _("On French territory"),
        _("Where most of your area lies: the prices of this place hold."),
    ),
    "place_elsewhere": (
        _("Outside French territory and the station's circle"),
        _("Where most of your area lies: the prices of this place hold."),
    ),
    "partly_station": (_("Of which inside the circle of the Montpellier station"), ""),
    "partly_france": (_("Of which on French territory"), ""),
    "partly_elsewhere": (_("Of which elsewhere"), ""),
    "share_beyond": (
        _("Paid share"),
        _("Beyond what the quota carries: you asked to pay for the rest."),
    ),
    "share_without_quota": (
        _("Paid share"),
        _("Your organisation's category has no free share: %(category)s."),
    ),
    "price_cofunded": (
        _("Your part of the co-funding"),
        _("%(eur_per_unit)s each, the rest being co-funded."),
    ),
    "price_preferential": (
        _("Preferential rate"),
        _("%(eur_per_unit)s each, the rate of public bodies."),
    ),
    "price_dsp": (
        _("Rate of the public-service delegation"),
        _("%(eur_per_unit)s each."),
    ),
    "cofunded_by_project": (
        _("Under the co-funded project %(owner)s"),
        _("Its share holds beyond the quota, whatever your organisation's category."),
    ),
    "cofunded_share": (
        _("Co-funded share"),
        _("Paid by the co-funder, not by you."),
    ),
    "over_ceiling_order": (
        _("Over the ceiling of one order"),
        _("At most %(after)s in one order; %(before)s are asked already."),
    ),
    "over_ceiling_person": (
        _("Over the ceiling of one person"),
        _("At most %(after)s in a year; %(before)s are asked already."),
    ),
    "over_ceiling_organisation": (
        _("Over the ceiling of one organisation"),
        _("At most %(after)s in a year; %(before)s are asked already."),
    ),
    # Quotes made before the shares were told apart.
    "price_paid": (
        _("Price"),
        _("%(eur_per_unit)s each: your organisation's category has no free share."),
    ),
    "to_pay": (_("To pay"), ""),
}
TOTALS = frozenset({"counted", "to_pay"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sum as it is read: label, why, the amount with its unit, whether it is a total."""

    id: str
    label: str
    why: str
    amount: str
    is_total: bool


def read(stored: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Turn the stored steps of a quote into rows in the active language."""
    return [_row(step) for step in stored]


def quantity(value: Any, unit: str) -> str:
    """An amount with its unit in the active language: 100 km², 3 attempts, × 2, 0.00 €."""
    if unit == "km2":
        return formats.area(value)
    if unit == "attempt":
        return formats.attempts(int(Decimal(str(value))))
    if unit == "eur":
        return formats.euros(value)
    if unit == "percent":
        return formats.percent(value)
    return f"× {formats.number(value)}" if unit == "times" else ""


def _row(step: Mapping[str, Any]) -> Row:
    label, why = MESSAGES[step["id"]]
    values = {name: _value(name, value, step["unit"]) for name, value in step["values"].items()}
    return Row(
        id=step["id"],
        label=str(label) % values,
        why=str(why) % values if why else "",
        amount=_signed(step),
        is_total=step["id"] in TOTALS,
    )


def _signed(step: Mapping[str, Any]) -> str:
    shown = quantity(step["amount"], step["unit"])
    return f"+ {shown}" if step["id"] == "raised_to_minimum" else shown.replace("-", "− ", 1)


def _value(name: str, value: str, unit: str) -> str:
    """The end of a name says what the value is: _km2, _on (a day), or a share; else it stands as it is."""
    if name.endswith("_km2"):
        return formats.area(value)
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(value))
    if name in {"before", "after"}:
        return quantity(value, unit)
    if name == "share":
        return formats.percent(value)
    if name == "category":
        return str(Category(value).label)
    return formats.euros(value) if name == "eur_per_unit" else value

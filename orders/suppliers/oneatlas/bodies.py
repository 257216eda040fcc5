"""What is sent to OneAtlas for one line: the study, the price, the order. One area, one offer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from orders.suppliers.oneatlas import words
from orders.suppliers.protocol import Ask, Chance, Refused, Unable

AOI = 1  # the number of the one area; keys of options are suffixed by it
MOST_POINTS = 999
MARKET = "GDPUBLIC"  # their word for a public body
MOST_NAME = 80


def polygon(ask: Ask) -> dict[str, Any]:
    """The line's area as one Polygon without holes. Raises Refused where it is none."""
    area = ask.area
    rings = area["coordinates"]
    if area["type"] == "MultiPolygon":
        if len(rings) != 1:
            raise Refused(_("OneAtlas takes one polygon an order."), code="area_in_parts")
        rings = rings[0]
    if len(rings) != 1:
        raise Refused(_("OneAtlas takes no polygon with holes."), code="area_with_holes")
    if len(rings[0]) > MOST_POINTS:
        raise Refused(
            _("OneAtlas takes %(most)s points at most.") % {"most": MOST_POINTS},
            code="area_too_long",
        )
    return {"type": "Polygon", "coordinates": [[list(point[:2]) for point in rings[0]]]}


def check_tasking(ask: Ask) -> None:
    """Archive orders cannot be looked up by our reference there: they stay with the desk."""
    if ask.kind != "tasking" or ask.starts_at is None or ask.ends_at is None:
        raise Unable(
            _(
                "OneAtlas is only asked to task: an order from its archive cannot be found again by"
                " our reference, so the desk places it by hand."
            ),
            code="only_tasking",
        )


def study(ask: Ask, contract: str) -> dict[str, Any]:
    """A feasibility study. Their guide names the missions in a list, their description one mission."""
    check_tasking(ask)
    mission = words.MISSIONS.get(ask.sensor)
    if mission is None:
        raise Refused(
            _("OneAtlas flies no %(sensor)s under this contract.") % {"sensor": ask.sensor},
            code="sensor_unknown",
        )
    return {
        "contractId": contract,
        "mission": mission,
        "missions": [mission],
        "progTypeNames": [words.PROGRAMME],
        "acquisitionDate": {
            "startDate": words.instant(ask.starts_at),
            "endDate": words.instant(ask.ends_at),
        },
        "optical": {
            "acquisitionMode": words.MODES[ask.mode],
            "maxCloudCover": _cloud(ask),
            "maxIncidenceAngle": _incidence(ask),
        },
        "aoi": polygon(ask),
    }


def options_asked(ask: Ask) -> dict[str, Any]:
    """The question for the options that depend on the place."""
    return {"aoi": [{"polygonId": AOI, "geometry": polygon(ask)}]}


def order(
    ask: Ask, *, contract: str, offered: Mapping[str, str], chance: Chance | None
) -> dict[str, Any]:
    """An order, or the question for its price: the same body. `customerReference` is our line's."""
    check_tasking(ask)
    product = words.product_type(ask.sensor)
    return {
        "contractId": contract,
        "customerReference": ask.reference,
        "orderGroup": "",
        "programReference": "",
        "primaryMarket": MARKET,
        "endUsers": [{"endUserName": ask.end_user[:MOST_NAME], "country": ask.country}],
        "notificationEmails": [],
        "delivery": {"type": "network"},
        "aoi": [{"id": AOI, "name": ask.reference, "geometry": polygon(ask)}],
        "items": [
            {
                "productTypeId": product,
                "aoiId": AOI,
                "dataSourceIds": [],
                "comments": "",
                "properties": _pairs(_properties(ask, chance)),
            }
        ],
        "optionsPerProductType": [
            {
                "productTypeId": product,
                "options": _pairs(words.options(ask.options, offered, AOI)),
            }
        ],
    }


def _properties(ask: Ask, chance: Chance | None) -> dict[str, Any]:
    assert ask.starts_at is not None  # noqa: S101 - check_tasking came before
    assert ask.ends_at is not None  # noqa: S101
    found: dict[str, Any] = {
        "acquisitionMode": words.MODES[ask.mode],
        "acqPeriod": words.period(ask.starts_at, ask.ends_at),
        "maxCloudCover": _cloud(ask),
        # Nothing is validated over our heads: every acquisition is proposed, and answered here.
        "notificationThreshold": 0,
        "maxIncidenceAngle": _incidence(ask),
    }
    if ask.mode != "mono":
        found["acquisitionModeMinBH"] = float(ask.options.get("min_bh", 0.2))
        found["acquisitionModeMaxBH"] = float(ask.options.get("max_bh", 0.8))
    if chance is not None:
        found["feasibilityAutomation"] = "MANUAL" if chance.answered_by_hand else "AUTOMATIC"
        if chance.ease:
            found["classification"] = chance.ease.upper()
    return found


def _cloud(ask: Ask) -> int:
    return 10 if ask.max_cloud is None else ask.max_cloud


def _incidence(ask: Ask) -> int:
    return 30 if ask.max_incidence is None else ask.max_incidence


def _pairs(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in found.items()]

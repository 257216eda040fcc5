"""A place by its name: what a person types becomes a view of the map, or an area to search."""

import math
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from shapely.geometry import box

from accounts.places import country_name
from catalogue.places import index
from catalogue.places.index import Place
from dinamis import formats, geo
from dinamis.callers import client_ip
from dinamis.limits import check_rate

A_MINUTE = 120  # questions from one address: a person typing asks about one a second
TOWN_KM = 10.05  # the side of the square around a town: 100 km², what is counted at least
KM_OF_DEGREE = 111.32


@login_not_required
@require_safe
@vary_on_headers("accept", "accept-language")
def places(request: HttpRequest) -> HttpResponse:
    """At most eight places of that name: as JSON while one types, as a page without a script."""
    check_rate("places", client_ip(request), most=A_MINUTE, seconds=60)
    words = request.GET.get("q", "").strip()
    found = [_answer(one) for one in index.find(words)]
    if "application/json" in request.headers.get("accept", ""):
        return JsonResponse({"found": found}, headers={"Cache-Control": "private, max-age=300"})
    rest = request.GET.get("rest", "")[:2000]
    context = {"words": words, "found": found, "rest": rest, "least": index.LEAST}
    return render(request, "catalogue/places.html", context)


def _answer(place: Place) -> dict[str, Any]:
    """What the list shows (`label`, `note`), the box of the place, and what searching there means."""
    sides = _sides(place)
    name = place.french if (get_language() or "").startswith("fr") else place.english
    km2 = formats.number(float(geo.area_km2(geo.within_the_world(box(*sides)))), 0)
    return {
        "label": name,
        "note": _note(place),
        "sides": dict(zip(("west", "south", "east", "north"), sides, strict=True)),
        "act": _("Search here: a box of %(km2)s km²") % {"km2": km2},
    }


def _note(place: Place) -> str:
    """What tells a place from others of its name."""
    if place.kind == "country":
        return pgettext("a place", "Country or territory")
    kinds = {
        "region": pgettext("a place", "Region"),
        "department": pgettext("a place", "Département"),
    }
    facts = [kinds.get(place.kind, place.inside), country_name(place.country)]
    return " · ".join(dict.fromkeys(fact for fact in facts if fact))


def _sides(place: Place) -> tuple[float, float, float, float]:
    """West, south, east and north; past 180 where the antimeridian is crossed."""
    if place.box is not None:
        return place.box
    high = TOWN_KM / 2 / KM_OF_DEGREE
    wide = high / max(math.cos(math.radians(place.lat)), 0.05)
    west, east = place.lon - wide, place.lon + wide
    return round(west, 4), round(place.lat - high, 4), round(east, 4), round(place.lat + high, 4)

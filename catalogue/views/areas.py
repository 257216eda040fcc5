"""Areas sent to us: checked and saved, answered as JSON to the script and as a page to a form."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from catalogue.models import SavedArea
from catalogue.services import areas, given_areas
from catalogue.services.given_areas import Choice, Rules
from catalogue.views import shown
from catalogue.views.workbench import MINIMUM_KM2
from dinamis import geo
from dinamis.actors import Actor


@login_not_required
@require_POST
def area(request: HttpRequest) -> HttpResponse:
    """Take an area. A script (Accept: application/json) is answered by JSON, a form by a page."""
    if "application/json" in request.headers.get("accept", ""):
        return for_scripts(request)
    return for_forms(request)


@api_view(["POST"])
@permission_classes([AllowAny])
@parser_classes([MultiPartParser, FormParser])
def for_scripts(request: Any) -> Response:
    """One area as JSON, or the `choices` of a file that holds several."""
    by = actor(request.user)
    saved = [_saved(choice, by) for choice in _taken(request.data, request.FILES)]
    if len(saved) == 1:
        return Response(saved[0])
    return Response({"choices": saved})


def for_forms(request: HttpRequest) -> HttpResponse:
    """Back to the workbench with the area in its address, or the choice between several."""
    by = actor(request.user)
    rest = request.POST.get("rest", "")[:2000]
    saved = [_saved(choice, by) for choice in _taken(request.POST, request.FILES)]
    if len(saved) == 1:
        return redirect(_address(saved[0]["key"], rest))
    choices = [{**one, "url": _address(one["key"], rest) if one["key"] else ""} for one in saved]
    return render(request, "catalogue/choose_area.html", {"choices": choices})


@login_not_required
@require_safe
def area_file(request: HttpRequest, key: str) -> HttpResponse:
    """The area as a GeoJSON file, for whoever knows its key."""
    found = areas.get(key)
    properties = {"name": found.name, "area_km2": float(found.area_km2)}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": geo.to_mapping(geo.to_shapely(found.geometry)),
    }
    answer = JsonResponse(feature, content_type="application/geo+json")
    name = slugify(found.name) or "area"
    answer["Content-Disposition"] = f'attachment; filename="{name}.geojson"'
    return answer


@require_POST
def area_keep(request: HttpRequest, key: str) -> HttpResponse:
    """Put an area into one's library, under a name."""
    kept = areas.keep(areas.get(key), name=request.POST.get("name", ""), by=Actor.of(request.user))
    return redirect(_address(str(kept.key), request.POST.get("rest", "")[:2000]))


@require_POST
def area_let_go(request: HttpRequest, key: str) -> HttpResponse:
    """Take an area out of one's library."""
    areas.let_go(areas.get(key), by=Actor.of(request.user))
    return redirect(_address("", request.POST.get("rest", "")[:2000]))


def actor(user: Any) -> Actor:
    """The user, or the workbench itself for a visitor: it keeps nothing of who that was."""
    return Actor.of(user) if user.is_authenticated else Actor.system("workbench")


def _taken(data: Any, files: Any) -> list[Choice | SavedArea]:
    """What was sent, whichever of the ways was used."""
    rules = Rules(
        trusted=data.get("trust") == "1",
        simplified=data.get("simplify") == "1",
        crs=data.get("crs", "")[:40],
    )
    if data.get("grow"):
        return [areas.get(data.get("area", ""))]
    if file := files.get("file"):
        return given_areas.uploaded(file.name, file, rules)
    name = data.get("name", "")
    if geometry := data.get("geometry"):
        return [Choice(name, given_areas.drawn(geometry, rules))]
    if text := data.get("text", "").strip():
        return [Choice(name, given_areas.pasted(text, rules))]
    sides = tuple(data.get(side, "") for side in ("west", "south", "east", "north"))
    return [Choice(name, given_areas.boxed(sides, rules))]


def _saved(taken: Choice | SavedArea, by: Actor) -> dict[str, Any]:
    if isinstance(taken, SavedArea):
        return _told(areas.grow(taken, to_km2=Decimal(MINIMUM_KM2), by=by), ())
    if taken.checked is None:
        return {"key": "", "name": taken.name, "refusal": taken.refusal}
    return _told(areas.save(taken.checked, name=taken.name, by=by), taken.checked.notes)


def _told(saved: SavedArea, notes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "key": str(saved.key),
        "name": saved.name,
        "area_km2": str(saved.area_km2),
        "geometry": shown.outline(saved.geometry),
        "notes": list(notes),
    }


def _address(key: str, rest: str) -> str:
    pairs = [part for part in (f"area={key}" if key else "", rest) if part]
    return f"{reverse('catalogue')}?{'&'.join(pairs)}"

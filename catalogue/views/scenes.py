"""One scene: its figures, its map, its pictures, what stands beside it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import policies
from catalogue.models import Scene
from catalogue.services import quicklooks, weighing
from catalogue.services import scenes as services
from catalogue.views import figures, shown, shown_record
from catalogue.views.workbench import asked
from dinamis import geo

YEAR = 365 * 86400  # seconds
SOON = 300


@login_not_required
@require_safe
def scene(request: HttpRequest, item_id: str) -> HttpResponse:
    """The page of a scene, found by any of its names."""
    found = _scene(request, item_id)
    question, area = asked(request)
    (result,) = weighing.weigh([found], question=question)
    neighbours = services.neighbours(found, user=request.user)
    return render(
        request,
        "catalogue/scene.html",
        {
            "scene": found,
            "result": result,
            "area": area,
            "area_shape": shown.outline(area.geometry) if area else None,
            "features": shown.features([result]),
            "figures": figures.of(found),
            "acquired": figures.instant(found),
            "area_km2": geo.area_km2(found.footprint),
            "cloud": shown.share_range(result.cloud),
            "snow": shown.share_range(result.snow),
            "quicklook": shown.quicklook_url(found),
            "basket_url": "" if found.withdrawn_at else shown.basket_url(found, area),
            "order_url": "" if found.withdrawn_at else shown.order_url(scene=found, area=area),
            "mates": _links(neighbours.mates),
            "same_day": _links(neighbours.same_day),
            "may_complete": policies.may_complete_scenes(request.user),
            "record": shown_record.of(found)
            if policies.may_complete_scenes(request.user)
            else None,
            "back": question.query_string(scene=found.item_id),
        },
    )


@login_not_required
@require_safe
def quicklook(request: HttpRequest, item_id: str) -> HttpResponse:
    """The picture laid on the map. Its address changes with it, so it may be kept for a year."""
    found = get_object_or_404(Scene.objects.visible_to(request.user), item_id=item_id)
    return picture(request, found.quicklook)


@login_not_required
@require_safe
def thumbnail(request: HttpRequest, item_id: str) -> HttpResponse:
    """The small square of a row."""
    found = get_object_or_404(Scene.objects.visible_to(request.user), item_id=item_id)
    return picture(request, quicklooks.thumbnail_name(found.quicklook) if found.quicklook else "")


def _scene(request: HttpRequest, item_id: str) -> Scene:
    named = services.find(item_id)
    if named is None:
        raise Http404(_("No scene bears this identifier."))
    return get_object_or_404(weighing.readable(request.user), pk=named.pk)


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A stored picture, open to all; kept for a year under an address that changes with it."""
    if not name or not default_storage.exists(name):
        raise Http404(_("This scene has no quicklook."))
    version = request.GET.get("v", "")
    with default_storage.open(name) as file:
        picture = file.read()
    answer = HttpResponse(picture, content_type=quicklooks.kind_of(picture))
    kept = bool(version) and version in name
    answer["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if kept else f"public, max-age={SOON}"
    )
    return answer


def _links(scenes: Any) -> list[dict[str, Any]]:
    return [
        {"scene": one, "thumbnail": shown.thumbnail_url(one), "label": shown.label(one)}
        for one in scenes
    ]

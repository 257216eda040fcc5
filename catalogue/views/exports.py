"""The list of results as a file: CSV for sheets, GeoJSON for GIS."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from catalogue.services import scenes, search
from catalogue.services.search import Result
from catalogue.views import shown
from catalogue.views.workbench import asked
from dinamis import sheets

MOST = 1000  # rows of a file
# Names a program reads: they do not follow the language of the page.
COLUMNS = (
    "identifier",
    "datetime",
    "satellite",
    "sensor",
    "way",
    "area_covered_percent",
    "area_cloud_min_percent",
    "area_cloud_max_percent",
    "area_cloud_measured",
    "scene_cloud_percent",
    "incidence_deg",
    "resolution_m",
    "stereo",
    "footprint_source",
    "demonstration",
)


@login_not_required
@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """One line per scene, at most a thousand, in the order of the list."""
    # Asked before the first byte is sent, so that a refusal is a page.
    facts = [_facts(result).values() for result in _results(request)]
    return sheets.answer("scenes.csv", [COLUMNS, *facts])


@login_not_required
@require_safe
def as_geojson(request: HttpRequest) -> HttpResponse:
    """The footprints with the same facts."""
    features = [
        {
            "type": "Feature",
            "id": result.scene.item_id,
            "properties": _facts(result),
            "geometry": shown.outline(result.scene.footprint),
        }
        for result in _results(request)
    ]
    answer = JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
    answer["Content-Disposition"] = 'attachment; filename="scenes.geojson"'
    return answer


def _results(request: HttpRequest) -> Iterator[Result]:
    question, _area = asked(request)
    question = replace(question, after=None)
    if question.identifiers:
        found = scenes.find_many(question.identifiers, user=request.user)
        page = search.named(found.scenes, question=question, user=request.user)
    else:
        page = search.ask(question, user=request.user, size=MOST)
    yield from page.results


def _facts(result: Result) -> dict[str, Any]:
    scene, cloud = result.scene, result.cloud
    values = (
        scene.item_id,
        scene.datetime.isoformat(),
        scene.platform.name,
        scene.platform.sensor_id,
        str(result.way),
        None if result.coverage is None else float(result.coverage),
        cloud and round(cloud.low, 1),
        cloud and round(cloud.high, 1),
        cloud and cloud.measured,
        scene.cloud_cover,
        scene.incidence,
        scene.resolution_m,
        scene.stereo,
        scene.footprint_source,
        scene.collection.is_demonstration,
    )
    return dict(zip(COLUMNS, values, strict=True))

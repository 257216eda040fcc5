"""The footprints of a whole question, for the workbench's map: thousands, so only outlines."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalogue.services.crowd import Crowd, Outline, crowd
from catalogue.views.workbench import asked
from dinamis import formats


@login_not_required
@require_safe
def footprints(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the newest two thousand; `is_all` says whether there are more. Same limits as a search.

    A pasted list of names has all its footprints on the page: nothing is answered here.
    """
    question, _area = asked(request)
    found = Crowd((), is_all=True) if question.identifiers else crowd(question, user=request.user)
    # The database wrote the outlines as text: read and written again they would cost more than all else.
    features = ",".join(_feature(outline) for outline in found.outlines)
    text = f'{{"type":"FeatureCollection","is_all":{json.dumps(found.is_all)},"features":[{features}]}}'
    return HttpResponse(text, content_type="application/geo+json")


def _feature(outline: Outline) -> str:
    label = f"{formats.day(outline.at.date())} · {outline.satellite}"
    said = json.dumps({"id": outline.item_id, "way": outline.way, "label": label})
    return f'{{"type":"Feature","properties":{said},"geometry":{outline.geometry}}}'

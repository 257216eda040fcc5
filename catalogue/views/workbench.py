"""The workbench: one question, its scenes on a list and a map, the ways to an image."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from catalogue.models import Collection, Platform, SavedArea, Sensor
from catalogue.search import files
from catalogue.search.bounds import BOUNDS
from catalogue.search.question import NEEDS_AREA, Question, Sort, parse
from catalogue.services import areas, exports, scenes, search, wording
from catalogue.views import shown
from catalogue.views.words import WORDS
from dinamis import formats, geo, uploads

# What a sensor sells at least: shown beside the area; the quote's own rule decides.
MINIMUM_KM2 = 100
# Examples beside the field; any short text is taken.
PURPOSES = (
    gettext_lazy("Coastline and mangrove"),
    gettext_lazy("Land use and planning"),
    gettext_lazy("Forest and biodiversity"),
    gettext_lazy("Agriculture"),
    gettext_lazy("Glaciers and snow"),
    gettext_lazy("Volcanoes and ground movement"),
    gettext_lazy("Archaeology"),
    gettext_lazy("Disaster and damage"),
)

ORDERS = {
    Sort.USEFUL: gettext_lazy("use for your area"),
    Sort.NEWEST: gettext_lazy("date, newest first"),
    Sort.CLOUD: gettext_lazy("cloud, least first"),
    Sort.COVERAGE: gettext_lazy("coverage of your area"),
    Sort.ANGLE: gettext_lazy("incidence, steepest first"),
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request: HttpRequest) -> HttpResponse:
    """The page. A short pasted list becomes an address that can be shared; a long one is answered."""
    question, area = asked(request)
    if request.method == "POST" and question.identifiers and not question.is_too_long:
        return redirect(f"{reverse('catalogue')}?{question.query_string()}")
    return render(request, "catalogue/workbench.html", context(request, question, area))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> JsonResponse:
    """The same answer for the page's script: the list as HTML, the footprints as GeoJSON."""
    question, area = asked(request)
    given = context(request, question, area)
    is_first = question.after is None
    template = "catalogue/_list.html" if is_first else "catalogue/_rows.html"
    answer = {
        "html": render_to_string(template, given, request),
        "features": given["features"],
        "total": given["page"].total,
        "tab": render_to_string("catalogue/_count.html", given, request).strip(),
        "query": given["query"],
        "next": given["next_url"],
        "ranked_among": given["page"].ranked_among,
        "area": render_to_string("catalogue/_area_card.html", given, request) if is_first else None,
        "pills": render_to_string("catalogue/_pills.html", given, request) if is_first else None,
    }
    return JsonResponse(answer)


def asked(request: HttpRequest) -> tuple[Question, SavedArea | None]:
    """The question of the address (or of the form), with its area found."""
    given = request.POST if request.method == "POST" else request.GET
    question = parse(given, today=timezone.localdate())
    area = areas.find(question.area_key)
    if question.area_key and area is None:
        question.problems["area"] = areas.unknown_sentence()
    if area is not None:
        question = question.with_area(geo.to_multi(geo.to_shapely(area.geometry)))
    if question.terms:
        question = question.with_words(wording.spoken(question.terms))
        if question.spoken.is_nothing:
            question.problems["words"] = _(
                "No satellite, no collection and no image is written of in these words."
            )
    return question, area


def context(request: HttpRequest, question: Question, area: SavedArea | None) -> dict[str, Any]:
    """All that the workbench's templates show."""
    found = None
    if question.identifiers:
        found = scenes.find_many(question.identifiers, user=request.user)
        page = search.named(found.scenes, question=question, user=request.user)
    else:
        page = search.ask(question, user=request.user)
    following = question.query_string(after=page.next) if page.next else ""
    return {
        "question": question,
        "area": area,
        "area_shape": shown.outline(area.geometry) if area else None,
        "page": page,
        "rows": shown.rows(page.results, question=question, area=area),
        "features": shown.features(page.results),
        "bars": shown.bars(page),
        "next_url": f"?{following}" if following else "",
        "query": question.for_links().query_string(),
        "unknown": [
            {"identifier": one.text, "url": shown.order_url(identifier=one.text, area=area)}
            for one in (found.unknown if found else ())
        ],
        "malformed": found.malformed if found else (),
        "sensors": Sensor.objects.prefetch_related("platforms"),
        "platforms": Platform.objects.shown(),
        "collections": Collection.objects.all(),
        "levels": files.LEVEL_WORDS.items(),
        "bands": files.BANDS_WORDS.items(),
        "bounds": [(one, _typed(question.bounds.get(one.name))) for one in BOUNDS],
        "library": areas.library(request.user),
        "count_text": _count(page),
        "orders": [
            (str(order), words)
            for order, words in ORDERS.items()
            if area is not None or order not in NEEDS_AREA
        ],
        "order_text": ORDERS[question.order],
        "minimum_km2": MINIMUM_KM2,
        "missing_km2": max(0, MINIMUM_KM2 - area.area_km2) if area else 0,
        **_years(question, page),
        "rest": replace(question.for_links(), area_key=None).query_string(),
        "accepted": ",".join(uploads.ACCEPTED),
        "max_bytes": uploads.MAX_BYTES,
        "most_in_file": exports.MOST,
        "purposes": [str(purpose) for purpose in PURPOSES],
        "bench_words": WORDS,
        "view": _view(request, question, area),
        "chosen": request.GET.get("scene", "")[:120],
    }


def in_words(question: Question, area: SavedArea | None) -> list[str]:
    """The limits of a question, one by one, for a reader who cannot see the workbench."""
    told = []
    if question.identifiers:
        told.append(_("%(count)s identifiers") % {"count": len(question.identifiers)})
    if area is not None:
        km2 = formats.number(area.area_km2)
        told.append(
            _("over %(name)s (%(km2)s km²)") % {"name": area.name or _("a place"), "km2": km2}
        )
    if question.starts_on:
        told.append(_("from %(day)s") % {"day": formats.day(question.starts_on)})
    if question.ends_on:
        told.append(_("until %(day)s") % {"day": formats.day(question.ends_on)})
    if question.max_cloud is not None:
        told.append(_("at most %(cloud)s %% of cloud") % {"cloud": question.max_cloud})
    for bound in BOUNDS:
        if bound.name in question.bounds:
            figure = formats.number(question.bounds[bound.name])
            told.append(bound.words % {"figure": figure})
    if codes := (*question.sensors, *question.platforms, *question.collections):
        told.append(", ".join(codes))
    if question.terms:
        told.append(_("about %(words)s") % {"words": ", ".join(question.terms)})
    told += [str(files.LEVEL_WORDS[files.Level(level)]) for level in question.levels]
    told += [str(files.BANDS_WORDS[files.Bands(kind)]) for kind in question.bands]
    if question.stereo_only:
        told.append(_("stereo"))
    return told


def _typed(figure: float | None) -> str:
    """A figure as a field of numbers has it, in any language."""
    return "" if figure is None else f"{figure:g}"


def _view(request: HttpRequest, question: Question, area: SavedArea | None) -> str:
    """Which of the three a narrow screen shows; pasted names are answered in the list, known or not."""
    view = request.GET.get("view", "")
    if view in ("map", "list", "ways"):
        return view
    return "list" if question.identifiers else "ways" if area else "map"


def _years(question: Question, page: search.Page) -> dict[str, int]:
    """The ends of the histogram and of its two handles."""
    if not page.years:
        return {}
    first, last = page.years[0].year, page.years[-1].year
    begins = question.starts_on.year if question.starts_on else first
    ends = question.ends_on.year if question.ends_on else last
    return {
        "first_year": first,
        "last_year": last,
        "from_year": min(max(begins, first), last),
        "to_year": min(max(ends, first), last),
    }


def _count(page: search.Page) -> str:
    if page.is_capped and not page.is_over:
        return _("at least %(total)s scenes") % {"total": formats.number(page.total)}
    if page.is_over:
        return _("more than %(total)s scenes") % {"total": formats.number(page.total)}
    return ngettext("%(total)s scene", "%(total)s scenes", page.total) % {
        "total": formats.number(page.total)
    }

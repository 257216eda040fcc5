"""Programmes of taskings that come back: one's list, a new one, the page of the whole, its steps."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_member
from catalogue.services import areas
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.series import SeriesForm
from orders.models import Series
from orders.options import told as options_told
from orders.policies.series import steps_open_to
from orders.services.asking import outlines
from orders.services.tasking import series as programmes
from orders.services.tasking import series_reading
from orders.states import SERIES
from orders.views.ordering import tasking_defaults
from orders.views.shapes import of_wish

PER_PAGE = 25


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """The programmes that the reader sees, the newest first."""
    seen = Series.objects.visible_to(request.user)
    found = seen.select_related("requester", "organisation", "sensor")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, series_reading.told(one)) for one in page]
    return render(request, "orders/series/list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a programme over `?area=` (a saved area); what the tasking form said comes along (`begin`)."""
    check_is_member(request.user)
    area = areas.get(request.GET["area"]) if request.GET.get("area") else None
    sent = request.method == "POST" and "begin" not in request.POST
    form = SeriesForm(request.POST if sent else None, initial=_known(request), user=request.user)
    shape = _outline(request, area)
    if shape is not None and form.is_valid():
        made = tried(
            request,
            form,
            lambda: programmes.make(
                form.wanted(shape),
                form.rhythm,
                **form.words,
                project=form.chosen_project,
                by=Actor.of(request.user),
            ),
        )
        if made:
            messages.success(request, _("The programme is made; each time is asked in its turn."))
            return redirect(made)
    context = {
        "form": form,
        "area": area,
        "shape": shape,
        "shapes": of_wish(area=area.geometry if area else None),
    }
    return render(request, "orders/series/new.html", context, status=form_status(form))


@require_safe
def series(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole of a programme: its times, what they hold, what was delivered, its history."""
    found = _seen(request, reference)
    context = {
        "series": found,
        "whole": series_reading.whole(found, request.user),
        "told": series_reading.told(found),
        "steps": steps_open_to(request.user, found),
        "options": options_told(found.options),
        "shapes": of_wish(area=found.area),
        "history": series_reading.history(found),
    }
    return render(request, "orders/series/series.html", context)


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Pause, resume or end."""
    if name not in SERIES.steps:
        raise Http404
    found = programmes.take_step(_seen(request, reference), name, by=Actor.of(request.user))
    messages.success(request, found.get_state_display())
    return redirect(found)


@require_POST
def skip(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Leave one time out."""
    found = _seen(request, reference)
    time = get_object_or_404(found.occurrences.select_related("series"), number=number)
    programmes.skip(time, by=Actor.of(request.user))
    return redirect(found)


def _seen(request: HttpRequest, reference: str) -> Series:
    seen = Series.objects.visible_to(request.user)
    related = ("requester", "organisation", "sensor", "project")
    return get_object_or_404(seen.select_related(*related), reference=reference)


def _known(request: HttpRequest) -> dict[str, Any]:
    """The first values: those of the rules, then what the tasking form that led here said."""
    known = tasking_defaults(request)
    if "begin" in request.POST:
        said = {name: request.POST[name][:40] for name in request.POST if name in _CARRIED}
        known |= {name: value for name, value in said.items() if value}
    return known | {"purpose": request.GET.get("purpose", "")[:4000]}


def _outline(request: HttpRequest, area: Any) -> Any:
    """The one outline that each time asks, or None: of several, each would be a line of its own."""
    if area is None:
        return None
    how = request.GET.get("repair")
    chosen = outlines.repaired(area.geometry, how) if how else outlines.untouched(area.geometry)
    return chosen.shapes[0] if chosen and chosen.lines == 1 else None


_CARRIED = frozenset(SeriesForm.base_fields) | {"project", "spectral", "level", "radiometry",
    "bits", "format", "priority", "epsg"}  # fmt: skip

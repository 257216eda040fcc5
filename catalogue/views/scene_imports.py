"""Suppliers' lists at the desk: sent, shown line by line, written, dropped, undone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue import policies
from catalogue.forms import ListForm, OneAtlasForm, StepForm
from catalogue.lists.files import BYTES_MAX
from catalogue.models import SceneImport, SceneImportRow
from catalogue.services import given_areas, scene_imports, searching
from catalogue.states import IMPORT
from catalogue.views import shown, shown_record
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

PER_PAGE = 50
ACCEPTED = ".csv,.txt,.geojson,.json,.kml,.kmz"


@require_http_methods(["GET", "HEAD", "POST"])
def desk_scene_imports(request: HttpRequest) -> HttpResponse:
    """The lists, newest first, and the place to drop one more; a list sent is shown, not written."""
    policies.check_may_complete_scenes(request.user)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = tried(request, form, lambda: _read(request, form))
        if made is not None:
            return redirect(made)
    lists = SceneImport.objects.visible_to(request.user)
    page = {
        "form": form,
        "page": Paginator(lists, PER_PAGE).get_page(request.GET.get("page")),
        "accepted": ACCEPTED,
        "can_search": searching.is_on(),
        "limit": BYTES_MAX,
    }
    return render(request, "catalogue/desk_scene_imports.html", page, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Have a worker search the archive at Airbus; its scenes are shown like those of a file."""
    policies.check_may_complete_scenes(request.user)
    form = OneAtlasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(request, form, lambda: _asked(request, form))
        if made is not None:
            return redirect(made)
    page = {"form": form, "is_on": searching.is_on()}
    return render(request, "catalogue/desk_scene_search.html", page, status=form_status(form))


@require_safe
def desk_scene_import(request: HttpRequest, key: str) -> HttpResponse:
    """One list: its figures, its lines by outcome, the map of what is new, what may be done now."""
    return _page(request, _found(request, key), StepForm())


@require_POST
def step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Write, drop or undo a list."""
    made = _found(request, key)
    if step not in _SAID:
        raise Http404
    form = StepForm(request.POST)
    by = Actor.of(request.user)
    if form.is_valid() and tried(
        request, form, lambda: scene_imports.act(made, step, by=by, **form.cleaned_data)
    ):
        messages.success(request, _SAID[step]())
        return redirect(made)
    return _page(request, _found(request, key), form)


_SAID = {
    "write": lambda: _("Written: the catalogue holds what this list says."),
    "drop": lambda: _("Dropped: nothing of it was written."),
    "ask_again": lambda: _("Asked again."),
    "undo": lambda: _("Undone. Lines that could not be taken back say why."),
}


def _read(request: HttpRequest, form: ListForm) -> SceneImport:
    sent = form.cleaned_data["file"]
    return scene_imports.read(sent.name, sent.read(BYTES_MAX + 1), by=Actor.of(request.user))


def _asked(request: HttpRequest, form: OneAtlasForm) -> SceneImport:
    said = dict(form.cleaned_data)
    area = given_areas.pasted(said.pop("area"), given_areas.Rules(trusted=True))
    return searching.ask(area, by=Actor.of(request.user), **said)


def _found(request: HttpRequest, key: str) -> SceneImport:
    policies.check_may_complete_scenes(request.user)
    return get_object_or_404(SceneImport.objects.visible_to(request.user), key=key)


def _page(request: HttpRequest, made: SceneImport, form: StepForm) -> HttpResponse:
    asked = request.GET.get("outcome", "")
    rows = Paginator(scene_imports.shown(made, asked), PER_PAGE).get_page(request.GET.get("page"))
    for row in rows:
        row.shown = shown_record.changes(row)
    page = {
        "made": made,
        "form": form,
        "page": rows,
        "outcome": asked,
        "counts": [
            (code, label, getattr(made, code)) for code, label in SceneImportRow.Outcome.choices
        ],
        "steps": [
            (name, row) for name, row in IMPORT.open_from(made.state).items() if name in _SAID
        ],
        "events": _events(made),
        "features": _features(rows),
    }
    return render(request, "catalogue/desk_scene_import.html", page, status=form_status(form))


def _events(made: SceneImport) -> list[dict[str, object]]:
    steps = made.events.select_related("by_user", "by_link")
    return [_event(event) for event in steps]


def _event(event: object) -> dict[str, object]:
    who = f"{event.by_name} · {event.reason}" if event.reason else event.by_name
    return {"title": event.get_target_display(), "who": who, "at": event.at, "kind": ""}


def _features(rows: object) -> dict[str, object]:
    """The outlines of the lines on this page: those to be written, else those that stand."""
    features = []
    for row in rows:
        geometry = row.after.get("footprint") or (row.scene and shown.outline(row.scene.footprint))
        if geometry:
            about = {"id": row.item_id, "way": "produce", "label": row.item_id}
            features.append({"type": "Feature", "properties": about, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}

"""The charge explained: one page for requester, referent and desk, its PDF, and options side by side."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_member
from catalogue.models import Scene, Sensor
from catalogue.services import areas
from dinamis.actors import Actor
from orders.models import Quote
from orders.options import told
from orders.services.asking import comparing, dry_runs, quotations, quotes
from orders.services.projects import project_use
from orders.views.shapes import of_quote


@require_safe
def charge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What a quote says, for ever as it said it: the sum, the shares, the map, before and after."""
    found = _quote(request, key)
    line = quotes.line_of(found)
    context = {
        "quote": found,
        "line": line,
        "rows": found.rows,
        "shares": quotations.shares(found),
        "options": told(found.options),
        "shapes": of_quote(found),
        "expired": found.has_expired(timezone.now()),
        "mine": found.requester_id == request.user.pk,
        "newer": quotations.newer_version(found),
    }
    return render(request, "orders/charge.html", context)


@require_safe
def pdf(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The quotation as a PDF, in the language of the page."""
    found = _quote(request, key)
    content = quotations.pdf(found, language=get_language() or "fr")
    name = f'inline; filename="dinamis-{found.reference}.pdf"'
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": name, "Cache-Control": "private, no-store"},
    )


@require_POST
def beyond(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the same quote, paying for what the quota does not carry."""
    mine = get_object_or_404(Quote.objects.visible_to(request.user), key=key)
    made = quotes.beyond(mine, by=Actor.of(request.user))
    messages.success(request, _("A new quote: nothing is held or owed before you send it."))
    return redirect("quote", made.key)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Ways of asking side by side, over `?area=`, of `?scene=` or by tasking; books nothing.

    Under `?project=`, one of those that the reader may order under today, as its purses and prices say.
    """
    check_is_member(request.user)
    area = areas.get(request.GET["area"]) if request.GET.get("area") else None
    scene = _scene(request)
    beyond = request.GET.get("beyond") == "1"
    projects = list(project_use.usable_by(request.user))
    named = request.GET.get("project", "")
    project = next((one for one in projects if one.reference == named), None)
    choices = comparing.choices(scene=scene, area=area, project=project)
    found = []
    if choices:
        wishes = [(one.label, one.wish) for one in choices]
        found = dry_runs.options(wishes, by=Actor.of(request.user), beyond=beyond, project=project)
    context: dict[str, Any] = {
        "options": list(zip(choices, found, strict=True)),
        "area": area,
        "scene": scene,
        "beyond": beyond,
        "projects": projects,
        "project": project,
        "sensors": Sensor.objects.all(),
    }
    return render(request, "orders/compare.html", context)


def _quote(request: HttpRequest, key: uuid.UUID) -> Quote:
    seen = Quote.objects.explained_to(request.user)
    together = ("rule_version", "organisation", "requester", "sensor", "scene__platform")
    return get_object_or_404(seen.select_related(*together), key=key)


def _scene(request: HttpRequest) -> Scene | None:
    if not request.GET.get("scene"):
        return None
    return get_object_or_404(Scene.objects.visible_to(request.user), item_id=request.GET["scene"])

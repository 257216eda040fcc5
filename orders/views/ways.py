"""Fragments that the catalogue's pages include by URL name: every way to an image, and the quota left."""

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.policies import current_affiliation
from catalogue.services import areas
from catalogue.views.workbench import asked
from orders.services.asking.ways import ways as every_way
from orders.services.purse import quota
from orders.services.rules.rules import rules_in_force


@login_not_required
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """The four ways for the question in the address, side by side."""
    question, area = asked(request)
    context = {"ways": every_way(question, request.user), "area": area, "rules": rules_in_force()}
    return render(request, "orders/_ways.html", context)


@require_safe
def quota_left(request: HttpRequest) -> HttpResponse:
    """What the reader's organisation has left for Pléiades, and would have after this area."""
    affiliation = current_affiliation(request.user)
    area = areas.find(request.GET.get("area"))
    if affiliation is None or area is None:
        return HttpResponse(status=204)
    least = rules_in_force().minimums.get(("pleiades", "production"), Decimal(0))
    counted = max(area.area_km2, least)
    left = quota.left("pleiades", affiliation.organisation)
    return render(request, "orders/_quota_left.html", {"left": left, "counted": counted})

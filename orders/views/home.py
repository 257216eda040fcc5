"""The first page: what DINAMIS is for a visitor, what waits for a person who signed in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.policies import current_affiliation, organisations_led_by
from catalogue.models import Product
from dinamis import navigation
from orders.models import Line
from orders.services.lines import first_steps
from orders.services.lines.reading import sentence
from orders.services.purse import quota


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    mine = Line.objects.filter(order__requester=request.user).select_related(
        "order__organisation", "order__requester", "quote", "sensor", "scene"
    )
    lines = [(line, sentence(line, request.user)) for line in mine.order_by("-state_since")[:30]]
    affiliation = current_affiliation(request.user)
    sensors = ("pleiades", "spot67") if affiliation else ()
    waiting = [(line, turn) for line, turn in lines if turn.is_yours]
    rooms = _rooms_waiting(request)
    return render(
        request,
        "home/home.html",
        {
            "waiting": waiting,
            "rooms": rooms,
            "count": len(waiting) + sum(room.count for room in rooms),
            "others": [(line, turn) for line, turn in lines if not turn.is_yours][:8],
            "checklist": first_steps.unfinished(request.user),
            "affiliation": affiliation,
            "leads": organisations_led_by(request.user).first(),
            "quotas": [quota.left(sensor, affiliation.organisation) for sensor in sensors],
            "new": Product.objects.published().select_related("scene__platform")[:4],
        },
    )


def _rooms_waiting(request: HttpRequest) -> list[navigation.Link]:
    """The rooms of the header, besides the reader's own orders, where something is theirs to do."""
    links = navigation.links(request, "main")
    return [link for link in links if link.count and link.name != "orders"]

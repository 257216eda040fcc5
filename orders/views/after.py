"""What follows an order: cancel it and know the cost, ask for the rest, ask for the same again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policies import check_is_member
from catalogue.services import areas
from dinamis import geo
from dinamis.actors import Actor
from orders.models import Line
from orders.services.asking import quotes
from orders.services.asking.wishes import of_row
from orders.services.tasking import cancelling, rest
from orders.states import SUPPLY
from orders.views.several import read_quotes

# What the tasking form takes from its address, besides the days.
KEPT = ("mode", "max_cloud", "accept_cloud", "max_incidence", "min_bh", "max_bh", "tries")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What cancelling a tasking costs now, and the button that does it."""
    line = _line(request, reference, number)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        cancelling.cancel(line, by=Actor.of(request.user), reason=reason)
        messages.success(request, _("The tasking is cancelled; what was not counted went back."))
        return redirect(line.order)
    SUPPLY.check("cancel", line.supply)  # no page for what cannot be done now
    context = {"line": line, "cost": cancelling.cost(line)}
    return render(request, "orders/cancel.html", context)


@require_POST
def remainder(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Quote what an image did not cover."""
    line = _line(request, reference, number)
    with transaction.atomic():
        made = rest.ask_for_rest(line, by=Actor.of(request.user))
    return redirect(read_quotes(made, purpose=line.order.purpose))


@require_POST
def again(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Ask for the same again: all is kept but the days, which a tasking chooses anew."""
    line = _line(request, reference, number, kind="")
    check_is_member(request.user)
    by = Actor.of(request.user)
    if not line.is_tasking:
        return redirect(read_quotes([quotes.make(of_row(line), by=by)], purpose=line.order.purpose))
    area = areas.save(geo.check_area(line.quote.asked_area or line.area), by=by)
    kept = {name: getattr(line, name) for name in KEPT if getattr(line, name) is not None}
    query = {"area": area.key, "sensor": line.sensor_id, "purpose": line.order.purpose[:1000]}
    return redirect(f"{reverse('tasking_new')}?{urlencode({**query, **kept, **line.options})}")


def _line(request: HttpRequest, reference: str, number: int, *, kind: str = "tasking") -> Line:
    """A line that the reader sees, of one kind where one is named."""
    seen = Line.objects.visible_to(request.user).select_related(
        "quote__rule_version", "order__project", "order__organisation", "sensor", "product", "scene"
    )
    only = {"kind": kind} if kind else {}
    return get_object_or_404(seen, order__reference=reference, number=number, **only)

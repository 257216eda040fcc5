"""The inbox at the desk: what came, where it is, what to do about it."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from orders.models import Arrival
from orders.services.delivering import arrivals as services
from orders.services.delivering import inbox as watching

PER_PAGE = 25
# What the page may be narrowed to: word in the address → its words, the rows.
SHOWN = {
    "all": (gettext_lazy("All"), lambda rows: rows),
    "open": (gettext_lazy("Under way"), lambda rows: rows.open()),
    "trouble": (gettext_lazy("In trouble"), lambda rows: rows.in_trouble()),
}


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Everything that came, what is under way first."""
    check_is_desk(request.user)
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    seen = Arrival.objects.visible_to(request.user)
    rows = SHOWN[show][1](seen).open_first()
    page = Paginator(
        rows.prefetch_related("events", "deliveries__line__order", "deliveries__products"), PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "show": show,
        "views": [(name, label, narrow(seen).count()) for name, (label, narrow) in SHOWN.items()],
        "address": watching.shown(),
        "last": watching.last_look(),
        "minutes": max(1, settings.INBOX_QUIET_SECONDS // 60),
    }
    return render(request, "orders/desk/inbox.html", context)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    arrival = get_object_or_404(Arrival.objects.visible_to(request.user), pk=pk)
    services.retry(arrival, by=Actor.of(request.user))
    messages.success(request, _("It is being taken in again; this page says what comes of it."))
    return redirect("desk_inbox")


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    arrival = get_object_or_404(Arrival.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")[:2000]
    services.refuse(arrival, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Refused; it is put under refused, with your reason beside it."))
    return redirect("desk_inbox")

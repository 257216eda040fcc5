"""The desk's page of deliveries: handed in, under way, waiting, settled."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.policies import check_is_desk
from dinamis import formats
from dinamis.actors import Actor
from dinamis.errors import Malformed
from dinamis.forms import form_status, tried
from orders.forms.deliveries import DeliveryForm, PublishForm
from orders.models import Delivery
from orders.services.delivering import deliveries as services

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def deliveries(request: HttpRequest) -> HttpResponse:
    """Every delivery, those that wait first; and the form that hands one in."""
    check_is_desk(request.user)
    initial = {"order": request.GET.get("order", "")}
    form = DeliveryForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        archive, by = form.cleaned_data["archive"], Actor.of(request.user)
        if tried(request, form, lambda: services.receive_upload(archive, **form.facts, by=by)):
            messages.success(
                request, _("Handed in; it is being read. This page says what came of it.")
            )
            return redirect("desk_deliveries")
    found = Delivery.objects.visible_to(request.user).waiting_first().select_related("line__order")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "orders/desk/deliveries.html", context, status=form_status(form))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a delivery that waits, for the order typed or for none."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise Malformed("day_wrong", _("A day is written year-month-day, such as 2019-10-28."))
    done = services.publish(delivery, by=Actor.of(request.user), **form.cleaned_data)
    if done.embargo_until:
        told = _("Published under embargo: free for every member from %(day)s.")
        messages.success(request, told % {"day": formats.day(done.embargo_until)})
    else:
        messages.success(request, _("Published: free for every member from now on."))
    return redirect("desk_deliveries")


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")[:2000]
    services.refuse(delivery, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Refused and put away."))
    return redirect("desk_deliveries")

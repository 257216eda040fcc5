"""The desk's pages about suppliers: how each answers, what waits, what differs, and who is asked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_desk
from dinamis import sheets as tables
from dinamis.actors import Actor
from orders.models import Line, Reconciliation, Supplier, SupplierCall, SupplierOrder
from orders.services.supplying import (
    callbacks,
    calls,
    intents,
    polling,
    pulse,
    reconciling,
    sending,
    watching,
)

PER_PAGE = 50


@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """Every supplier: its state, what waits there, and what needs a person."""
    check_is_desk(request.user)
    return render(request, "orders/desk/suppliers.html", {"suppliers": watching.every()})


@require_safe
def supplier(request: HttpRequest, key: str) -> HttpResponse:
    """One supplier: its pulse, its calls, the orders to look at, the last comparisons."""
    found = _supplier(request, key)
    waiting = Paginator(watching.calls(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "seen": watching.one(found),
        "page": waiting,
        "troubled": watching.troubled(found)[:PER_PAGE],
        "reconciliations": found.reconciliations.all()[:5],
        "latest": found.reconciliations.exclude(ended_at=None).first(),
        "messages_received": found.messages.all()[:10],
    }
    return render(request, "orders/desk/supplier.html", context)


@require_POST
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Pause, resume, poll now, compare now."""
    found, by = _supplier(request, key), Actor.of(request.user)
    if name == "pause":
        pulse.pause(found, reason=request.POST.get("reason", ""), by=by)
        said = _("Paused: what is to be asked waits.")
    elif name == "resume":
        pulse.resume(found, by=by)
        _wake(found)
        said = _("Asked again from now on.")
    elif name == "poll":
        polling.poll_now(found, by=by)
        _wake(found)
        said = _("Its orders are looked at now; this page says what came of it.")
    elif name == "reconcile":
        reconciling.ask(found, by=by)
        said = _("The comparison is being made; this page shows it.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("desk_supplier", found.key)


@require_POST
def call(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Try a stuck call again, or take one off."""
    found = get_object_or_404(SupplierCall.objects.visible_to(request.user), pk=pk)
    if name == "replay":
        sending.replay(found, by=Actor.of(request.user))
        said = _("It is looked up first, then sent if they do not have it.")
    elif name == "drop":
        calls.drop(found, reason=request.POST.get("reason", "")[:2000], by=Actor.of(request.user))
        said = _("Dropped; its line is at the desk again.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("desk_supplier", found.supplier.key)


@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask now where one order stands."""
    found = get_object_or_404(SupplierOrder.objects.visible_to(request.user), pk=pk)
    callbacks.look_soon(found, by=Actor.of(request.user))
    messages.success(request, _("It is looked at now; this page says what came of it."))
    return redirect("desk_supplier", found.supplier.key)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an order off those to look at, with what was settled."""
    found = get_object_or_404(SupplierOrder.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")[:2000]
    callbacks.settle(found, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Settled; it no longer waits here."))
    return redirect("desk_supplier", found.supplier.key)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a line from a supplier that is asked by program."""
    check_is_desk(request.user)
    line = get_object_or_404(Line.objects.visible_to(request.user), pk=pk)
    chosen = get_object_or_404(Supplier.objects.by_program(), key=request.POST.get("supplier", ""))
    sending.send(line, supplier=chosen, by=Actor.of(request.user))
    messages.success(request, _("Being sent to %(supplier)s.") % {"supplier": chosen})
    return redirect("desk_lines", "place")


@require_safe
def differences(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One comparison as CSV."""
    found = get_object_or_404(Reconciliation.objects.visible_to(request.user), pk=pk)
    name = f"dinamis-{found.supplier.key}-{found.began_at:%Y%m%d-%H%M}.csv"
    return tables.answer(name, reconciling.rows(found))


def _supplier(request: HttpRequest, key: str) -> Supplier:
    check_is_desk(request.user)
    return get_object_or_404(Supplier.objects.visible_to(request.user), key=key)


def _wake(supplier: Supplier) -> None:
    with transaction.atomic():
        intents.wake(supplier)

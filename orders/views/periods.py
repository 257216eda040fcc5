"""Periods on pages: which run, which are over; what closing one does, and the next one proposed from it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_quota_administrator, check_may_read_budget
from accounts.policies import is_quota_administrator as may_change
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from dinamis.outbox import is_promised
from orders.forms.periods import NextForm, SeenForm
from orders.ledger.models import Period
from orders.models import Closing
from orders.policies import quota as policy
from orders.services.purse import closing_figures, reconciling
from orders.services.purse import periods as service
from orders.states import CLOSING, ClosingState


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """Every period with how it stands: running, to be closed, closed."""
    check_may_read_budget(request.user)
    closings = {one.period_id: one for one in Closing.objects.standing()}
    found = Period.objects.select_related("sensor").order_by("-starts_on", "sensor__order")[:200]
    shown = [
        {
            "period": one,
            "closing": closings.get(one.pk),
            "following": closing_figures.following(one),
        }
        for one in found
    ]
    context = {
        "shown": shown,
        "may_change": may_change(request.user),
        "checked": reconciling.last(),
        "asked": is_promised("orders.tasks.reconcile_ledger"),
    }
    return render(request, "orders/periods.html", context)


@require_POST
def reconcile(request: HttpRequest) -> HttpResponse:
    """Have the whole ledger computed anew, now: a worker does it."""
    check_is_quota_administrator(request.user)
    reconciling.ask()
    messages.success(request, _("Asked: the result is here in a moment."))
    return redirect("periods")


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What the end of a period does, quota by quota; posted, it is proposed to the second person."""
    check_may_read_budget(request.user)
    found = _period(pk)
    if request.method != "POST":
        return _page(request, found)
    check_is_quota_administrator(request.user)
    form = SeenForm(request.POST)
    by, seen = Actor.of(request.user), request.POST.get("seen", "")[:64]
    row = tried(request, form, lambda: service.propose(found, seen=seen, by=by))
    if row is None:
        return _page(request, found, form=form)
    messages.success(request, _("Proposed: a second quota administrator closes it."))
    return redirect(row)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Close a period as it was seen, or give the closing up."""
    check_is_quota_administrator(request.user)
    found = _period(pk)
    row = get_object_or_404(Closing.objects.standing().select_related("period"), period=found)
    if name not in VERBS:
        raise Http404
    form = SeenForm(request.POST)
    by = Actor.of(request.user)
    done = tried(request, form, lambda: VERBS[name](row, request.POST, by))
    if done is None:
        return _page(request, found, form=form)
    closed = done.state == ClosingState.CLOSED
    messages.success(request, _("Written in the ledger.") if closed else _("Nothing has moved."))
    return redirect(row)


VERBS = {
    "close": lambda row, sent, by: service.close(row, seen=sent.get("seen", "")[:64], by=by),
    "drop": lambda row, sent, by: service.drop(row, reason=sent.get("reason", "")[:2000], by=by),
}


@require_http_methods(["GET", "HEAD", "POST"])
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """The period that follows, proposed from the last one; opened and shared out when posted so."""
    check_is_quota_administrator(request.user)
    found = _period(pk)
    usual = service.proposal(found)
    if request.method != "POST":
        form = NextForm(initial={"budget": usual.budget, "percent": 100})
        return _next_page(request, found, form, usual)
    form = NextForm(request.POST)
    if not form.is_valid():
        return _next_page(request, found, form, usual)
    opening = service.proposal(found, **form.cleaned_data)
    if request.POST.get("act") == "open":
        by = Actor.of(request.user)
        opened = tried(request, form, lambda: service.open_next(found, opening, by=by))
        if opened is not None:
            messages.success(request, _("Open, and shared out."))
            return redirect("quota_period", opened.pk)
    return _next_page(request, found, form, opening)


def _next_page(request: HttpRequest, found: Period, form: NextForm, opening: Any) -> HttpResponse:
    context = {
        "period": found,
        "form": form,
        "opening": opening,
        "following": closing_figures.following(found),
    }
    return render(request, "orders/period_next.html", context, status=form_status(form))


def _page(request: HttpRequest, found: Period, *, form: Any = None) -> HttpResponse:
    row, by = service.closing_of(found), Actor.of(request.user)
    is_closed = row is not None and row.state == ClosingState.CLOSED
    steps = [] if row is None else CLOSING.open_from(row.state).items()
    context = {
        "period": found,
        "closing": row,
        "is_closed": is_closed,
        "figures": None if is_closed else closing_figures.figures(found),
        "moved": service.moved(found) if is_closed else [],
        "following": closing_figures.following(found),
        "may_propose": row is None and found.is_over and may_change(request.user),
        "steps": [
            (name, one)
            for name, one in steps
            if policy.may_take(by, name, row, CLOSING, alone=False)
        ],
        "is_yours": row is not None
        and row.state == ClosingState.PROPOSED
        and policy.may_take(by, "close", row, CLOSING, alone=False),
        "events": row.events.select_related("by_user") if row else [],
        "form": form,
    }
    status = 200 if form is None else form_status(form)
    return render(request, "orders/period_close.html", context, status=status)


def _period(pk: int) -> Period:
    return get_object_or_404(Period.objects.select_related("sensor"), pk=pk)

"""The quota modulated on a page: what it would do first, then written, or left to a second person."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_quota_administrator, check_may_read_budget
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.modulation import ConfirmForm, ModulateForm
from orders.ledger.errors import CutTooDeep
from orders.ledger.models import Period
from orders.models import Modulation
from orders.policies import quota as policy
from orders.services.purse import modulation_figures, modulations
from orders.services.purse.modulation_figures import Figures
from orders.states import MODULATION, ModulationState


@require_http_methods(["GET", "HEAD", "POST"])
def modulate(request: HttpRequest) -> HttpResponse:
    """Type a wish and see what it would do; with a reason, write it or propose it."""
    check_is_quota_administrator(request.user)
    if request.method != "POST":
        return _page(request, ModulateForm(initial={"period": request.GET.get("period")}))
    by, form = Actor.of(request.user), ModulateForm(_sent(request))
    writes = request.POST.get("act") == "write"
    confirm = ConfirmForm(request.POST) if writes else ConfirmForm()
    if writes and form.is_valid() and confirm.is_valid():
        facts = confirm.facts
        row = tried(request, confirm, lambda: modulations.propose(form.wish, **facts, by=by))
        if row is not None:
            messages.success(request, _said(row))
            return redirect(row)
    found = None
    if form.is_valid():
        found = tried(request, form, lambda: modulations.preview(form.wish, by=by))
    status = form_status(confirm) if form_status(form) == 200 else form_status(form)
    return _page(request, form, confirm=confirm, figures=found, status=status)


@require_safe
def modulation(request: HttpRequest, pk: int) -> HttpResponse:
    """One modulation: whose turn, its figures as they are now, or the movements it wrote."""
    return _one(request, _modulation(request, pk))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Apply a proposed modulation as it was seen, or give it up."""
    check_is_quota_administrator(request.user)
    found, by = _modulation(request, pk), Actor.of(request.user)
    if name not in VERBS:
        raise Http404
    form = ConfirmForm(request.POST)  # holds what a refusal says
    done = tried(request, form, lambda: VERBS[name](found, request.POST, by))
    if done is None:
        return _one(request, _modulation(request, pk), form=form, status=form_status(form))
    messages.success(request, _said(done))
    return redirect(done)


VERBS = {
    "apply": lambda row, sent, by: modulations.apply(row, seen=sent.get("seen", "")[:64], by=by),
    "drop": lambda row, sent, by: modulations.drop(
        row, reason=sent.get("reason", "")[:2000], by=by
    ),
}


def _sent(request: HttpRequest) -> QueryDict:
    """What was typed; or, at the press of its button, the largest cut that was answered instead."""
    sent = request.POST.copy()
    if sent.get("act") == "largest":
        sent["amount"], sent["share"] = sent.get("largest", ""), ""
    return sent


def _largest(form: ModulateForm) -> Decimal | None:
    """The largest possible cut of a wish that was refused as too deep, below zero; None where nothing is."""
    refused = getattr(form, "refused", None)
    available = refused.available if isinstance(refused, CutTooDeep) else Decimal(0)
    return -available if available else None


def _page(request: HttpRequest, form: ModulateForm, *, status: int = 200, **more: Any) -> Any:
    figures: Figures | None = more.get("figures")
    period = figures.wish.period if figures else None
    alone = modulations.alone_up_to(period) if period else None
    context = {
        "form": form,
        "confirm": more.get("confirm"),
        "figures": figures,
        "largest": _largest(form),
        "period": period,
        "alone_up_to": alone,
        "needs_second": figures is not None and figures.moved > alone,
        "past": Modulation.objects.visible_to(request.user).select_related(
            "period__sensor", "by_user"
        )[:30],
        "has_periods": Period.objects.exists(),
    }
    return render(request, "orders/modulate.html", context, status=status)


def _one(
    request: HttpRequest, row: Modulation, *, form: Any = None, status: int = 200
) -> HttpResponse:
    by = Actor.of(request.user)
    is_open = row.state == ModulationState.PROPOSED
    figures, refused = modulations.now(row) if is_open else (None, None)
    alone = modulations.is_small(row)
    open_steps = MODULATION.open_from(row.state).items()
    context = {
        "modulation": row,
        "period": row.period,
        "figures": figures,
        "refused": refused,
        "drifted": figures is not None and figures.digest != row.digest,
        "steps": [
            (name, one)
            for name, one in open_steps
            if policy.may_take(by, name, row, MODULATION, alone=alone)
        ],
        "is_yours": is_open and policy.may_take(by, "apply", row, MODULATION, alone=alone),
        "written": modulation_figures.written(row) if row.applied_at else [],
        "events": row.events.select_related("by_user"),
        "form": form,
    }
    return render(request, "orders/modulation.html", context, status=status)


def _said(row: Modulation) -> str:
    if row.state == ModulationState.APPLIED:
        return _("Written in the ledger.")
    if row.state == ModulationState.PROPOSED:
        return _("Proposed: a second quota administrator applies it.")
    return _("Given up: nothing has moved.")


def _modulation(request: HttpRequest, pk: int) -> Modulation:
    check_may_read_budget(request.user)
    seen = Modulation.objects.visible_to(request.user).select_related("period__sensor", "by_user")
    return get_object_or_404(seen, pk=pk)

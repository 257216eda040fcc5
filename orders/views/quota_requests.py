"""More quota: the referent's page, the desk's page, and the steps that both send."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_member, check_is_referent_of
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.quota_requests import AskForm, DecideForm, WordsForm
from orders.models import QuotaRequest
from orders.policies.quota_requests import check_may_decide_some, may_decide_some, steps_open_to
from orders.services.purse import quota, quota_requests

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What a referent's organisation has asked for, and the form that asks."""
    organisation = check_is_member(request.user).organisation
    check_is_referent_of(request.user, organisation)
    form = AskForm(request.POST or None, periods=quota.open_periods())
    if form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        period, amount = said.pop("period"), said.pop("amount")
        made = tried(
            request, form, lambda: quota_requests.ask(period, organisation, amount, **said)
        )
        if made:
            messages.success(request, _("Sent to the DINAMIS desk."))
            return redirect("quota_requests")
    asked = QuotaRequest.objects.filter(organisation=organisation)
    context = {"form": form, "organisation": organisation, **_shown(request, asked)}
    return render(request, "orders/quota_requests.html", context, status=form_status(form))


@require_safe
def at_desk(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the longest first; then what was decided."""
    check_may_decide_some(request.user)
    waiting = QuotaRequest.objects.open().select_related(
        "organisation", "period__sensor", "requester"
    )
    context = {"waiting": [_file(request, one) for one in waiting]}
    decided = QuotaRequest.objects.exclude(state="asked")
    return render(request, "orders/desk/quota_requests.html", context | _shown(request, decided))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Grant, refuse or withdraw: what the buttons send."""
    seen = QuotaRequest.objects.visible_to(request.user)
    asked = get_object_or_404(seen.select_related("period"), pk=pk)
    by = Actor.of(request.user)
    if name == "grant":
        form: Any = DecideForm(request.POST)
        if form.is_valid():
            tried(request, form, lambda: quota_requests.grant(asked, **form.cleaned_data, by=by))
    elif name in {"refuse", "withdraw"}:
        form = WordsForm(request.POST)
        verb = getattr(quota_requests, name)
        if form.is_valid():
            tried(request, form, lambda: verb(asked, **form.cleaned_data, by=by))
    else:
        raise Http404
    if form.errors:
        messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
    else:
        asked.refresh_from_db()
        messages.success(request, asked.get_state_display())
    return redirect("desk_quota_requests" if may_decide_some(request.user) else "quota_requests")


def _shown(request: HttpRequest, asked: Any) -> dict[str, Any]:
    rows = asked.select_related("organisation", "period__sensor", "requester")
    page = Paginator(rows.prefetch_related("events"), PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": [(one, steps_open_to(request.user, one)) for one in page]}


def _file(request: HttpRequest, asked: QuotaRequest) -> dict[str, Any]:
    """A request with what the desk looks at: what the organisation has, and who waits for it."""
    left = quota.left(asked.period.sensor_id, asked.organisation)
    return {
        "asked": asked,
        "left": left,
        "steps": steps_open_to(request.user, asked),
        "form": DecideForm(
            initial={"amount": asked.amount}, prefix=None, auto_id=f"r{asked.pk}-%s"
        ),
    }

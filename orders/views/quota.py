"""The quota: an organisation's statement, and the administrator's budget, as of any past instant."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policies import (
    check_is_member,
    check_is_quota_administrator,
    check_may_read_budget,
    is_quota_administrator,
    is_referent_of,
)
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.quota import (
    CommonSizeForm,
    OrganisationSizeForm,
    PeriodForm,
    SizeForm,
    as_of,
)
from orders.ledger import reads
from orders.ledger.models import Movement, Period
from orders.ledger.summaries import summary
from orders.models import PoolDraw
from orders.pricing.explain import quantity
from orders.services.purse import budgets, quota, waiting

LAST = 200  # movements on a page; the CSV has them all


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What my organisation was given, holds and has consumed, movement by movement."""
    organisation = check_is_member(request.user).organisation
    form, at = as_of(request.GET)
    shown = []
    for period in quota.open_periods():
        left = quota.left(period.sensor_id, organisation)
        accounts = quota.accounts_of(period, organisation)
        statement = reads.statement(accounts, at=at, last=LAST) if accounts.exists() else None
        queue = waiting.queue(left.carrier.first, request.user) if left else None
        shown.append({"period": period, "left": left, "statement": statement, "queue": queue})
    may_ask = is_referent_of(request.user, organisation)
    context = {"organisation": organisation, "shown": shown, "form": form, "may_ask": may_ask}
    context["draws"] = PoolDraw.objects.to_answer(request.user).count() if may_ask else 0
    return render(request, "orders/quota.html", _named(context))


@require_safe
def budget(request: HttpRequest) -> HttpResponse:
    """The first open period's budget; where none is open, the form that opens one."""
    check_may_read_budget(request.user)
    first = next(iter(quota.open_periods()), None)
    if first is not None:
        return redirect("quota_period", first.pk)
    context = {"to_open": _to_open(), "periods": []}
    return render(request, "orders/budget.html", context)


@require_safe
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """One period: every quota with its size, what is held and consumed, and the statement."""
    check_may_read_budget(request.user)
    return _budget_page(request, _period(pk), {})


@require_http_methods(["POST"])
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Set the budget, the reserve, an organisation's allotment or a common share."""
    check_is_quota_administrator(request.user)
    found = _period(pk)
    if what not in CHANGES:
        raise Http404
    form_class, act = CHANGES[what]
    form = form_class(request.POST, prefix=what)
    if form.is_valid():
        moved = tried(request, form, lambda: act(found, form, Actor.of(request.user)))
        if moved is not None:
            messages.success(request, _said(moved, form.cleaned_data["amount"], found.unit))
            return redirect("quota_period", pk)
    return _budget_page(request, found, {what: form}, status=form_status(form))


@require_http_methods(["POST"])
def open_period(request: HttpRequest, sensor: str) -> HttpResponse:
    check_is_quota_administrator(request.user)
    form = PeriodForm(request.POST)
    found = get_object_or_404(Sensor, pk=sensor)
    if not form.is_valid():
        messages.error(request, _("Give a year, and a quarter from 1 to 4 or none."))
        return redirect("quota_budget")
    opened = budgets.open_period(found, **form.cleaned_data, by=Actor.of(request.user))
    return redirect("quota_period", opened.pk)


Act = Callable[[Period, Any, Actor], list[Any]]
CHANGES: dict[str, tuple[type[SizeForm], Act]] = {
    "budget": (
        SizeForm,
        lambda p, f, by: budgets.set_budget(p, f.cleaned_data["amount"], **f.facts, by=by),
    ),
    "reserve": (
        SizeForm,
        lambda p, f, by: budgets.set_reserve(p, f.cleaned_data["amount"], **f.facts, by=by),
    ),
    "organisation": (
        OrganisationSizeForm,
        lambda p, f, by: budgets.set_organisation(
            p, f.cleaned_data["organisation"], f.cleaned_data["amount"], **f.facts, by=by
        ),
    ),
    "common": (
        CommonSizeForm,
        lambda p, f, by: budgets.set_common(
            p, f.cleaned_data["category"], f.cleaned_data["amount"], **f.facts, by=by
        ),
    ),
}


def _said(moved: list[Movement], size: Decimal, unit: str) -> str:
    """What was written, with the size before: nothing is erased, so that is what going back takes."""
    if not moved:
        return _("It has that size already.")
    before = budgets.size_before(moved, size)
    return _(
        "Written in the ledger: %(before)s before, %(size)s now. To go back, write %(before)s again"
        " with a reason: the statement keeps both."
    ) % {"before": quantity(before, unit), "size": quantity(size, unit)}


def _budget_page(
    request: HttpRequest, found: Period, forms: dict[str, SizeForm], status: int = 200
) -> HttpResponse:
    form, at = as_of(request.GET)
    everything = summary(found, at=at)
    context = {
        "period": found,
        "periods": Period.objects.select_related("sensor").order_by("-starts_on", "sensor__order"),
        "summary": everything,
        "statement": reads.statement(found, at=at, last=LAST),
        "as_of": form,
        "forms": [(what, forms.get(what) or CHANGES[what][0](prefix=what)) for what in CHANGES],
        "waiting": waiting.lists(found.accounts.all()),
        "may_change": is_quota_administrator(request.user),
        "to_open": _to_open(),
    }
    return render(request, "orders/budget.html", _named(context), status=status)


def _named(context: dict[str, Any]) -> dict[str, Any]:
    """Give the page the names of the accounts that its statements and summary show."""
    statements = [one["statement"] for one in context.get("shown", [])] or [
        context.get("statement")
    ]
    accounts = [
        account
        for statement in statements
        if statement
        for line in statement.lines
        for account in (line.movement.from_account, line.movement.to_account)
    ]
    if "summary" in context:
        accounts += [row.account for row in context["summary"].rows]
    return context | {"names": quota.names(accounts)}


def _period(pk: int) -> Period:
    return get_object_or_404(Period.objects.select_related("sensor"), pk=pk)


def _to_open() -> list[tuple[Sensor, PeriodForm]]:
    """For each sensor a form whose labels lead to its own fields."""
    return [(one, PeriodForm(auto_id=f"open_{one.code}_%s")) for one in Sensor.objects.all()]

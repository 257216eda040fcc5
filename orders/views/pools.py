"""Pools: all of them, one, a proposal, pledges, draws; and the contributions that were bought."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.policies import (
    check_is_member,
    check_may_read_budget,
    current_affiliation,
    is_quota_administrator,
    is_referent_of,
    may_read_budget,
)
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.forms import form_status, tried
from orders.forms.pools import ContributionForm, PledgeForm, PoolForm
from orders.ledger.models import Period
from orders.ledger.summaries import quota_of
from orders.models import Contribution, Pledge, Pool, PoolDraw, PoolEvent
from orders.pricing.explain import quantity
from orders.services.pools import contributions, draws, pools
from orders.services.purse import quota
from orders.states.pool import DrawState, PledgeState, PoolState

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def every(request: HttpRequest) -> HttpResponse:
    """The pools, those still open first; referents propose one."""
    may_propose = _leads(request)
    found = Pool.objects.visible_to(request.user).select_related("period__sensor", "keeper")
    if not may_read_budget(request.user):
        check_is_member(request.user)
    form = PoolForm(request.POST or None, periods=quota.open_periods())
    if request.method == "POST" and not may_propose:
        raise NotAllowed("referent_only", _("Pools are proposed by referents."))
    if form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        period = said.pop("period")
        made = tried(request, form, lambda: pools.propose(period, **said))
        if made:
            messages.success(request, _("The pool is open: pledge to it, and tell the others."))
            return redirect(made)
    open_first = Case(When(state=PoolState.OPEN, then=Value(0)), default=Value(1))
    found = found.order_by(open_first, "-made_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    yours = set(PoolDraw.objects.to_answer(request.user).values_list("pool", flat=True))
    rows = [(pool, pools.pledged(pool), pool.pk in yours) for pool in page]
    context = {"page": page, "rows": rows, "form": form, "may_propose": may_propose}
    return render(request, "orders/pools/list.html", context, status=form_status(form))


@require_safe
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """One pool: what was promised, by whom; what it has, and what is asked of it."""
    return _page(request, _found(request, pk), PledgeForm())


@require_POST
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Pledge for the organisation one acts for."""
    found = _found(request, pk)
    organisation = check_is_member(request.user).organisation
    form = PledgeForm(request.POST)
    if form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        amount = said.pop("amount")
        made = tried(request, form, lambda: pools.pledge(found, organisation, amount, **said))
        if made:
            messages.success(request, _("Pledged: held on your allotment."))
            return redirect(found)
    return _page(request, found, form)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pledge back."""
    seen = Pool.objects.visible_to(request.user)
    made = get_object_or_404(Pledge.objects.filter(pool__in=seen).select_related("pool"), pk=pk)
    pools.withdraw(made, by=Actor.of(request.user))
    messages.success(request, _("Withdrawn: it is free on your allotment again."))
    return redirect(made.pool)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    pools.cancel(found, reason=request.POST.get("reason", "")[:2000], by=Actor.of(request.user))
    messages.success(request, _("Cancelled: every pledge went back."))
    return redirect(found)


@require_POST
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Vote on a draw, or decide it as the keeper: `grant` or `refuse`."""
    if name not in {"grant", "refuse"}:
        raise Http404
    seen = Pool.objects.visible_to(request.user)
    draw = get_object_or_404(PoolDraw.objects.filter(pool__in=seen).select_related("pool"), pk=pk)
    by, agrees = Actor.of(request.user), name == "grant"
    if draw.pool.rule == Pool.Rule.VOTE:
        draws.vote(draw, check_is_member(request.user).organisation, agrees=agrees, by=by)
    else:
        reason = request.POST.get("reason", "")[:2000]
        draws.decide(draw, agrees=agrees, reason=reason, by=by)
    messages.success(request, _("Your answer is written down."))
    return redirect(draw.pool)


@require_http_methods(["GET", "HEAD", "POST"])
def bought(request: HttpRequest, pk: int) -> HttpResponse:
    """The contributors' offers of a period, bought so far; the quota administrator writes one down."""
    check_may_read_budget(request.user)
    period = get_object_or_404(Period.objects.select_related("sensor"), pk=pk)
    may_write = is_quota_administrator(request.user)
    form = ContributionForm(request.POST or None, period=period)
    if request.method == "POST" and not may_write:
        raise NotAllowed("quota_administrator_only", _("This is for the quota administrator."))
    if form.is_valid():
        said = {**form.facts(), "by": Actor.of(request.user)}
        organisation, offer = said.pop("organisation"), said.pop("offer")
        made = tried(
            request, form, lambda: contributions.record(period, organisation, offer, **said)
        )
        if made:
            messages.success(request, _("Written in the ledger."))
            return redirect("contributions", pk)
    rows = Contribution.objects.filter(period=period).select_related("organisation", "pool")
    context = {"period": period, "rows": rows, "form": form, "may_write": may_write}
    return render(request, "orders/pools/contributions.html", context, status=form_status(form))


def _page(request: HttpRequest, found: Pool, form: PledgeForm) -> HttpResponse:
    affiliation = current_affiliation(request.user)
    organisation = affiliation.organisation if affiliation else None
    leads = organisation is not None and is_referent_of(request.user, organisation)
    pledged, account = pools.pledged(found), pools.known_account(found)
    members = pools.members(found)
    is_open = found.state == PoolState.OPEN
    keeps = is_referent_of(request.user, found.keeper)
    is_mine = organisation in members
    # What an order is called may say where it is: for those who share the pool.
    shares = is_mine or keeps or may_read_budget(request.user)
    draws_now = is_mine and found.state == PoolState.REACHED and not found.period.is_over
    events = found.events.select_related("organisation", "by_user")[:100]
    context: dict[str, Any] = {
        "pool": found,
        "pledged": pledged,
        "pledges": found.pledges.select_related("organisation"),
        "contributions": found.contributions.select_related("organisation"),
        "form": form,
        "may_pledge": leads and is_open,
        "mine": organisation,
        "may_cancel": keeps and is_open,
        "HELD": PledgeState.HELD,
        "draws": [
            _asked(draw, organisation)
            for draw in found.draws.open().select_related("line__order__organisation")
        ],
        "shares": shares,
        "drawn": found.draws.filter(state=DrawState.GRANTED).select_related(
            "line__order__organisation"
        ),
        "members": members,
        "may_answer": (leads and organisation in members) if found.rule == "vote" else keeps,
        "row": quota_of(account) if account is not None else None,
        "account": account if may_read_budget(request.user) else None,
        "may_draw": draws_now,
        "share_left": draws.share_left(found, organisation) if draws_now else None,
        "events": [_told(event, found) for event in events] if shares else [],
    }
    return render(request, "orders/pools/pool.html", context, status=form_status(form))


def _asked(draw: PoolDraw, mine: Organisation | None) -> tuple[PoolDraw, int, int, bool]:
    """A draw that waits, the votes for and against it, and whether this organisation has answered."""
    votes = dict(draw.votes.values_list("organisation", "agrees"))
    agree = sum(votes.values())
    return draw, agree, len(votes) - agree, mine is not None and mine.pk in votes


def _told(event: PoolEvent, found: Pool) -> dict[str, Any]:
    """A step for components/timeline.html: by which organisation, or by the system itself."""
    amount = quantity(event.amount, found.period.unit) if event.amount is not None else ""
    words = (pools.title_of(event), amount, event.reason)
    who = event.organisation or event.by_name
    kind = "bad" if event.step in {"cancel", "fall_short", "refuse"} else ""
    return {"title": " · ".join(filter(None, words)), "who": who, "at": event.at, "kind": kind}


def _leads(request: HttpRequest) -> bool:
    affiliation = current_affiliation(request.user)
    return affiliation is not None and is_referent_of(request.user, affiliation.organisation)


def _found(request: HttpRequest, pk: int) -> Pool:
    seen = Pool.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("period__sensor", "keeper"), pk=pk)

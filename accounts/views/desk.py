"""The desk's memberships: the queue, the file beside it, the steps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import eligibility, policies
from accounts.forms.steps import StepForm
from accounts.models import Affiliation, Membership
from accounts.services import affiliations, certificates, evidence, memberships, turns
from accounts.states.membership import DESK, LIFE, State
from dinamis.actors import Actor
from dinamis.lifecycle import Step

# What the desk may look at: its own queue first.
VIEWS = {
    "review": (gettext_lazy("To review"), [State.UNDER_REVIEW]),
    "opinions": (gettext_lazy("Outside opinions"), [State.AWAITING_OPINIONS]),
    "others": (
        gettext_lazy("With others"),
        [State.AWAITING_REFERENT, State.AWAITING_LEGAL, State.SENT_BACK],
    ),
    "active": (gettext_lazy("Active"), [State.ACTIVE, State.SUSPENDED]),
    "closed": (gettext_lazy("Closed"), [State.REFUSED, State.EXPIRED, State.LEFT]),
}
A_PAGE = 50


@require_safe
def desk_memberships(request: HttpRequest) -> HttpResponse:
    policies.check_is_desk(request.user)
    return render(request, "accounts/desk_memberships.html", _queue(request))


@require_safe
def desk_membership(request: HttpRequest, reference: str) -> HttpResponse:
    policies.check_is_desk(request.user)
    membership = _membership(request, reference)
    page = _queue(request, membership) | _file(membership)
    return render(request, "accounts/desk_memberships.html", page)


@require_POST
def desk_membership_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    policies.check_is_desk(request.user)
    membership = _membership(request, reference)
    form = StepForm(request.POST)
    if step not in LIFE.steps or DESK not in LIFE.steps[step].actors or not form.is_valid():
        raise Http404
    by = Actor.of(request.user)
    if step == "approve":
        how = form.cleaned_data["legal_verified_how"]
        memberships.approve(membership, legal_verified_how=how, by=by)
    elif step == "send_back":
        memberships.send_back(membership, reason=form.cleaned_data["reason"], by=by)
    else:
        memberships.take(membership, step, reason=form.cleaned_data["reason"], by=by)
    messages.success(request, _said(membership, step))
    return redirect("desk_membership", reference=reference)


@require_POST
def desk_referent(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Name a referent, or take the duty back."""
    policies.check_is_desk(request.user)
    people = Affiliation.objects.filter(organisation=_membership(request, reference).organisation)
    affiliation = get_object_or_404(people, pk=pk)
    act = affiliations.unmake_referent if "end" in request.POST else affiliations.make_referent
    act(affiliation, by=Actor.of(request.user))
    messages.success(request, _("The referents are changed; they are told by mail."))
    return redirect("desk_membership", reference=reference)


@require_safe
def desk_certificate(request: HttpRequest, reference: str) -> HttpResponse:
    policies.check_is_desk(request.user)
    membership = _membership(request, reference)
    headers = {"Content-Disposition": f'inline; filename="{membership.certificate_number}.pdf"'}
    return HttpResponse(
        certificates.read(membership), content_type="application/pdf", headers=headers
    )


def _membership(request: HttpRequest, reference: str) -> Membership:
    rows = Membership.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, reference=reference)


def _queue(request: HttpRequest, opened: Membership | None = None) -> dict[str, object]:
    """The list of one view; that of the opened file when none is asked for."""
    usual = next(
        (k for k, (_l, states) in VIEWS.items() if opened and opened.state in states), "review"
    )
    key = request.GET.get("view", usual)
    if key not in VIEWS:
        raise Http404
    rows = Membership.objects.visible_to(request.user).select_related("organisation")
    chosen = rows.filter(state__in=VIEWS[key][1]).order_by("due_at", "pk")
    counts = {
        name: rows.filter(state__in=states).count() for name, (_label, states) in VIEWS.items()
    }
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    return {
        "key": key,
        "title": VIEWS[key][0],
        "views": [(name, label, counts[name]) for name, (label, _states) in VIEWS.items()],
        "page": page,
        "rows": [(row, evidence.advice(row)) for row in page],
        "opened": opened,
    }


def _file(membership: Membership) -> dict[str, object]:
    organisation = membership.organisation
    ruling = eligibility.ruling(organisation.category, organisation.country)
    return {
        "membership": membership,
        "organisation": organisation,
        "domains": ", ".join(domain.domain for domain in organisation.domains.all()),
        "proofs": evidence.of_membership(membership),
        "advice": evidence.advice(membership),
        "ruling": ruling,
        "turn": turns.of_membership(membership, reader=DESK),
        "steps": _steps(membership, asks=bool(ruling.opinions)),
        "must_verify": not organisation.covers(membership.legal_email),
        "events": membership.events.select_related("by_user", "by_link").order_by("-pk"),
        "people": Affiliation.objects.active()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("-is_referent", "user__full_name"),
        "signatures": membership.signatures.select_related("text__licence"),
    }


def _steps(membership: Membership, *, asks: bool) -> dict[str, Step]:
    """The desk's buttons now, the filled one first; opinions only where the category asks for them."""
    mine = {
        name: row
        for name, row in LIFE.open_from(membership.state).items()
        if DESK in row.actors and (asks or name != "ask_opinions")
    }
    return dict(sorted(mine.items(), key=lambda item: item[1].style != "primary"))


def _said(membership: Membership, step: str) -> str:
    return _("%(name)s: %(step)s, done. The people concerned are told by mail.") % {
        "name": membership.organisation,
        "step": str(LIFE.steps[step].label).lower(),
    }

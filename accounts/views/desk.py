"""The desk's memberships: the queue, the file beside it, the steps."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import eligibility, entitlements, policies
from accounts.forms.dossiers import OpinionForm
from accounts.forms.steps import StepForm
from accounts.models import Affiliation, Membership, User
from accounts.services.membership import (
    appeals,
    certificates,
    evidence,
    memberships,
    opinions,
    particulars,
    turns,
)
from accounts.services.people import affiliations
from accounts.states.membership import DESK, LIFE, STANDING, State
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.lifecycle import Step

# What the desk may look at: its own queue first.
VIEWS = {
    "review": (gettext_lazy("To review"), [State.UNDER_REVIEW, State.APPEALED]),
    "opinions": (gettext_lazy("Outside opinions"), [State.AWAITING_OPINIONS]),
    "others": (
        gettext_lazy("With others"),
        [State.DRAFT, State.AWAITING_REFERENT, State.AWAITING_LEGAL, State.SENT_BACK],
    ),
    "renewals": (gettext_lazy("To renew"), [State.ACTIVE]),
    "active": (gettext_lazy("Active"), sorted(STANDING)),
    "closed": (gettext_lazy("Closed"), [State.REFUSED, State.DISMISSED, State.EXPIRED, State.LEFT]),
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
    page = _queue(request, membership) | _file(membership, request.user)
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
    elif step == "ask_opinions":
        opinions.ask(membership, by=by)
    elif step in ("grant", "dismiss"):
        appeals.decide(membership, step, reason=form.cleaned_data["reason"], by=by)
    elif step == "send_back":
        memberships.send_back(membership, reason=form.cleaned_data["reason"], by=by)
    else:
        memberships.take(membership, step, reason=form.cleaned_data["reason"], by=by)
    messages.success(request, _said(membership, step))
    return redirect("desk_membership", reference=reference)


@require_POST
def desk_opinion(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Note an opinion that came by another way than the adviser's page."""
    policies.check_is_desk(request.user)
    opinion = get_object_or_404(_membership(request, reference).opinions.counted(), pk=pk)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        raise Invalid("opinion_not_said", _("Choose an answer, and say why in a few words."))
    opinions.answer(
        opinion,
        form.cleaned_data["answer"],
        words=form.cleaned_data["words"],
        by=Actor.of(request.user),
    )
    messages.success(request, _("The opinion is noted."))
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
    rows = Membership.objects.visible_to(request.user).select_related("organisation")
    usual = next(
        (name for name in VIEWS if opened and _in_view(rows, name).filter(pk=opened.pk).exists()),
        "review",
    )
    key = request.GET.get("view", usual)
    if key not in VIEWS:
        raise Http404
    counts = {name: _in_view(rows, name).count() for name in VIEWS}
    chosen = _in_view(rows, key).order_by("ends_on" if key == "renewals" else "due_at", "pk")
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    return {
        "key": key,
        "title": VIEWS[key][0],
        "by_end": key == "renewals",
        "views": [(name, label, counts[name]) for name, (label, _states) in VIEWS.items()],
        "page": page,
        "rows": [(row, evidence.advice(row)) for row in page],
        "opened": opened,
    }


def _in_view(rows: Any, name: str) -> Any:
    found = rows.filter(state__in=VIEWS[name][1])
    return found.ending() if name == "renewals" else found


def _file(membership: Membership, officer: User) -> dict[str, object]:
    organisation = membership.organisation
    known = organisation.category
    # Who refused does not read the appeal: the turn is another officer's.
    is_others = membership.state == State.APPEALED and not appeals.may_decide(membership, officer)
    return {
        "membership": membership,
        "organisation": organisation,
        "domains": ", ".join(domain.domain for domain in organisation.domains.all()),
        "proofs": evidence.of_membership(membership),
        "advice": None if is_others else evidence.advice(membership),
        "is_others": is_others,
        "ruling": eligibility.ruling(known, organisation.country) if known else None,
        "rights": entitlements.summary(known, organisation.country) if known else [],
        "particulars": particulars.lines(membership),
        "opinions": membership.opinions.select_related("adviser").order_by("-is_counted", "pk"),
        "opinion_form": OpinionForm(auto_id="opinion_%s"),
        "turn": turns.of_membership(membership, reader="" if is_others else DESK),
        "steps": _steps(membership, officer),
        "must_verify": not organisation.covers(membership.legal_email),
        "events": membership.events.select_related("by_user", "by_link").order_by("-pk"),
        "people": Affiliation.objects.active()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("-is_referent", "user__full_name"),
        "signatures": membership.signatures.select_related("text__licence"),
    }


def _steps(membership: Membership, officer: User) -> dict[str, Step]:
    """The desk's buttons now, the filled one first: opinions only where one is missing, an appeal only
    for an officer who may read it, and no approval that would be refused."""
    hidden = set() if opinions.missing(membership) else {"ask_opinions"}
    if not hidden or particulars.problems_of(membership):
        hidden.add("approve")
    if not appeals.may_decide(membership, officer):
        hidden |= {"grant", "dismiss"}
    mine = {
        name: row
        for name, row in LIFE.open_from(membership.state).items()
        if DESK in row.actors and name not in hidden
    }
    return dict(sorted(mine.items(), key=lambda item: item[1].style != "primary"))


def _said(membership: Membership, step: str) -> str:
    return _("%(name)s: %(step)s, done. The people concerned are told by mail.") % {
        "name": membership.organisation,
        "step": str(LIFE.steps[step].label).lower(),
    }

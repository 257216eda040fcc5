"""The referent's screen: who asks to be attached, who belongs, in one page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import policies
from accounts.forms.steps import StepForm
from accounts.models import Affiliation, Membership, Organisation
from accounts.services.membership import certificates, evidence, turns
from accounts.services.people import affiliations
from accounts.states.affiliation import BELONGING, LIFE, REFERENT, State
from accounts.views.referents import for_referents, page_of
from accounts.views.requests import next_page
from dinamis.actors import Actor
from dinamis.lifecycle import Step
from dinamis.sending import disposition

# The steps a referent takes, each by its own service.
STEPS = {
    "accept": affiliations.accept,
    "resume": affiliations.resume,
    "refuse": affiliations.refuse,
    "suspend": affiliations.suspend,
    "end": affiliations.end,
}


@require_safe
@for_referents
def organisation(request: HttpRequest, shown: Organisation) -> HttpResponse:
    return render(request, "accounts/organisation.html", _page(request, shown))


@require_safe
def membership_document(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The certificate or the countersigned charter, for the referents and the desk."""
    rows = Membership.objects.visible_to(request.user).select_related("organisation")
    membership = get_object_or_404(rows, reference=reference)
    content = certificates.read(membership, kind)
    headers = {"Content-Disposition": disposition(certificates.file_name(membership, kind))}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def affiliation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    affiliation = get_object_or_404(Affiliation.objects.visible_to(request.user), pk=pk)
    form = StepForm(request.POST)
    if step not in STEPS or not form.is_valid():
        raise Http404
    words = {"reason": form.cleaned_data["reason"]} if LIFE.steps[step].needs_reason else {}
    STEPS[step](affiliation, by=Actor.of(request.user), **words)
    messages.success(request, _said(affiliation, step))
    usual = page_of("organisation", affiliation.organisation)
    return redirect(next_page(request, request.POST.get("next", ""), usual))


@require_POST
def organisation_decide(request: HttpRequest) -> HttpResponse:
    """Accept every request that was ticked, all or none."""
    leads = policies.organisations_led_by(request.user).exists()
    if not (leads or policies.is_desk(request.user)):
        return render(request, "accounts/organisation_none.html", status=403)
    ticked = [int(pk) for pk in request.POST.getlist("affiliation") if pk.isdigit()]
    waiting = Affiliation.objects.visible_to(request.user).requested().filter(pk__in=ticked)
    accepted = affiliations.accept_many(waiting, by=Actor.of(request.user))
    count = len(accepted)
    messages.success(
        request,
        ngettext("%(count)s person attached.", "%(count)s people attached.", count)
        % {"count": count},
    )
    return redirect("organisation")


def _page(request: HttpRequest, shown: Organisation) -> dict[str, object]:
    rows = Affiliation.objects.filter(organisation=shown).select_related("user", "organisation")
    waiting = rows.requested().exclude(user=request.user)
    people = rows.filter(state__in=sorted(BELONGING)).order_by("user__full_name")
    for row in people:
        row.open_steps = _steps(row.state)
    return {
        "organisation": shown,
        "membership": shown.memberships.active().get(),
        "waiting": [
            (row, evidence.of_affiliation(row), turns.of_affiliation(row, request.user))
            for row in waiting
        ],
        "people": people,
        "open_steps": {State.REQUESTED.value: _steps(State.REQUESTED)},
        "decided": rows.filter(state__in=[State.REFUSED, State.ENDED]).order_by("-state_since")[
            :10
        ],
        "active_count": rows.active().count(),
    }


def _steps(state: str) -> dict[str, Step]:
    """The buttons a referent has for a person in this state."""
    return {name: row for name, row in LIFE.open_from(state).items() if REFERENT in row.actors}


def _said(affiliation: Affiliation, step: str) -> str:
    return _("%(person)s: %(step)s, done. They are told by mail.") % {
        "person": affiliation.user,
        "step": str(LIFE.steps[step].label).lower(),
    }

"""A person's own pages: profile, affiliations, the request to be attached."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.affiliations import AttachForm
from accounts.forms.people import ProfileForm
from accounts.models import Affiliation, Organisation
from accounts.services.membership import organisations, turns
from accounts.services.people import affiliations, onboarding, people
from accounts.states.affiliation import LIFE, OPEN, PERSON
from accounts.views.partners import with_partners
from accounts.views.requests import next_page, posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])
STEPS = {
    "withdraw": affiliations.withdraw,
    "leave": affiliations.leave,
    "current": affiliations.make_current,
}


@shown_or_posted
def account(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        people.change_profile(request.user, by=Actor.of(request.user), **form.cleaned_data)
        messages.success(request, _("Your profile is kept."))
        response = redirect("account")
        response.set_cookie("django_language", form.cleaned_data["language"], samesite="Lax")
        return response
    page = {"form": form, "mine": _mine(request), "steps": onboarding.steps(request.user)}
    page["partners"] = with_partners(request)
    return render(request, "accounts/account.html", page, status=422 if form.errors else 200)


@require_safe
def attach(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    proposed = organisations.proposed_for(request.user)
    found = [row for row in organisations.search(words) if row not in proposed]
    taken = {row.organisation_id for row, _turn in _mine(request) if row.state in OPEN}
    page = {
        "words": words,
        "proposed": proposed,
        "found": found,
        "taken": taken,
        "mine": _mine(request),
        "steps": onboarding.steps(request.user),
    }
    return render(request, "accounts/attach.html", page)


@shown_or_posted
def attach_to(request: HttpRequest, pk: int) -> HttpResponse:
    if heir := organisations.moved_to(pk):
        return redirect("attach_to", pk=heir.pk)
    organisation = get_object_or_404(Organisation.objects.members(), pk=pk)
    form = AttachForm(posted(request), organisation=organisation, user=request.user)
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        facts = form.cleaned_data
        if tried(request, form, lambda: affiliations.request(organisation, by=by, **facts)):
            messages.success(request, _("Your request is with the referent, by mail."))
            return redirect("attach")
    page = {"form": form, "organisation": organisation}
    return render(request, "accounts/attach_to.html", page, status=form_status(form))


@require_POST
def my_affiliation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    affiliation = get_object_or_404(request.user.affiliations, pk=pk)
    if step not in STEPS:
        raise Http404
    STEPS[step](affiliation, by=Actor.of(request.user))
    messages.success(request, _("Done."))
    return redirect(next_page(request, request.POST.get("next", ""), reverse("account")))


def _mine(request: HttpRequest) -> list[tuple[Affiliation, turns.Turn]]:
    rows = request.user.affiliations.select_related("organisation").prefetch_related("events")
    for row in rows:
        row.steps = {k: s for k, s in LIFE.open_from(row.state).items() if PERSON in s.actors}
        row.last_reason = next((e.reason for e in reversed(row.events.all()) if e.reason), "")
    return [(row, turns.of_affiliation(row, request.user)) for row in rows]

"""The referent's page of facts: what is kept of the organisation, what changes, and what changed before."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.facts import (
    BodyFormSet,
    FactsForm,
    LegalForm,
    ReferentForm,
    initial_of,
    wanted,
)
from accounts.forms.joining import AcceptForm
from accounts.forms.steps import ReasonForm
from accounts.models import Affiliation, Change, Organisation
from accounts.policies import NEW_LEGAL
from accounts.services import directory, links
from accounts.services.licences import licences
from accounts.services.membership import changes, diffs, legal_links, supervisions, turns
from accounts.states.change import LIFE, REFERENT, State
from accounts.views.referents import for_referents, page_of
from accounts.views.requests import circumstances, posted
from dinamis.actors import Actor
from dinamis.errors import NotNow
from dinamis.forms import form_status, tried

shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_HISTORY = 100


@require_safe
@for_referents
def organisation_facts(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    page = told(organisation, by_role=REFERENT) | {"organisation": organisation}
    return render(request, "accounts/organisation_facts.html", page)


@shown_or_posted
@for_referents
def ask_facts(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The form of the facts; `?from=rnsr` fills the supervising bodies as the national directory has them."""
    initial = initial_of(organisation)
    if request.GET.get("from") == "rnsr":
        initial["supervisors"] = _from_rnsr(organisation, initial["supervisors"])
    form = FactsForm(posted(request), initial=initial)
    bodies = BodyFormSet(posted(request), initial=initial["supervisors"], prefix="body")
    if request.method == "POST" and form.is_valid() and bodies.is_valid():
        by, why = Actor.of(request.user), form.cleaned_data["reason"]
        asked = wanted(form, bodies)
        if tried(request, form, lambda: changes.ask_facts(organisation, asked, reason=why, by=by)):
            messages.success(request, _("The desk reviews the change; nothing changes until then."))
            return redirect(page_of("organisation_facts", organisation))
    page = {"organisation": organisation, "form": form, "bodies": bodies}
    return render(request, "accounts/facts_change.html", page, status=form_status(form))


@shown_or_posted
@for_referents
def ask_legal(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = LegalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        by, why = Actor.of(request.user), form.cleaned_data["reason"]
        person = form.person
        if tried(request, form, lambda: changes.ask_legal(organisation, person, reason=why, by=by)):
            messages.success(request, _("The change is asked; the one until now is told by mail."))
            return redirect(page_of("organisation_facts", organisation))
    page = {"organisation": organisation, "form": form, "membership": _membership(organisation)}
    return render(request, "accounts/facts_legal.html", page, status=form_status(form))


@shown_or_posted
@for_referents
def ask_referent(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = ReferentForm(posted(request), organisation=organisation)
    if request.method == "POST" and form.is_valid():
        by, asked = Actor.of(request.user), form.cleaned_data
        if tried(
            request,
            form,
            lambda: changes.ask_referent(
                asked["affiliation"],
                in_place_of=asked["in_place_of"],
                reason=asked["reason"],
                by=by,
            ),
        ):
            messages.success(request, _("The desk decides; both are told by mail."))
            return redirect(page_of("organisation_facts", organisation))
    page = {"organisation": organisation, "form": form}
    return render(request, "accounts/facts_referent.html", page, status=form_status(form))


@require_POST
def change_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A referent takes back what was asked."""
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    changes.withdraw(change, by=Actor.of(request.user))
    messages.success(request, _("The change is withdrawn; nothing changed."))
    return redirect(page_of("organisation_facts", change.organisation))


@login_not_required
@never_cache
@shown_or_posted
def legal_change(request: HttpRequest, token: str) -> HttpResponse:
    """The new legal representative's page: the facts, the texts, accept or decline. GET does nothing."""
    link = links.find(token, NEW_LEGAL)
    change = legal_links.change_of(link)
    if change is None:
        raise NotNow("nothing_to_do", _("Nothing waits for you here any more."))
    language = translation.get_language() or link.language
    texts = licences.texts_at_joining(language, change.organisation)
    declines = "decline" in request.POST
    accept = AcceptForm(None if declines else posted(request), texts=texts)
    reason = ReasonForm(request.POST if declines else None)
    if request.method == "POST" and _decided(request, link, change, accept, reason):
        return render(request, "accounts/legal_change_done.html", {"change": change})
    page = {
        "link": link,
        "change": change,
        "organisation": change.organisation,
        "bodies": change.organisation.supervisions.current(),
        "domains": ", ".join(row.domain for row in change.organisation.domains.all()),
        "form": accept,
        "reason_form": reason,
    }
    failed = accept.errors or reason.errors
    return render(request, "accounts/legal_change.html", page, status=422 if failed else 200)


def _decided(
    request: HttpRequest, link: Any, change: Change, accept: AcceptForm, reason: ReasonForm
) -> bool:
    by = Actor.through(link)
    if reason.is_bound and reason.is_valid():
        changes.decline(change, reason=reason.cleaned_data["reason"], by=by)
        return True
    if accept.is_bound and accept.is_valid():
        changes.accept(
            change,
            accepted=[(licences.text_shown(code, shown), shown) for code, shown in accept.accepted],
            circumstances=circumstances(request),
            by=by,
        )
        return True
    return False


def told(organisation: Organisation, *, by_role: str) -> dict[str, Any]:
    """What the referent's page and the desk's show alike."""
    open_ones = list(organisation.changes.open())
    for change in open_ones:
        change.differences = diffs.of(change)
        change.whose = turns.of_change(change, reader=by_role)
        change.steps = {
            name: row for name, row in LIFE.open_from(change.state).items() if by_role in row.actors
        }
    return {
        "membership": _membership(organisation),
        "domains": ", ".join(row.domain for row in organisation.domains.all()),
        "bodies": organisation.supervisions.current().select_related("body"),
        "laboratories": supervisions.laboratories_of(organisation),
        "referents": Affiliation.objects.active()
        .filter(organisation=organisation, is_referent=True)
        .select_related("user"),
        "open_changes": open_ones,
        "past": _past(organisation),
        "merger": getattr(organisation, "merger", None),
        "absorbed": organisation.mergers.select_related("absorbed"),
        "from_rnsr": bool(organisation.rnsr and directory.supervisors_of(organisation.rnsr)),
    }


def _past(organisation: Organisation) -> list[Change]:
    """Every change that is over, newest first, with its steps and what differed."""
    over = organisation.changes.exclude(state__in=[State.UNDER_REVIEW, State.AWAITING_LEGAL])
    rows = list(over.prefetch_related("events__by_user", "events__by_link")[:LONGEST_HISTORY])
    for row in rows:
        row.differences = diffs.of(row)
    return rows


def _membership(organisation: Organisation) -> Any:
    return organisation.memberships.exclude(activated_at=None).first()


def _from_rnsr(organisation: Organisation, held: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows as the directory has them; a body that is known already keeps its kind and days."""
    known = {row["name"]: row for row in held}
    blank = {"kind": "supervisor", "since": "", "until": ""}
    names = directory.supervisors_of(organisation.rnsr or "")
    return [known.get(name, {"name": name} | blank) for name in names]

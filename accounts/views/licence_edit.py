"""Administrators write a new version of a licence; another administrator approves it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.licences import DraftForm
from accounts.forms.steps import StepForm
from accounts.models import Licence, LicenceDraft, LicenceText
from accounts.services.licences import licence_drafts, licence_versions, licences
from accounts.states.licence_draft import LIFE, SECOND, WRITER, State
from accounts.views.requests import posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def licence_edit(request: HttpRequest) -> HttpResponse:
    """Every licence with its version in force, those to come, and what waits for whom."""
    policies.check_is_administrator(request.user)
    drafts = LicenceDraft.objects.select_related("licence", "by_user")
    page = {
        "licences": [_line(licence) for licence in Licence.objects.all()],
        "open": drafts.filter(state__in=[State.DRAFT, State.PROPOSED]),
        "closed": drafts.filter(state__in=[State.APPROVED, State.DROPPED])[:30],
    }
    return render(request, "accounts/licence_edit.html", page)


@shown_or_posted
def licence_write(request: HttpRequest, code: str) -> HttpResponse:
    """A new version of one licence, begun from the text in force."""
    policies.check_is_administrator(request.user)
    licence = get_object_or_404(Licence, code=code)
    form = DraftForm(posted(request), initial=_standing(licence))
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        draft = tried(request, form, lambda: licence_drafts.write(licence, form.wording, by=by))
        if draft:
            return redirect("licence_draft", draft.pk)
    page = {"licence": licence, "form": form, "reach": licence_drafts.reach(licence)}
    return render(request, "accounts/licence_write.html", page, status=form_status(form))


@shown_or_posted
def licence_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as the signer will see it, its difference, who is asked again; its form for the writer."""
    policies.check_is_administrator(request.user)
    draft = _draft(pk)
    # A form of its own instance: what is typed wrongly is not what the page shows as the draft.
    form = DraftForm(posted(request), instance=_draft(pk))
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        if tried(request, form, lambda: licence_drafts.change(draft, form.wording, by=by)):
            messages.success(request, _("Kept."))
            return redirect("licence_draft", pk)
    page = _page(request, draft) | {"form": form}
    return render(request, "accounts/licence_draft.html", page, status=form_status(form))


@require_POST
def licence_draft_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    policies.check_is_administrator(request.user)
    draft, form = _draft(pk), StepForm(request.POST)
    if step not in LIFE.steps or not form.is_valid():
        raise Http404
    reason = form.cleaned_data["reason"]
    licence_drafts.take(draft, step, reason=reason, by=Actor.of(request.user))
    return redirect("licence_draft", pk)


def _draft(pk: int) -> LicenceDraft:
    return get_object_or_404(LicenceDraft.objects.select_related("licence", "by_user"), pk=pk)


def _line(licence: Licence) -> dict[str, Any]:
    return {
        "licence": licence,
        "text": licences.text_in_force(licence.code, "fr"),
        "to_come": licence_versions.to_come(licence.code),
    }


def _standing(licence: Licence) -> dict[str, Any]:
    """The words in force, for the form of a new version."""
    name = licence_versions.in_force(licence.code).name
    words: dict[str, Any] = {"markup": LicenceText.Markup.MARKDOWN}
    for text in LicenceText.objects.filter(licence=licence, version=name):
        words |= {f"title_{text.language}": text.title, f"body_{text.language}": text.body}
    return words


def _page(request: HttpRequest, draft: LicenceDraft) -> dict[str, Any]:
    roles = policies.roles_in_licence_draft(Actor.of(request.user), draft)
    steps = LIFE.open_from(draft.state)
    return {
        "draft": draft,
        "texts": [
            (label, draft.text(code), licence_drafts.difference(draft, code))
            for code, label in settings.LANGUAGES
        ],
        "reach": licence_drafts.reach(draft.licence),
        "steps": [(name, row) for name, row in steps.items() if row.actors & roles],
        "is_mine": draft.turn in roles,
        "may_change": WRITER in roles and draft.state == State.DRAFT,
        "is_second": SECOND in roles,
        "events": draft.events.select_related("by_user"),
    }

"""Webhooks of an organisation: the list, one with its log, and what its referents do to it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import hookable
from accounts.forms.webhooks import WebhookForm
from accounts.models import Organisation, Webhook
from accounts.services.webhooks import managing
from accounts.states.webhook import LIFE, REFERENT, CallState, State
from accounts.views.referents import for_referents, page_of
from accounts.views.requests import posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

A_PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_referents
def webhooks(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form, made = WebhookForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        made = tried(request, form, lambda: managing.make(organisation, by=by, **form.facts))
    page = {
        "organisation": organisation,
        "webhooks": organisation.webhooks.kept(),
        "form": WebhookForm() if made else form,
        "made": made,
        "subjects": hookable.every(),
        "most": managing.MOST,
    }
    return render(request, "accounts/webhooks.html", page, status=form_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_referents
def webhook(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """One webhook with its log; a POST changes it."""
    row = get_object_or_404(organisation.webhooks.kept(), pk=pk)
    known = {"name": row.name, "url": row.url, "subjects": row.subjects}
    form = WebhookForm(posted(request), initial=known)
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        if tried(request, form, lambda: managing.change(row, by=by, **form.facts)):
            messages.success(request, _("Kept."))
            return redirect(page_of("webhook", organisation, pk))
    return _one(request, organisation, row, form=form)


@never_cache
@require_POST
@for_referents
def webhook_rotate(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """A new secret, on the page that answers: shown once."""
    row = get_object_or_404(organisation.webhooks.kept(), pk=pk)
    row, secret = managing.rotate(row, by=Actor.of(request.user))
    return _one(request, organisation, row, secret=secret)


@require_POST
@for_referents
def webhook_ping(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    row = get_object_or_404(organisation.webhooks.kept(), pk=pk)
    managing.ping(row, by=Actor.of(request.user))
    messages.success(request, _("It is called now: the log shows how it answered."))
    return redirect(page_of("webhook", organisation, pk))


@require_POST
@for_referents
def webhook_step(
    request: HttpRequest, organisation: Organisation, pk: int, step: str
) -> HttpResponse:
    """Pause, go on, or remove."""
    row = get_object_or_404(organisation.webhooks.kept(), pk=pk)
    if step not in LIFE.steps or REFERENT not in LIFE.steps[step].actors:
        raise Http404
    managing.take(row, step, by=Actor.of(request.user))
    messages.success(request, _("Done."))
    if step == "remove":
        return redirect(page_of("webhooks", organisation))
    return redirect(page_of("webhook", organisation, pk))


@require_POST
@for_referents
def webhook_replay(
    request: HttpRequest, organisation: Organisation, pk: int, call: int
) -> HttpResponse:
    row = get_object_or_404(organisation.webhooks.kept(), pk=pk)
    managing.replay(get_object_or_404(row.calls, pk=call), by=Actor.of(request.user))
    messages.success(request, _("It is sent again now."))
    return redirect(page_of("webhook", organisation, pk))


def _one(
    request: HttpRequest,
    organisation: Organisation,
    row: Webhook,
    *,
    form: WebhookForm | None = None,
    secret: str = "",
) -> HttpResponse:
    known = {"name": row.name, "url": row.url, "subjects": row.subjects}
    form = form or WebhookForm(initial=known)
    calls = row.calls.prefetch_related("log")
    shown = request.GET.get("state", "")
    if shown in CallState.values:
        calls = calls.filter(state=shown)
    page: dict[str, Any] = {
        "organisation": organisation,
        "webhook": row,
        "form": form,
        "secret": secret,
        "page": Paginator(calls, A_PAGE).get_page(request.GET.get("page")),
        "states": CallState.choices,
        "shown": shown,
        "steps": {
            name: step
            for name, step in LIFE.open_from(row.state).items()
            if REFERENT in step.actors
        },
        "is_active": row.state == State.ACTIVE,
        "history": row.events.select_related("by_user", "by_link").order_by("-at", "-pk")[:20],
    }
    return render(request, "accounts/webhook.html", page, status=form_status(form))

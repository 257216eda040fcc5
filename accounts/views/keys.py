"""API keys: a person's own, those of an organisation, all of them for the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.api_keys import ApiKeyForm
from accounts.models import ApiKey, Organisation
from accounts.services.programs import api_keys as services
from accounts.views.referents import for_referents
from accounts.views.requests import next_page, posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

A_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    belongs = policies.organisations_of(request.user)
    form = ApiKeyForm(posted(request), organisations=belongs)
    made: tuple[ApiKey, str] | None = None
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        made = tried(request, form, lambda: services.create(request.user, by=by, **form.facts))
    return _own(request, form, made)


@never_cache
@require_POST
def api_key_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(request.user.api_keys, pk=pk)
    made = services.rotate(key, by=Actor.of(request.user))
    form = ApiKeyForm(organisations=policies.organisations_of(request.user))
    return _own(request, form, made)


@require_POST
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk)
    services.revoke(key, by=Actor.of(request.user))
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect(next_page(request, request.POST.get("next", ""), "/account/keys/"))


@require_safe
@for_referents
def organisation_keys(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    rows = ApiKey.objects.visible_to(request.user).filter(organisation=organisation)
    page = {"organisation": organisation, **_listed(request, rows)}
    return render(request, "accounts/organisation_keys.html", page)


@require_safe
def desk_keys(request: HttpRequest) -> HttpResponse:
    policies.check_is_desk(request.user)
    rows = ApiKey.objects.visible_to(request.user)
    return render(request, "accounts/desk_keys.html", _listed(request, rows))


def _own(request: HttpRequest, form: ApiKeyForm, made: tuple[ApiKey, str] | None) -> HttpResponse:
    page = {
        "form": form,
        "made": made,
        "keys": request.user.api_keys.select_related("organisation"),
        "may_make": policies.is_member(request.user),
    }
    return render(request, "accounts/keys.html", page, status=form_status(form))


def _listed(request: HttpRequest, rows: Any) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()[:80]
    if not request.GET.get("all"):
        rows = rows.living()
    if words:
        rows = rows.matching(words)
    rows = rows.select_related("user", "organisation", "revoked_by")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "words": words, "all": bool(request.GET.get("all"))}

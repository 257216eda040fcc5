"""A person's API keys: listed, made and shown once, revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.api_keys import ApiKeyForm
from accounts.models import ApiKey
from accounts.policies import is_member
from accounts.services import api_keys as services
from accounts.views.requests import posted
from dinamis.actors import Actor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    form = ApiKeyForm(posted(request))
    made: tuple[ApiKey, str] | None = None
    if request.method == "POST" and form.is_valid():
        made = services.create(request.user, by=Actor.of(request.user), **form.facts)
        form = ApiKeyForm()
    page = {
        "form": form,
        "made": made,
        "keys": ApiKey.objects.visible_to(request.user),
        "may_make": is_member(request.user),
    }
    return render(request, "accounts/keys.html", page, status=422 if form.errors else 200)


@require_POST
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk)
    services.revoke(key, by=Actor.of(request.user))
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("api_keys")

"""Signing in through an institution by SAML: the way there, its answer, what it is told of us."""

import base64
import binascii
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import outside
from accounts.outside import saml
from accounts.views.identities import A_MINUTE, believed, depart
from dinamis.callers import client_ip
from dinamis.limits import check_rate

ANSWER_KEPT = 120  # seconds, between the institution's form and our own page


def provided(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the institution of its address, by the word that allauth has for it there."""

    @login_not_required
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, organization_slug: str, **kwargs: Any) -> HttpResponse:
        try:
            whose = saml.provider(request, organization_slug)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        return believed(request, whose, lambda: view(request, whose, **kwargs))

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@provided
def login(request: HttpRequest, provider: saml.Provider) -> HttpResponse:
    return depart(request, provider)


@csrf_exempt
@require_POST
@provided
def acs(request: HttpRequest, provider: saml.Provider) -> HttpResponse:
    """Take the form that the institution's page sends, and go where this browser's session is known.

    Such a form comes from another site: the browser brings no cookie with it, but does with what follows.
    """
    check_rate("outside_answer", client_ip(request), most=A_MINUTE, seconds=60)
    answer = request.POST.get("SAMLResponse", "")
    if not 0 < len(answer) <= saml.MAX_RESPONSE:
        raise outside.Unbelieved("no answer, or one too long")
    try:
        base64.b64decode("".join(answer.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise outside.Unbelieved("the answer is no base64") from fault
    name = secrets.token_urlsafe(32)
    cache.set(_key(provider, name), answer, ANSWER_KEPT)
    return redirect("saml_finish_acs", provider.app.provider_id, name)


@require_safe
@provided
def finish(request: HttpRequest, provider: saml.Provider, answer: str) -> HttpResponse:
    """Believe the answer, if this browser asked for it."""
    key = _key(provider, answer)
    response = cache.get(key)
    cache.delete(key)
    if response is None:
        raise outside.Unbelieved("the answer is not here, or no longer")
    said = saml.read(provider.app, response)
    state = statekit.unstash_state(
        request, state_id=said.in_response_to, provider_id=provider.sub_id
    )
    if state is None:
        raise outside.Unbelieved("this browser did not ask for it")
    came = provider.sociallogin_from_response(request, said)
    came.state = state
    return complete_social_login(request, came)


@require_safe
@provided
def metadata(request: HttpRequest, provider: saml.Provider) -> HttpResponse:
    return HttpResponse(saml.metadata(provider.app), content_type="application/samlmetadata+xml")


def _key(provider: saml.Provider, name: str) -> str:
    return f"outside:answer:{provider.app.provider_id}:{name}"

"""DINAMIS as an OpenID Connect provider: allauth's endpoints, held to what our programs need.

allauth checks clients, codes and tokens. Here: only S256, silence (`prompt=none`) only for what this
very program was granted, one exchange of a code at a time, no refresh token without the person's leave,
the pages of the device flow behind a form of ours, and the browser allowed to follow the answer.
"""

import json
from typing import Any

from allauth.idp.oidc.forms import ConfirmCodeForm
from allauth.idp.oidc.internal.oauthlib import device_codes
from allauth.idp.oidc.internal.oauthlib.server import get_server
from allauth.idp.oidc.internal.oauthlib.utils import extract_params, respond_html_error
from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import AuthorizationView, DeviceCodeView, LogoutView, TokenView
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

from accounts.addresses import origin_of
from accounts.models.program import Scope
from accounts.services.programs import grants
from dinamis.actors import Actor

# The community's own client always asks for these alone, and means all that its program may.
COMMUNITY = "gdal"
_SIGN_IN = {Scope.OPENID.value, Scope.OFFLINE.value}
ONCE = ("code", "refresh_token", "device_code")


class Authorization(AuthorizationView):
    """The page on which a person agrees that a program acts for them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        error = self._too_weak(request)
        response = self._told(request, error) if error else super().get(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            return _may_lead_to(response, self._request_info["redirect_uri"])
        if response.status_code == 200:  # the fault is shown here, never sent to a doubtful address
            response.status_code = 400
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        by = Actor.of(self.request.user)
        with transaction.atomic():
            grants.agree(self._request_info["client_id"], form.cleaned_data["scopes"], by=by)
            return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        return _may_lead_to(response, self._request_info["redirect_uri"])

    def _too_weak(self, request: HttpRequest) -> str:
        asked = request.GET
        if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
            return "invalid_request"
        if "none" in asked.get("prompt", "").split() and request.user.is_authenticated:
            scopes = asked.get("scope", "").split()
            if not grants.covers(request.user, asked.get("client_id", ""), scopes):
                return "consent_required"
        return ""

    def _told(self, request: HttpRequest, error: str) -> HttpResponse:
        """Send the error back to the program, once its address is known to be its own."""
        try:
            get_server().validate_authorization_request(*extract_params(request))
        except FatalClientError as fault:
            return respond_html_error(request, error=fault)
        except OAuth2Error as fault:
            return _away(fault.redirect_uri, dict(fault.twotuples))
        said = {"error": error}
        if state := request.GET.get("state"):
            said["state"] = state
        return _away(request.GET["redirect_uri"], said)


class Token(TokenView):
    """A code, device code or refresh token exchanged: once, whoever else comes with it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("grant_type") == "refresh_token" and _means_all(request):
            request.POST = request.POST.copy()
            del request.POST["scope"]  # what was agreed to goes on
        with transaction.atomic():
            for name in ONCE:
                if value := request.POST.get(name):
                    grants.one_at_a_time(value)
            return self._without_offline(super().post(request))

    def _without_offline(self, response: HttpResponse) -> HttpResponse:
        if response.status_code != 200:
            return response
        said = json.loads(response.content)
        if "refresh_token" in said and Scope.OFFLINE not in said.get("scope", "").split():
            grants.drop(said.pop("refresh_token"))
            said.pop("refresh_expires_in", None)
            response.content = json.dumps(said)
        return response


class DeviceCode(DeviceCodeView):
    """Where the community's client asks its code: its page of consent names what it will be able to do."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        program = Client.objects.filter(pk=COMMUNITY).first() if _means_all(request) else None
        if program is not None:
            request.POST = request.POST.copy()
            request.POST["scope"] = " ".join(program.get_scopes())
        return super().post(request, *args, **kwargs)


def _means_all(request: HttpRequest) -> bool:
    asked = set(request.POST.get("scope", "").split())
    return request.POST.get("client_id") == COMMUNITY and asked == _SIGN_IN


class Logout(LogoutView):
    """Leaving a program, and DINAMIS too if the person says so."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = super().get_context_data(**kwargs)
        page["client"] = page["form"].cleaned_data.get("client")
        return page

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        leads_to = context["form"].cleaned_data.get("post_logout_redirect_uri")
        return _may_lead_to(response, leads_to) if leads_to else response

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 400
        return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """The code that a tool shows, then what the tool asks; the answer is a form of ours.

    allauth's own view takes that answer from any site (it is exempt from CSRF): this one does not.
    """
    form = ConfirmCodeForm(request.GET) if "code" in request.GET else ConfirmCodeForm()
    if not (form.is_bound and form.is_valid()):
        status = 422 if form.is_bound else 200
        page = {"form": form}
        return render(request, "idp/oidc/device_authorization_code_form.html", page, status=status)
    scopes = _asked(form)
    page = {
        "client": form.client,
        "code": form.cleaned_data["code"],
        "scopes": [scope.label for scope in scopes],
    }
    page["address"] = f"{request.path}?{urlencode({'code': page['code']})}"
    if request.method != "POST":
        return render(request, "idp/oidc/device_authorization_confirm_form.html", page)
    page["confirmed"] = request.POST.get("action") == "confirm"
    if page["confirmed"]:
        grants.agree(form.client.pk, [scope.value for scope in scopes], by=Actor.of(request.user))
    device_codes.confirm_or_deny_device_code(
        request.user, form.device_code, confirm=page["confirmed"]
    )
    return render(request, "idp/oidc/device_authorization_confirmed.html", page)


def _asked(form: ConfirmCodeForm) -> list[Scope]:
    waiting = cache.get(device_codes.cache_device_code_key(form.device_code)) or {}
    names = waiting.get("scope") or form.client.get_default_scopes()
    return [scope for scope in Scope if scope.value in names]


def _away(address: str, said: dict[str, str]) -> HttpResponse:
    """Redirect to a program's own address, which may be of a scheme of its own."""
    joint = "&" if "?" in address else "?"
    return HttpResponse(status=302, headers={"Location": f"{address}{joint}{urlencode(said)}"})


def _may_lead_to(response: HttpResponse, address: str) -> HttpResponse:
    """Browsers hold `form-action` against the redirect that answers a form, too."""
    response._csp_update = {"form-action": [origin_of(address)]}
    return response

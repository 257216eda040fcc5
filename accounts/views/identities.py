"""Signing in by an outside identity: the way there, the way back, one's own identities, the chooser."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.views import ConnectionsView, login_cancelled
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from accounts import outside
from accounts.adapter_outside import OutsideAdapter
from accounts.forms.identities import DisconnectForm, InstitutionsForm
from accounts.middleware import SIGNED_IN_AT
from accounts.outside import oidc
from dinamis.callers import client_ip
from dinamis.limits import check_rate

View = Callable[..., HttpResponse]
A_MINUTE = 60  # ways to a provider, and answers of institutions, from one address


def provided(view: View) -> View:
    """Give a view the provider of its address; a provider that is away or talks nonsense gets its page."""

    @login_not_required
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, provider_id: str, **kwargs: Any) -> HttpResponse:
        provider = oidc.Adapter(request, provider_id)
        try:
            whose = provider.get_provider()
        except SocialApp.DoesNotExist:
            raise Http404 from None
        return believed(request, whose, lambda: view(request, provider, **kwargs))

    return answer


def believed(request: HttpRequest, provider: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do what depends on another house; answer with a page when it fails there."""
    try:
        try:
            return act()
        except (RequestException, OAuth2Error, outside.Unbelieved) as fault:
            OutsideAdapter(request).on_authentication_error(request, provider, exception=fault)
            raise
    except ImmediateHttpResponse as answer:
        return answer.response


def depart(request: HttpRequest, provider: Any) -> HttpResponse:
    """The way to a provider: asked for by a form, never by a link that another site may hide.

    Browsers hold our `form-action` against a redirect that answers a form, and a provider's pages may
    stand anywhere: so the answer is a page of ours that leads on by itself.
    """
    process = get_request_param(request, "process", AuthProcess.LOGIN)
    process = AuthProcess.CONNECT if process == AuthProcess.CONNECT else AuthProcess.LOGIN
    page = {"provider": provider, "process": process}
    if request.method != "POST":
        return render(request, "socialaccount/login.html", page)
    check_rate("outside", client_ip(request), most=A_MINUTE, seconds=60)
    if process == AuthProcess.CONNECT:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if first := prove_again(request):
            return first
    kwargs = provider.get_redirect_from_request_kwargs(request) | {"process": process}
    response = provider.redirect(request, **kwargs)
    if response.status_code != 302:
        return response
    page["address"] = response["Location"]
    leaving = render(request, "socialaccount/leaving.html", page)
    leaving["Refresh"] = f"0; url={page['address']}"
    return leaving


def prove_again(request: HttpRequest) -> HttpResponse | None:
    """Let nobody change who enters an account by a session that was left open.

    A password or a factor is asked again, by allauth's own page. Who has neither signs in again.
    """
    if reauthentication.get_reauthentication_flows(request.user):
        reauthentication.raise_if_reauthentication_required(request, app="allauth.socialaccount")
        return None
    age = time.time() - request.session.get(SIGNED_IN_AT, 0)
    if age <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return None
    get_adapter().logout(request)
    messages.info(request, _("You have no password here: sign in once more to change this."))
    return redirect_to_login(reverse("socialaccount_connections"))


@require_http_methods(["GET", "HEAD", "POST"])
@provided
def oidc_login(request: HttpRequest, adapter: oidc.Adapter) -> HttpResponse:
    return depart(request, adapter.get_provider())


@require_safe
@provided
def oidc_callback(request: HttpRequest, adapter: oidc.Adapter) -> HttpResponse:
    return OAuth2CallbackView.adapter_view(adapter)(request)


class Connections(ConnectionsView):
    """One's own identities: to add one, to take one off."""

    form_class = DisconnectForm

    def get_form_class(self) -> type[DisconnectForm]:
        return DisconnectForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return prove_again(request) or super().post(request, *args, **kwargs)

    def form_valid(self, form: DisconnectForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Taken off."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = SocialAccount.objects.filter(user=self.request.user).order_by("date_joined")
        rows = [(one, outside.Identity.of(one)) for one in mine]
        return super().get_context_data(**kwargs) | {"mine": rows}


connections = Connections.as_view()
cancelled = require_safe(login_cancelled)


@login_not_required
@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """Who signs people in, where they are too many for the page itself; found by words of their names."""
    if not outside.apps():
        raise Http404
    form = InstitutionsForm(request.GET)
    is_connecting = request.GET.get("process") == AuthProcess.CONNECT
    page = {
        "found": [app.get_provider(request) for app in form.found()],
        "words": form.cleaned_data.get("q", ""),
        "next": request.GET.get("next", ""),
        "process": AuthProcess.CONNECT if is_connecting else AuthProcess.LOGIN,
    }
    return render(request, "socialaccount/institutions.html", page)

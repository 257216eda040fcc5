"""allauth's hooks for outside identities: who enters, who is told to sign in first, what is kept."""

from typing import Any, NoReturn

import requests
import structlog
from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages  # noqa: TID251  hooks of allauth answer requests
from django.http import HttpRequest  # noqa: TID251
from django.shortcuts import redirect, render  # noqa: TID251
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import outside
from accounts.models import User
from accounts.outside.http import Bounded
from accounts.services.people import identities
from accounts.services.trust import trail
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow, WayOn

log = structlog.get_logger(__name__)


class OutsideAdapter(DefaultSocialAccountAdapter):
    """An identity enters the account it is attached to, or one whose address its provider is trusted for."""

    def list_apps(
        self, request: Any, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Providers stand in the settings alone: no row of the database opens a door."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> requests.Session:
        return Bounded()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Keep little of what was sent. Nothing is written here: allauth goes on to `pre_social_login`."""
        parts = [outside.clean(data.get(name)) for name in ("first_name", "last_name")]
        name = outside.clean(data.get("name")) or " ".join(part for part in parts if part)
        sociallogin.identity = outside.Identity(
            provider=sociallogin.account.provider,
            provider_name=sociallogin.provider.name,
            uid=sociallogin.account.uid,
            name=name,
            email=outside.clean(data.get("email")),
            organisation=outside.clean(data.get("organisation")),
        )
        sociallogin.account.extra_data = sociallogin.identity.kept
        return sociallogin.user

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Never by the domain alone: see `_trusted`."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Not by allauth, which would look among addresses that nobody proved."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Decide whose account this is; whoever gets past this hook goes on to the second factor."""
        identity = sociallogin.identity
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            self._connect(request, identity)
        sociallogin.state["process"] = AuthProcess.LOGIN
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise NotAllowed("account_closed", _("This account is closed. Write to the desk."))
            return
        if not _trusted(sociallogin):
            _sign_in_first(identity)
        if owner := identities.owner_by_address(identity.email):
            sociallogin.user = owner  # attached in `AccountAdapter.post_login`, once wholly inside
            return
        try:
            language = (get_language() or settings.LANGUAGE_CODE)[:2]
            account = identities.open_account(identity, language=language)
        except NotNow:
            _sign_in_first(identity)
        sociallogin.account, sociallogin.user = account, account.user

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """While a second factor is asked: of somebody who has an account, the key alone."""
        if isinstance(instance, User) and instance.pk:
            return {"id": instance.pk}
        return super().serialize_instance(instance)

    def _connect(self, request: HttpRequest, identity: outside.Identity) -> NoReturn:
        """Attach to the account of whoever is signed in, who proved the password a short while ago."""
        page = reverse("socialaccount_connections")
        if not request.user.is_authenticated:
            raise ImmediateHttpResponse(
                redirect(f"{reverse('account_login')}?{urlencode({'next': page})}")
            )
        if reauthentication.is_reauthentication_required(request, app="allauth.socialaccount"):
            messages.warning(
                request, _("That took a while. Connect again: your password is asked first.")
            )
            raise ImmediateHttpResponse(redirect(page))
        identities.attach(request.user, identity, by=Actor.of(request.user))
        messages.success(
            request,
            _("“%(name)s” now signs in to your account.") % {"name": identity.provider_name},
        )
        raise ImmediateHttpResponse(redirect(page))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """A provider that is away, that refuses, or whose word is not believed."""
        if error == AuthError.CANCELLED:
            return
        away = isinstance(exception, requests.RequestException)
        why = repr(exception)[:300]
        log.warning("outside_sign_in_failed", provider=provider.sub_id, away=away, why=why)
        trail.record_failed_sign_in(request, through=provider.sub_id)
        page = {"provider": provider, "away": away}
        template = "socialaccount/authentication_error.html"
        raise ImmediateHttpResponse(render(request, template, page, status=503 if away else 401))


def _trusted(sociallogin: Any) -> bool:
    """True for an address that the provider says it proved, of a domain it is trusted for."""
    app, email = sociallogin.provider.app, sociallogin.identity.email
    said = [one for one in sociallogin.email_addresses if one.email == email.lower()]
    proved = any(outside.is_said_proved(one.verified) for one in said)
    domains = app.settings.get("trusted_domains", [])
    return outside.is_trusted(domains, email, proved=proved)


def _sign_in_first(identity: outside.Identity) -> NoReturn:
    """One answer for an address that is unknown, unproved, of another domain or somebody else's."""
    then = urlencode({"next": reverse("socialaccount_connections")})
    raise NotAllowed(
        "identity_not_connected",
        _(
            "“%(name)s” knows you, but no account here is connected to that identity. Sign in the usual "
            "way, or make an account, then connect it in your account."
        )
        % {"name": identity.provider_name},
        ways_on=[
            WayOn(_("Sign in, then connect it"), f"{reverse('account_login')}?{then}"),
            WayOn(_("Make an account"), f"{reverse('account_signup')}?{then}"),
        ],
    )

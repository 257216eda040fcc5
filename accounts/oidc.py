"""allauth's hooks as a provider: who somebody is to a program, in which words, signed by which key."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings

from accounts.models import User
from accounts.models.program import Scope
from accounts.services.programs import claims, signing_keys

READABLE = ("sub", "name", "email", "email_verified", "organisation")


class ProviderAdapter(DefaultOIDCAdapter):
    """A person is `public_id` to everybody; the organisation is a claim of its own."""

    scope_display = dict(Scope.choices)

    def get_issuer(self) -> str:
        """One name, whichever of the site's hosts was asked."""
        return settings.SITE_URL

    def get_user_sub(self, client: Client, user: Any) -> str:
        return str(user.public_id)

    def get_user_by_sub(self, client: Client, sub: str) -> Any:
        return claims.user_of(sub)

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: User,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        said = super().get_claims(purpose, user, client, scopes, email=email, **kwargs)
        if Scope.ORGANISATION in scopes:
            said |= claims.organisation_of(user)
        return said

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        return filter_keys(signing_keys.published(), did_activate=did_activate, is_active=is_active)

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Say what is really offered: allauth's list names every flow it knows."""
        data["scopes_supported"] = Scope.values
        data["claims_supported"] = list(READABLE)
        data["response_types_supported"] = ["code"]
        grants = Client.GrantType
        data["grant_types_supported"] = [
            grants.AUTHORIZATION_CODE.value,
            grants.REFRESH_TOKEN.value,
            grants.DEVICE_CODE.value,
        ]

"""How programs sign in: a pair of keys in two headers, or a bearer token of our own provider.

Every view of a room that programs ask takes both: `ApiKeyAuthentication`, `BearerAuthentication` and
the permission `WithinScope` are DRF's defaults here. A token or key acts as its person; what the
person may do is looked up at each request, as for a browser.
"""

from typing import Any

from allauth.idp.oidc.internal.resources import is_resources_subset
from allauth.idp.oidc.models import Token
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts import policies
from accounts.models import ApiKey, User
from accounts.services.programs import api_keys, grants
from dinamis.callers import client_ip


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the person of a pair of keys; half a pair, a wrong or a revoked one is a 401."""

    def authenticate(self, request: Any) -> tuple[User, ApiKey] | None:
        access, secret = request.headers.get("access-key"), request.headers.get("secret-key")
        if access is None and secret is None:
            return None
        key = api_keys.find(access or "", secret or "", ip=client_ip(request))
        if key is None:
            raise AuthenticationFailed(_("These keys are unknown, expired or revoked."))
        if key.decides:
            policies.check_has_second_factor(key.user)  # a key is no way round it
        key.user.acts_for = key.organisation_id
        return key.user, key

    def authenticate_header(self, request: Any) -> str:
        return 'ApiKey realm="DINAMIS"'


class BearerAuthentication(BaseAuthentication):
    """Finds the person of an access token in `Authorization: Bearer`; one that is over is a 401.

    A token that was asked for some addresses only (RFC 8707) opens no other.
    """

    def authenticate(self, request: Any) -> tuple[User, Token] | None:
        kind, _space, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = grants.find(value.strip())
        here = [request.build_absolute_uri(request.path)]
        if token is None or not is_resources_subset(here, token.get_resources()):
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        if token.user is not None:
            policies.check_has_second_factor(token.user)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="DINAMIS"'


class WithinScope(BasePermission):
    """A key or token does only what its scopes say; a person in a browser is not held by scopes.

    A view may name the scope of a method: `scopes = {"POST": "read"}`. Without it, reading needs
    `read` and anything else `order`.
    """

    message = _("This key may not do that: its scopes do not include it.")
    code = "scope_missing"

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey | Token):
            return True
        usual = ApiKey.Scope.READ if request.method in SAFE_METHODS else ApiKey.Scope.ORDER
        needed = getattr(view, "scopes", {}).get(request.method, usual)
        if isinstance(request.auth, Token):
            return needed in request.auth.get_scopes()
        return request.auth.may(needed)

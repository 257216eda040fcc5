"""How programs sign in: `access-key` and `secret-key` headers, of which only a SHA-256 is stored."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiKey, User
from accounts.services import api_keys, trail


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the person of a pair of keys; half a pair, a wrong or a revoked one is a 401."""

    def authenticate(self, request: Any) -> tuple[User, ApiKey] | None:
        access, secret = request.headers.get("access-key"), request.headers.get("secret-key")
        if access is None and secret is None:
            return None
        key = api_keys.find(access or "", secret or "", ip=trail.client_ip(request))
        if key is None:
            raise AuthenticationFailed(_("These keys are unknown, expired or revoked."))
        key.user.acts_for = key.organisation_id
        return key.user, key

    def authenticate_header(self, request: Any) -> str:
        return 'ApiKey realm="DINAMIS"'


class WithinScope(BasePermission):
    """A key does only what its scopes say; a person in a browser is not held by scopes.

    A view may name the scope of a method: `scopes = {"POST": "read"}`. Without it, reading needs
    `read` and anything else `order`.
    """

    message = _("This key may not do that: its scopes do not include it.")
    code = "scope_missing"

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        usual = ApiKey.Scope.READ if request.method in SAFE_METHODS else ApiKey.Scope.ORDER
        return request.auth.may(getattr(view, "scopes", {}).get(request.method, usual))

"""OpenID Connect as we ask for it: allauth's flow, with what it leaves open closed.

Here beside it: a nonce, the token's signature also when TLS carried it, the issuer, one person in token
and answer alike, a clock that may be a minute wrong, and the provider's own description kept ten minutes.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import constant_time_compare, salted_hmac
from requests import RequestException

from accounts import outside

KIND = "openid_connect"
WELL_KNOWN = "/.well-known/openid-configuration"
DESCRIPTION_KEPT = 600  # seconds
LEEWAY = 60  # seconds
LONGEST_SUBJECT = 191  # characters of the column
ALGORITHMS = [f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)]
ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]


@contextmanager
def sense() -> Iterator[None]:
    """What another house answered is not as it should be: one error for all the ways that shows."""
    try:
        yield
    except (KeyError, TypeError, ValueError, ImproperlyConfigured) as fault:
        if isinstance(fault, RequestException):
            raise
        raise OAuth2Error(f"the answer makes no sense: {fault!r}") from fault


def nonce_of(state: str) -> str:
    """What the token must repeat: told by the state, which this browser's session alone holds."""
    return salted_hmac("accounts.outside.nonce", state, algorithm="sha256").hexdigest()


class Client(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: Any) -> str:
        more = {**extra_params, "nonce": nonce_of(self.state)}
        return super().get_redirect_url(authorization_url, scope, more)


class Provider(OpenIDConnectProvider):
    def get_oauth2_adapter(self, request: Any) -> "Adapter":
        return Adapter(request, self.app.provider_id)

    def serialize(self) -> dict[str, str]:
        """By our id: two providers may well have given us the same `client_id`."""
        return {"id": self.app.provider_id}

    # What a visitor writes behind the address of the log-in changes nothing of what is asked.
    def get_auth_params_from_request(self, request: Any, action: str) -> dict[str, str]:
        return self.get_auth_params()

    def get_scope_from_request(self, request: Any) -> list[str]:
        return self.get_scope()


class Adapter(OpenIDConnectOAuth2Adapter):
    client_class = Client

    def get_provider(self) -> Provider:
        return Provider(self.request, app=outside.app(KIND, self.provider_id))

    @property
    def openid_config(self) -> dict[str, Any]:
        server = self.get_provider().app.settings["server_url"]
        key = f"outside:description:{hashlib.sha256(server.encode()).hexdigest()}"
        if (known := cache.get(key)) is None:
            known = _asked(f"{server}{WELL_KNOWN}")
            missing = [name for name in ENDPOINTS if not isinstance(known.get(name), str)]
            if missing:
                raise OAuth2Error(f"the provider's description lacks {missing}")
            if known["issuer"].rstrip("/") != server:
                raise OAuth2Error(f"the provider calls itself {known['issuer']}, not {server}")
            cache.set(key, known, DESCRIPTION_KEPT)
        return known

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with sense():
            return super().get_access_token_data(*args, **kwargs)

    def parse_token(self, data: dict[str, Any]) -> Any:
        with sense():
            return super().parse_token(data)

    def complete_login(self, request: Any, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        with sense():
            return self._complete(request, app, token, kwargs["response"])

    def _complete(self, request: Any, app: SocialApp, token: Any, response: dict[str, Any]) -> Any:
        """What the token says, and what the provider adds when asked; both of the same person."""
        signed = self._decode_id_token(app, response.get("id_token"))
        if not 0 < len(signed["sub"]) <= LONGEST_SUBJECT:
            raise OAuth2Error("the person's identifier is empty or too long")
        data = {"id_token": signed, "userinfo": dict(signed)}
        if "userinfo_endpoint" in self.openid_config:
            more = _asked(self.profile_url, Authorization=f"Bearer {token.token}")
            if more.get("sub") != signed["sub"]:
                raise OAuth2Error("the token and the answer tell of two people")
            data["userinfo"] |= more
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        try:
            keys = jwt.PyJWKSet.from_dict(_asked(self.openid_config["jwks_uri"]))
            said = jwt.decode(
                id_token,
                key=_key(keys, jwt.get_unverified_header(id_token).get("kid")),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": CLAIMS},
            )
        except jwt.PyJWTError as fault:
            raise OAuth2Error(f"the token is not believed: {fault}") from fault
        if not constant_time_compare(said["nonce"], nonce_of(self.request.GET.get("state", ""))):
            raise OAuth2Error("the token was made for another sign-in")
        return said


def _key(keys: jwt.PyJWKSet, named: str | None) -> Any:
    """The key that the token names; without a name, the only one."""
    fitting = [key for key in keys.keys if named is None or key.key_id == named]
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("no key, or several, for this token")
    return fitting[0]


def _asked(address: str, **headers: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, headers=headers)
    answer.raise_for_status()
    told = answer.json() if answer.status_code == 200 else None
    if not isinstance(told, dict):
        raise OAuth2Error(f"{address} answers no object")
    return told

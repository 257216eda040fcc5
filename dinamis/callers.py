"""From where a request came."""

from typing import Any

from django.conf import settings


def client_ip(request: Any) -> str:
    """The caller's address: the one our own proxies saw, never one that the caller wrote."""
    hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not hops:
        return request.META.get("REMOTE_ADDR", "")
    written = request.headers.get("X-Forwarded-For", "").split(",")
    forwarded = [part.strip() for part in written if part.strip()]
    return forwarded[-hops] if len(forwarded) >= hops else request.META.get("REMOTE_ADDR", "")

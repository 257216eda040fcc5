"""Addresses that an administrator types for other machines: what they may look like."""

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_LENGTH = 300
# RFC 8252, 7.1: a scheme of one's own is a reversed domain name, so that two apps do not share it.
OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


def fault_of_redirect(uri: str, *, native: bool) -> Any:
    """Say why the answer of a sign-in may not be sent to this address, or "" when it may.

    https anywhere; http on this machine; for an application installed on a device (`native`) also a
    scheme of its own, written as a reversed domain name (RFC 8252).
    """
    parts = _split(uri)
    if parts is None or "*" in uri or "#" in uri:
        return _("Give whole addresses, without “*”, “#” or a password in them.")
    if native and OWN_SCHEME.fullmatch(parts.scheme):
        return ""
    return _fault(parts)


def fault_of_base(url: str) -> Any:
    """Say why a partner's service may not be called at this address, or "" when it may."""
    parts = _split(url)
    if parts is None or parts.query or "#" in url:
        return _("Give a whole address, without a question mark, “#” or a password in it.")
    return _fault(parts)


def fault_of_hook(url: str, *, loopback: bool) -> Any:
    """Say why an organisation's webhook may not be called at this address, or "" when it may.

    https alone; with `loopback` (tests and the demonstration) also http on this machine.
    """
    parts = _split(url)
    if parts is None or "#" in url:
        return _("Give a whole address, without “#” or a password in it.")
    if parts.scheme == "https" and parts.hostname:
        return ""
    if loopback and parts.scheme == "http" and parts.hostname in LOOPBACK:
        return ""
    return _("The address begins with https://.")


def origin_of(uri: str) -> str:
    """What the browser calls this address in a content security policy."""
    parts = urlsplit(uri)
    return (
        f"{parts.scheme}://{parts.netloc}"
        if parts.scheme in {"http", "https"}
        else f"{parts.scheme}:"
    )


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018  a port that is no number raises here
    except ValueError:
        return None
    clean = uri.isascii() and uri.isprintable() and " " not in uri and len(uri) <= MAX_LENGTH
    return parts if clean and parts.scheme and "@" not in parts.netloc else None


def _fault(parts: SplitResult) -> Any:
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return ""
    return _("The address begins with https://; http:// is for this machine alone.")

"""The trail of refusals and sign-ins, each written in a transaction of its own."""

from ipaddress import ip_address
from typing import Any

import structlog
from django.db import transaction
from django.db.utils import Error

from accounts.models import Event
from dinamis.callers import client_ip
from dinamis.errors import Refused

log = structlog.get_logger(__name__)


def record_refusal(request: Any, refused: Refused) -> None:
    """Note that a rule said no to somebody. Kept for a year (`accounts.models.trail.RETENTION`)."""
    _write(
        Event.Kind.REFUSED,
        request,
        getattr(request, "user", None),
        code=refused.code,
        status=refused.status,
    )


def record_sign_in(request: Any, user: Any, *, through: str = "") -> None:
    """Note who came in; `through` is the outside provider's id, where one said who it is."""
    _write(Event.Kind.SIGNED_IN, request, user, code=through)


def record_failed_sign_in(request: Any, *, through: str = "") -> None:
    """Note a wrong password, or an outside provider's word that is not believed.

    The address typed is not kept: it may not be the typist's.
    """
    _write(Event.Kind.SIGN_IN_FAILED, request, None, code=through)


def record_sign_out(request: Any, user: Any) -> None:
    _write(Event.Kind.SIGNED_OUT, request, user)


def _write(kind: str, request: Any, user: Any, **facts: Any) -> None:
    known = user if getattr(user, "is_authenticated", False) else None
    match = getattr(request, "resolver_match", None)
    try:
        with transaction.atomic():
            Event.objects.create(
                kind=kind,
                user=known,
                method=(request.method or "")[:10],
                route=(match.route if match else "")[:200],
                ip=_valid(client_ip(request)),
                user_agent=request.headers.get("User-Agent", "")[:300],
                **facts,
            )
    except Error:
        # The answer to the person matters more than its trace; the log keeps what the table could not.
        log.exception("event_not_written", kind=kind)


def _valid(address: str) -> str | None:
    """What the column takes: a real address; a socket or a test client has none."""
    try:
        return str(ip_address(address))
    except ValueError:
        return None

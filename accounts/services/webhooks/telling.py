"""What happened becomes one call owed to each webhook that listens, in the transaction that made it happen."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from accounts.models import Organisation, Webhook, WebhookCall
from dinamis.outbox import after_commit

TASK = "accounts.tasks.call_webhook"
# No path, key or secret of ours is this long; a payload is a few identifiers and an address.
MOST = 20_000


def emit(
    organisation: Organisation | int,
    *,
    subject: str,
    type: str,  # noqa: A002  the word of Standard Webhooks
    data: Mapping[str, Any],
    key: str,
    at: datetime | None = None,
) -> int:
    """Owe a call to each active webhook of the organisation that hears of the subject; return how many.

    `data` holds identifiers, states and the address where the rest is read by whoever may: never a name,
    never an address of a person. `key` names the event, so that emitting twice owes once.
    """
    made = 0
    for webhook in Webhook.objects.listening(organisation, subject):
        made += owe(webhook, type=type, data=data, key=key, at=at) is not None
    return made


def owe(
    webhook: Webhook,
    *,
    type: str,  # noqa: A002
    data: Mapping[str, Any],
    key: str,
    at: datetime | None = None,
) -> WebhookCall | None:
    """Write one call and promise its first attempt; None when this event is owed already."""
    now = at or timezone.now()
    body = orjson.dumps(
        {"type": type, "timestamp": now.isoformat(timespec="milliseconds"), "data": dict(data)}
    ).decode()
    if len(body) > MOST:
        raise ValueError(f"{type}: {len(body)} characters are no thin payload")
    call, is_new = WebhookCall.objects.get_or_create(
        webhook=webhook,
        key=key,
        defaults={
            "message_id": f"msg_{secrets.token_urlsafe(18)}",
            "type": type,
            "body": body,
            "state_since": now,
            "due_at": now,
            "made_at": now,
        },
    )
    if not is_new:
        return None
    after_commit(TASK, call.pk)
    return call

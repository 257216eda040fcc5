"""What a supplier sends us by itself: taken in once when it is signed, a hint to look when it is not.

Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, five minutes of tolerance, several secrets
while one replaces another. The request only writes the message down; a worker takes it in.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed
from dinamis.outbox import after_commit
from orders.models import Supplier, SupplierMessage, SupplierOrder
from orders.services.supplying import connectors, intents, polling, pulse, reading

log = structlog.get_logger(__name__)

MOST_BYTES = 1_000_000
# An order hinted at is looked at no more often than this, however many hints come.
HINTS_EVERY = timedelta(minutes=1)
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def receive(supplier: Supplier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Write a callback down; say whether it was signed. The same id twice is one message.

    Raises NotAllowed (a signature that does not hold, an old or a future instant), Invalid (not JSON).
    """
    signed = any(headers.get(name) for name in HEADERS)
    if signed:
        _verify(supplier, body, headers)
    said = _parsed(body)
    if not signed:
        hint(supplier, said)
        return False
    with transaction.atomic():
        message, new = SupplierMessage.objects.get_or_create(
            supplier=supplier,
            identifier=headers["webhook-id"][:120],
            defaults={"is_signed": True, "body": said, "received_at": timezone.now()},
        )
        if new:
            after_commit("orders.tasks.take_in_message", message.pk)
    return True


@transaction.atomic
def hint(supplier: Supplier, said: Mapping[str, Any]) -> int:
    """Look soon at the running orders whose reference, ours or theirs, is among what was said."""
    words = {word for word in _words(said) if 0 < len(word) <= 120}
    now = timezone.now()
    running = SupplierOrder.objects.running().filter(supplier=supplier)
    named = running.filter(their_reference__in=words) | running.filter(reference__in=words)
    rested = named.exclude(looked_at__gt=now - HINTS_EVERY).exclude(next_look_at__lte=now)
    found = rested.update(next_look_at=now)
    if found:
        intents.wake(supplier)
    return found


def take_in(message: SupplierMessage) -> None:
    """Take a signed message in, once; what it does not say whole is looked up."""
    if message.taken_in_at:
        return
    supplier = message.supplier
    report = connectors.make(supplier).told(message.body)
    order = None
    if report is not None:
        orders = SupplierOrder.objects.filter(supplier=supplier)
        order = orders.filter(their_reference=report.reference).first()
    if order is not None:
        changed = reading.take_in(order, report)
        outcome = "taken in" if changed else "known already"
    else:
        outcome = f"{hint(supplier, message.body)} looked up"
    SupplierMessage.objects.filter(pk=message.pk).update(
        taken_in_at=timezone.now(), outcome=outcome
    )
    log.info("supplier_message", supplier=supplier.key, outcome=outcome)


def look_soon(order: SupplierOrder, *, by: Actor) -> None:
    """An officer wants to know now where an order stands."""
    with transaction.atomic():
        pulse.record(order.supplier, "look", by=by, about=order.reference)
        polling.soon(order)
        intents.wake(order.supplier)


def settle(order: SupplierOrder, *, reason: str, by: Actor) -> None:
    """An officer has settled with the supplier what was to be looked at. Raises NotAllowed, Invalid."""
    check_is_desk(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say what was settled: others read it later."))
    with transaction.atomic():
        pulse.record(order.supplier, "settle", by=by, about=order.reference, reason=reason)
        SupplierOrder.objects.filter(pk=order.pk).update(trouble="")


def _verify(supplier: Supplier, body: bytes, headers: Mapping[str, str]) -> None:
    sent = {name: headers.get(name, "") for name in HEADERS}
    for secret in connectors.secrets_of(supplier).get("webhook", []):
        try:
            Webhook(secret).verify(body, sent)
        except (WebhookVerificationError, ValueError, json.JSONDecodeError):
            continue
        return
    raise NotAllowed("signature_refused", _("This callback's signature does not hold."))


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("not_json", _("A callback is a JSON object.")) from error
    if not isinstance(said, dict) or "\\u0000" in body.decode(errors="replace"):
        raise Invalid("not_json", _("A callback is a JSON object."))
    return said


def _words(said: Any, depth: int = 0) -> set[str]:
    """Every short text in what was said, a few levels deep: references are among them."""
    if isinstance(said, str):
        return {said}
    if depth > 5 or not isinstance(said, dict | list):
        return set()
    parts = list(said.values()) if isinstance(said, dict) else said
    return set().union(*(_words(part, depth + 1) for part in parts[:200]), set())

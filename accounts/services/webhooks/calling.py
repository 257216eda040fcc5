"""Calls made by workers: signed, logged, tried again along a ladder of three days, given up at its end.

The outbox starts a worker, the row of the call says how far it is: a worker that dies in the middle costs
one more call with the same identifier. One worker at a time calls an address and goes on with what else is
due there, so that a slow or broken receiver holds up nobody but itself.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Signer

from accounts.models import Webhook, WebhookAttempt, WebhookCall
from accounts.outside import posting
from accounts.outside.posting import Answer
from accounts.services.webhooks import managing, secrets
from accounts.services.webhooks.telling import TASK
from accounts.states.webhook import CALL_LIFE, CallState, State
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit, is_promised

# The waits of Standard Webhooks between ten attempts: 75 h 35 min 5 s from the first to the last.
LADDER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(LADDER) + 1
JITTER = 0.1  # of a wait, so that what failed together does not come back together
# After a failure the address rests: others that are due there wait instead of failing too.
RESTS = (timedelta(seconds=4), timedelta(minutes=4))
LEASE = timedelta(seconds=60)  # longer than one call can last
STRETCH = timedelta(seconds=60)  # how long one worker goes on with what else is due
GONE = 410


def perform(pk: int) -> int:
    """Make the call if it is due, and what else is due at its address; return how many calls were made."""
    call = WebhookCall.objects.select_related("webhook").get(pk=pk)
    made, began = 0, timezone.now()
    while call is not None and _may_go(call):
        answer = _send(call)
        made += 1
        if not _note(call.pk, answer) or timezone.now() - began > STRETCH:
            break
        call = _next(call.webhook_id)
    _wake_next(pk)
    return made


def _may_go(call: WebhookCall) -> bool:
    """Claim the address for this call; put the call off while it rests or another worker has it."""
    now = timezone.now()
    if call.state != CallState.WAITING or (call.due_at and call.due_at > now):
        return False
    return bool(
        Webhook.objects.claimable(now).filter(pk=call.webhook_id).update(busy_until=now + LEASE)
    )


def _send(call: WebhookCall) -> Answer:
    webhook = call.webhook
    body = call.body.encode()
    now = timezone.now()
    signatures = [
        Signer(secret).sign(call.message_id, now, call.body) for secret in secrets.signing(webhook)
    ]
    return posting.post(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "webhook-id": call.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        },
    )


@transaction.atomic
def _note(pk: int, answer: Answer) -> bool:
    """Write the attempt down and what follows from it; say whether the address may be called again at once."""
    rows = Webhook.objects.select_for_update(of=("self",), no_key=True)
    webhook = rows.get(calls=pk)
    call = WebhookCall.objects.select_for_update(no_key=True).get(pk=pk)
    now = timezone.now()
    WebhookAttempt.objects.create(
        call=call,
        at=now,
        status=answer.status,
        fault=answer.fault,
        milliseconds=answer.milliseconds,
        answer=answer.text,
    )
    call.attempts += 1
    webhook.busy_until = None
    if answer.is_accepted:
        _delivered(webhook, call, now)
    else:
        _failed(webhook, call, now, is_gone=answer.status == GONE)
    webhook.save(update_fields=["busy_until", "failing_since", "failures", "resting_until"])
    call.save(update_fields=["attempts", "state", "state_since", "due_at"])
    return answer.is_accepted


def _delivered(webhook: Webhook, call: WebhookCall, now: datetime) -> None:
    webhook.failing_since, webhook.failures, webhook.resting_until = None, 0, None
    if call.state == CallState.WAITING:  # it may have been replaced by its own replay meanwhile
        advance(call, CALL_LIFE, "deliver", at=now)


def _failed(webhook: Webhook, call: WebhookCall, now: datetime, *, is_gone: bool) -> None:
    webhook.failing_since = webhook.failing_since or now
    webhook.failures += 1
    webhook.resting_until = now + RESTS[min(webhook.failures, len(RESTS)) - 1]
    if call.state != CallState.WAITING:
        return
    is_last = call.attempts >= MOST_ATTEMPTS
    if is_gone or is_last:
        advance(call, CALL_LIFE, "give_up", at=now)
        # Since its first attempt nothing was accepted there: three days of silence.
        is_silent = is_last and webhook.failing_since <= _first_attempt(call)
        if (is_gone or is_silent) and webhook.state == State.ACTIVE:
            managing.disable(webhook, why="gone" if is_gone else "silent")
        return
    call.due_at = now + _wait(call.attempts)
    after_commit(TASK, call.pk, due_at=call.due_at)


def _first_attempt(call: WebhookCall) -> datetime:
    """When the ladder of this call began; a replay begins another."""
    return list(call.log.order_by("-pk")[:MOST_ATTEMPTS])[-1].at


def _wait(attempts: int) -> timedelta:
    """The wait after so many attempts, never shorter than the ladder's."""
    wait = LADDER[attempts - 1]
    return wait + wait * (JITTER * random.random())  # noqa: S311  spreads load, guards nothing


def _next(webhook_id: int) -> WebhookCall | None:
    """The oldest other call that is due at the same address."""
    due = WebhookCall.objects.filter(
        webhook=webhook_id, state=CallState.WAITING, due_at__lte=timezone.now()
    )
    return due.select_related("webhook").order_by("due_at", "pk").first()


@transaction.atomic
def _wake_next(pk: int) -> None:
    """What is due and was not called waits for the address: promise the call anew for that instant."""
    call = WebhookCall.objects.select_related("webhook").get(pk=pk)
    webhook, now = call.webhook, timezone.now()
    if webhook.state != State.ACTIVE:
        return  # going on promises anew what waits
    first = _next(webhook.pk)
    if first is None or is_promised(TASK, first.pk):
        return
    free = max(filter(None, (webhook.busy_until, webhook.resting_until, now)))
    after_commit(TASK, first.pk, due_at=free + timedelta(seconds=1))

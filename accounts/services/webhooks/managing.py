"""Webhooks kept by an organisation's referents: made, tried, rotated, paused, taken up again, removed."""

import secrets as tokens
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import addresses, hookable
from accounts.models import Organisation, Webhook, WebhookCall, WebhookEvent
from accounts.policies import check_is_referent_of
from accounts.services.webhooks import secrets, telling
from accounts.services.webhooks.telling import TASK
from accounts.states.webhook import CALL_LIFE, LIFE, CallState, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

MOST = 10  # of one organisation
PINGS_AN_HOUR = 20
SYSTEM = Actor.system("webhooks")
Step = WebhookEvent.Step


@transaction.atomic
def make(
    organisation: Organisation, *, url: str, name: str, subjects: Sequence[str], by: Actor
) -> tuple[Webhook, str]:
    """Make a webhook; return it with its secret, which is never shown again.

    Raises NotAllowed for others than referents, Invalid for an address that may not be called or no
    subject, NotNow past ten.
    """
    check_is_referent_of(by.user, organisation)
    subjects = _checked(url, subjects)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if organisation.webhooks.kept().count() >= MOST:
        raise NotNow("too_many_webhooks", _("Remove a webhook first: ten is the limit."))
    secret = secrets.new()
    webhook = Webhook.objects.create(
        organisation=organisation,
        url=url,
        name=name.strip(),
        subjects=subjects,
        secret=secrets.sealed(secret),
        state_since=timezone.now(),
    )
    _write(webhook, Step.MAKE, by=by)
    return webhook, secret


@transaction.atomic
def change(webhook: Webhook, *, url: str, name: str, subjects: Sequence[str], by: Actor) -> Webhook:
    """Keep another address, name or choice of subjects; what waits goes to the new address."""
    webhook = _locked(webhook, by=by)
    webhook.url, webhook.name, webhook.subjects = url, name.strip(), _checked(url, subjects)
    webhook.save(update_fields=["url", "name", "subjects"])
    _write(webhook, Step.CHANGE, by=by)
    return webhook


@transaction.atomic
def rotate(webhook: Webhook, *, by: Actor) -> tuple[Webhook, str]:
    """Give it a new secret, shown once; for a day the former one signs beside it."""
    webhook = _locked(webhook, by=by)
    secret = secrets.new()
    webhook.old_secret, webhook.old_until = webhook.secret, timezone.now() + secrets.OVERLAP
    webhook.secret = secrets.sealed(secret)
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    _write(webhook, Step.ROTATE, by=by)
    return webhook, secret


@transaction.atomic
def take(webhook: Webhook, name: str, *, by: Actor) -> Webhook:
    """Pause, resume or remove it. Raises NotAllowed, NotNow from a state that the step does not leave."""
    webhook = _locked(webhook, by=by)
    _advance(webhook, name, by=by)
    if name == "resume":
        webhook.failing_since, webhook.failures, webhook.resting_until = None, 0, None
        webhook.save(update_fields=["failing_since", "failures", "resting_until"])
        _wake(webhook)
    if name == "remove":
        _give_up(webhook)
    return webhook


def disable(webhook: Webhook, *, why: str) -> None:
    """Stop a webhook that answers no more, and tell the referents; inside the caller's transaction.

    `why` is "gone" (410) or "silent" (no success in all the attempts of a message).
    """
    event = _advance(webhook, "disable", by=SYSTEM, why=why)
    after_commit("accounts.tasks.tell_webhook", event.pk)


@transaction.atomic
def ping(webhook: Webhook, *, by: Actor) -> WebhookCall:
    """Owe it a call that says nothing, to try it. Raises NotNow past twenty an hour, or when it is not active."""
    webhook = _locked(webhook, by=by)
    if webhook.state != State.ACTIVE:
        raise NotNow("not_in_this_state", _("Let it go on first."))
    since = timezone.now() - timedelta(hours=1)
    if webhook.calls.filter(type=hookable.PING, made_at__gt=since).count() >= PINGS_AN_HOUR:
        raise NotNow("too_many_pings", _("Twenty tries an hour are the limit."))
    key = f"{hookable.PING}:{tokens.token_hex(8)}"
    call = telling.owe(webhook, type=hookable.PING, data={}, key=key)
    _write(webhook, Step.PING, by=by, message=call.message_id)
    return call


@transaction.atomic
def replay(call: WebhookCall, *, by: Actor) -> WebhookCall:
    """Send a call again, from the first attempt on: same identifier, same body, a signature of now."""
    webhook = _locked(call.webhook, by=by)
    call = WebhookCall.objects.select_for_update(no_key=True).get(pk=call.pk)
    if webhook.state != State.ACTIVE:
        raise NotNow("not_in_this_state", _("Let it go on first."))
    now = timezone.now()
    advance(call, CALL_LIFE, "replay", at=now, due_at=now)
    call.attempts = 0
    call.save(update_fields=["state", "state_since", "due_at", "attempts"])
    after_commit(TASK, call.pk)
    _write(webhook, Step.REPLAY, by=by, message=call.message_id)
    return call


def _checked(url: str, subjects: Sequence[str]) -> list[str]:
    if fault := fault_of(url):
        raise Invalid("webhook_address", fault, field="url")
    known = [one.code for one in hookable.every()]
    if not subjects or set(subjects) - set(known):
        raise Invalid("webhook_subjects", _("Choose what it hears of."), field="subjects")
    return [code for code in known if code in subjects]


def fault_of(url: str) -> Any:
    """Say why this address cannot be a webhook's, or "" when it can.

    A name is only judged when it is called, for it may lead elsewhere by then: a request asks nobody.
    """
    if fault := addresses.fault_of_hook(url, loopback=settings.WEBHOOK_ALLOW_LOOPBACK):
        return fault
    host = urlsplit(url).hostname or ""
    try:
        literal = ip_address(host)
    except ValueError:
        is_private = host in addresses.LOOPBACK or host.endswith((".localhost", ".internal"))
    else:
        is_private = not literal.is_global
    loopback = settings.WEBHOOK_ALLOW_LOOPBACK and host in addresses.LOOPBACK
    return _("This address leads into a private network.") if is_private and not loopback else ""


def _locked(webhook: Webhook, *, by: Actor) -> Webhook:
    check_is_referent_of(by.user, webhook.organisation)
    rows = Webhook.objects.select_for_update(of=("self",), no_key=True)
    webhook = rows.select_related("organisation").get(pk=webhook.pk)
    if webhook.state == State.REMOVED:
        raise NotNow("not_in_this_state", _("This webhook was removed."))
    return webhook


def _advance(webhook: Webhook, name: str, *, by: Actor, **facts: str) -> WebhookEvent:
    advance(webhook, LIFE, name, at=timezone.now())
    webhook.save(update_fields=["state", "state_since", "due_at"])
    return _write(webhook, Step(name), by=by, **facts)


def _write(webhook: Webhook, step: str, *, by: Actor, **facts: str) -> WebhookEvent:
    known = {"name": webhook.name, "url": webhook.url, "subjects": webhook.subjects} | facts
    return WebhookEvent.objects.create(webhook=webhook, step=step, facts=known, **by.columns())


def _wake(webhook: Webhook) -> None:
    """Promise anew what waited; the worker who comes first goes on with the others."""
    now = timezone.now()
    webhook.calls.filter(state=CallState.WAITING).update(due_at=now)
    first = webhook.calls.filter(state=CallState.WAITING).order_by("pk").first()
    if first is not None:
        after_commit(TASK, first.pk)


def _give_up(webhook: Webhook) -> None:
    now = timezone.now()
    webhook.calls.filter(state=CallState.WAITING).update(
        state=CallState.GIVEN_UP, state_since=now, due_at=None
    )

"""What this room forgets, and when: events, links, the people of ended memberships, facts of signers, copies."""

import secrets

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Digest,
    Event,
    MailedLink,
    Membership,
    Notice,
    Signature,
    WebhookAttempt,
    WebhookCall,
)
from accounts.services.licences import chain
from accounts.services.people import exports
from accounts.states.membership import OPEN, STANDING
from accounts.states.webhook import CallState
from dinamis import retention
from dinamis.retention import before

NOWHERE = "@erased.invalid"


def random_address() -> str:
    """An address that reaches nobody and belongs to nobody (RFC 2606)."""
    return f"erased-{secrets.token_hex(12)}{NOWHERE}"


def ended_memberships() -> QuerySet[Membership]:
    """Those that live no more: refused, lapsed, expired, left."""
    return Membership.objects.exclude(state__in=sorted(OPEN | STANDING))


def _events(most: int) -> int:
    """The database keeps a row for its year whatever the setting says: the longer of the two."""
    over = Event.objects.over().filter(at__lt=before("trail"))
    return retention.delete(over, most)


@transaction.atomic
def _links(most: int) -> int:
    """The digest goes, so that the address opens nothing, and with it whoever never acted through the link.

    Who did act stays: the histories name their actor by it.
    """
    unused = Q(used_at=None) & ~Q(email__endswith=NOWHERE)
    ended = MailedLink.objects.filter(
        Q(digest__isnull=False) | unused, expires_at__lt=before("links")
    )
    some = list(ended.order_by("pk").values_list("pk", flat=True)[:most])
    rows = MailedLink.objects.filter(pk__in=some)
    rows.filter(used_at=None).update(name="", email=random_address())
    return rows.update(digest=None)


@transaction.atomic
def _dossiers(most: int) -> int:
    over = ended_memberships().select_for_update(of=("self",), no_key=True)
    over = over.filter(state_since__lt=before("dossiers"))
    some = list(over.exclude(referent_name="", legal_name="").order_by("pk")[:most])
    for membership in some:
        forget_contacts(membership)
    return len(some)


_NAMES = ("referent_name", "legal_name", "legal_position", "legal_verified_how")


def forget_contacts(membership: Membership) -> None:
    """Blank the people a dossier names, in it and on its links."""
    for name in _NAMES:
        setattr(membership, name, "")
    membership.referent_email, membership.legal_email = random_address(), random_address()
    # What a lapsed draft had answered so far.
    membership.answers = {}
    membership.save(update_fields=[*_NAMES, "referent_email", "legal_email", "answers"])
    membership.links.update(name="", email=random_address(), digest=None)


def _notices(most: int) -> int:
    return retention.delete(Notice.objects.filter(made_at__lt=before("notices")), most)


def _digests(most: int) -> int:
    """After their notices: a digest is younger than what it gathered."""
    over = Digest.objects.filter(made_at__lt=before("notices"), notices=None)
    return retention.delete(over, most)


def _webhook_attempts(most: int) -> int:
    return retention.delete(WebhookAttempt.objects.filter(at__lt=before("webhooks")), most)


def _webhook_calls(most: int) -> int:
    """Their log has gone before them."""
    ended = WebhookCall.objects.exclude(state=CallState.WAITING)
    return retention.delete(ended.filter(state_since__lt=before("webhooks"), log=None), most)


def _signers(most: int) -> int:
    over = Signature.objects.filter(
        facts__erased_at=None, facts__keep_until__lt=timezone.localdate()
    )
    some = list(over.order_by("number")[: min(most, 500)])
    for signature in some:
        chain.erase_facts(signature)
    # Fewer than the batch, for the chain is locked meanwhile: the rest goes with the next day.
    return len(some)


def register() -> None:
    """Called once, when the app is ready."""
    retention.register("events", _events)
    retention.register("links", _links)
    retention.register("dossiers", _dossiers)
    retention.register("notices", _notices)
    retention.register("digests", _digests)
    retention.register("webhook_attempts", _webhook_attempts)
    retention.register("webhook_calls", _webhook_calls)
    retention.register("signers", _signers)
    retention.register("exports", exports.forget)

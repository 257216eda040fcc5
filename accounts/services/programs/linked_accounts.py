"""Accounts with partners: what is wanted is written with the change that wants it; nothing is called here."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    LinkedAccount,
    LinkedAccountEvent,
    Merger,
    Organisation,
    Partner,
    User,
)
from accounts.partners import Person
from accounts.states.linked_account import LIFE, State
from dinamis import events
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

PART = Actor.system("partner accounts")
MANY = 200  # rows mended by one sweep


def register() -> None:
    """Be told of everything that gives or takes the right to an account."""
    for event in ("activated", "suspended", "resumed", "ended"):
        events.on(f"affiliation.{event}", affiliation_changed)
    events.on("membership.changed", membership_changed)
    events.on("organisation.merged", organisation_merged)


def affiliation_changed(*, affiliation: Affiliation, by: Actor) -> None:
    """What begins, rests, resumes or ends with an affiliation; called in its transaction."""
    settle(affiliation.user)


def membership_changed(*, organisation: Organisation, by: Actor) -> None:
    """The rights of all its people begin, rest or end with it: promised, for they may be hundreds."""
    after_commit("accounts.tasks.settle_people", organisation.pk)


def organisation_merged(*, merger: Merger, by: Actor) -> None:
    after_commit("accounts.tasks.settle_people", merger.successor_id)


def settle_people(organisation: Organisation) -> int:
    """Settle everybody attached to an organisation, one transaction each; return how many."""
    people = User.objects.filter(affiliations__in=organisation.affiliations.active()).distinct()
    for user in people.order_by("pk"):
        with transaction.atomic():
            settle(user)
    return len(people)


def settle(user: User) -> None:
    """Want or close this person's accounts, as their right stands now. Twice is once."""
    if _is_entitled(user):
        for partner in Partner.objects.filter(enabled=True, trusted=True):
            _want(user, partner, by=PART)
        return
    for account in LinkedAccount.objects.filter(user=user).exclude(
        state__in=[State.ENDING, State.INACTIVE]
    ):
        _take(account, "close", by=PART)


@transaction.atomic
def ask(user: User, partner: Partner, *, by: Actor) -> LinkedAccount:
    """The person asks for an account that does not come by itself.

    Raises NotAllowed for somebody else or without an active affiliation, NotNow when the partner is
    off, or when it failed and the desk has it.
    """
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person asks for this."))
    policies.check_is_member(user)
    if not partner.enabled:
        raise NotNow("partner_disabled", _("This partner takes no accounts now."))
    if LinkedAccount.objects.failed().filter(user=user, partner=partner).exists():
        raise NotNow("failed", _("The DINAMIS desk has been told and tries again."))
    return _want(user, partner, by=by)


def person_changed(user: User) -> None:
    """Name or address changed: partners that know another one are told."""
    for account in LinkedAccount.objects.filter(user=user, state=State.ACTIVE):
        if account.told_sha256 != told(person_of(user)):
            _take(account, "change", by=PART)


@transaction.atomic
def replay(account: LinkedAccount, *, by: Actor) -> LinkedAccount:
    """Ask the partner again, for what the person is entitled to now. Raises NotNow when nothing failed."""
    policies.check_is_desk(by.user)
    if locked(account.pk).state != State.FAILED:
        raise NotNow("nothing_failed", _("Nothing failed here: it goes on by itself."))
    return _take(account, "want" if _is_entitled(account.user) else "close", by=by)


@transaction.atomic
def replay_all(partner: Partner, *, by: Actor) -> int:
    """Ask a partner again for everything that failed; return how many."""
    policies.check_is_desk(by.user)
    failed = list(partner.accounts.failed().select_related("user").order_by("pk"))
    for account in failed:
        _take(account, "want" if _is_entitled(account.user) else "close", by=by)
    return len(failed)


@transaction.atomic
def ask_comparison(partner: Partner, *, by: Actor) -> None:
    """Have a worker read the partner's list; nothing is changed, here or there."""
    policies.check_is_desk(by.user)
    after_commit("accounts.tasks.compare_partner", partner.pk)


def mend() -> int:
    """Find what no event told of: a right without its account, an account without its right, other facts.

    One transaction each, so that the workers who call partners wait for nobody. Return how many
    people were looked at again.
    """
    entitled = Affiliation.objects.in_force().filter(user=OuterRef("pk"))
    seen = set()
    for partner in Partner.objects.filter(enabled=True, trusted=True):
        there = LinkedAccount.objects.filter(user=OuterRef("pk"), partner=partner)
        missing = User.objects.filter(Exists(entitled)).exclude(
            Exists(there.exclude(state__in=[State.INACTIVE, State.ENDING]))
        )
        seen.update(missing[:MANY])
    living = LinkedAccount.objects.exclude(state__in=[State.INACTIVE, State.ENDING, State.FAILED])
    seen.update(User.objects.filter(Exists(living.filter(user=OuterRef("pk")))).exclude(
        Exists(entitled)
    )[:MANY])  # fmt: skip
    for user in sorted(seen, key=lambda one: one.pk):
        with transaction.atomic():
            settle(user)
    open_now = LinkedAccount.objects.filter(state=State.ACTIVE, partner__enabled=True)
    for account in open_now.select_related("user").order_by("pk").iterator():
        if account.told_sha256 != told(person_of(account.user)):
            with transaction.atomic():
                _take(account, "change", by=PART)
    return len(seen)


def person_of(user: User) -> Person:
    return Person(str(user.public_id), user.email, user.full_name)


def told(person: Person) -> str:
    """A digest of what a partner was told, to see whether it changed."""
    said = f"{person.external_id}|{person.email}|{person.full_name}"
    return hashlib.sha256(said.encode()).hexdigest()


def _is_entitled(user: User) -> bool:
    return Affiliation.objects.in_force().filter(user=user).exists()


def _want(user: User, partner: Partner, *, by: Actor) -> LinkedAccount:
    now = timezone.now()
    account, new = LinkedAccount.objects.get_or_create(
        user=user, partner=partner, defaults={"state_since": now}
    )
    if new:
        note(account, "want", source="", at=now, by=by)
        after_commit("accounts.tasks.link_account", account.pk)
        return account
    return _take(account, "want", by=by)


def _take(account: LinkedAccount, name: str, *, by: Actor) -> LinkedAccount:
    """Lock, write the history, change the intent, promise the call.

    What somebody else has brought on the same way meanwhile stays as it is.
    """
    account = locked(account.pk)
    if account.state not in LIFE.steps[name].sources:
        return account
    source, now = account.state, timezone.now()
    advance(account, LIFE, name, at=now)
    account.intent += 1
    account.attempts, account.last_error = 0, ""
    note(account, name, source=source, at=now, by=by)
    account.save(
        update_fields=["state", "state_since", "due_at", "intent", "attempts", "last_error"]
    )
    after_commit("accounts.tasks.link_account", account.pk)
    return account


def note(
    account: LinkedAccount, step: str, *, source: str, at: datetime, by: Actor, reason: str = ""
) -> Any:
    """Write one line of the account's history."""
    return LinkedAccountEvent.objects.create(
        account=account, step=step, source=source, target=account.state, reason=reason, at=at,
        **by.columns(),
    )  # fmt: skip


def locked(pk: int) -> LinkedAccount:
    rows = LinkedAccount.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "partner").get(pk=pk)

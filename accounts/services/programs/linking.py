"""What workers do with partners: claim, call outside any transaction, write down what came of it."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import LinkedAccount, Partner
from accounts.partners import Account, Away, NotLetIn, PartnerFault, Person, Taken
from accounts.partners import Partner as Connection
from accounts.services.programs.linked_accounts import PART, locked, note, person_of, told
from accounts.states.linked_account import BACK_OFF, LIFE, TO_DO, State
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)  # above the sum of the time limits of one account's calls
LONGEST = timedelta(hours=24)
SHOWN = 200  # differences kept of one comparison


def perform(pk: int) -> None:
    """Bring one account to where it is wanted. Twice at once, or after a lost reply, acts once."""
    account = _claim(pk)
    if account is None:
        return
    person = person_of(account.user)
    try:
        remote_id = _called(account, person)
    except PartnerFault as fault:
        _failed(account, fault)
    except Exception as error:  # whatever the fault, it waits longer each time and ends at the desk
        log.exception("partner_call_failed", account=pk)
        _failed(account, Away(f"{type(error).__name__}: {error}"))
    else:
        _done(account, remote_id, person)


def connect(partner: Partner) -> Connection:
    """Reach a partner; raises NotLetIn when the environment holds no token for it."""
    token = settings.PARTNER_TOKENS.get(partner.code, "")
    if not token:
        raise NotLetIn(f"PARTNER_TOKENS has no token for {partner.code}")
    return import_string(settings.PARTNER_CONNECTOR)(partner.base_url, token)


def compare(partner: Partner) -> list[dict[str, str]]:
    """Read a partner's whole list and write down what differs from ours; changes nothing there."""
    try:
        theirs = {one.external_id: one for one in connect(partner).everyone() if one.external_id}
        differences = _differences(partner, theirs)
    except PartnerFault as fault:
        differences = [{"kind": "not_read", "say": str(fault)[:500]}]
    partner.differences, partner.compared_at = differences[:SHOWN], timezone.now()
    partner.save(update_fields=["differences", "compared_at"])
    return differences


@transaction.atomic
def _claim(pk: int) -> LinkedAccount | None:
    """Take the account for one call; None when nothing is to do, or another worker is at it."""
    account = locked(pk)
    now = timezone.now()
    if account.state not in TO_DO or not account.partner.enabled:
        return None
    if account.busy_until and account.busy_until > now:
        after_commit("accounts.tasks.link_account", pk, due_at=account.busy_until)
        return None
    account.busy_until, account.attempts = now + LEASE, account.attempts + 1
    account.save(update_fields=["busy_until", "attempts"])
    return account


def _called(account: LinkedAccount, person: Person) -> str:
    """Look first, then act: a reply that was lost leaves an account that is found, never a second one."""
    partner = connect(account.partner)
    found = partner.find(person, account.remote_id)
    is_ours = found is not None and (
        found.external_id == person.external_id
        # Some services keep no identifier but their own.
        or (not found.external_id and found.remote_id == account.remote_id)
    )
    if account.state == State.ENDING:
        if is_ours and found.active:
            partner.deactivate(found.remote_id)
        return account.remote_id
    if found is None:
        return partner.create(person).remote_id
    if found.external_id and not is_ours:
        raise Taken("another account there has this address")
    if found != Account(found.remote_id, person.external_id, person.email, person.full_name, True):
        partner.update(found.remote_id, person)
    return found.remote_id


@transaction.atomic
def _done(claimed: LinkedAccount, remote_id: str, person: Person) -> None:
    account = locked(claimed.pk)
    now, source = timezone.now(), account.state
    account.busy_until, account.remote_id = None, remote_id
    account.succeeded_at, account.last_error = now, ""
    if account.intent == claimed.intent:
        step = "closed" if source == State.ENDING else "opened"
        advance(account, LIFE, step, at=now)
        account.attempts = 0
        account.told_sha256 = "" if step == "closed" else told(person)
        note(account, step, source=source, at=now, by=PART)
    else:  # something else was wanted meanwhile
        after_commit("accounts.tasks.link_account", account.pk)
    account.save()


@transaction.atomic
def _failed(claimed: LinkedAccount, fault: PartnerFault) -> None:
    account = locked(claimed.pk)
    now, source = timezone.now(), account.state
    account.busy_until, account.last_error = None, str(fault)[:2000]
    if account.intent != claimed.intent:
        after_commit("accounts.tasks.link_account", account.pk)
    elif fault.lasting or account.attempts > len(BACK_OFF):
        advance(account, LIFE, "fail", at=now)
        # A history keeps no words of the partner's after the colon: they may name the person.
        kind = account.last_error.partition(":")[0]
        note(account, "fail", source=source, at=now, by=PART, reason=kind)
    else:
        account.due_at = _next(account.attempts, fault, now)
        after_commit("accounts.tasks.link_account", account.pk, due_at=account.due_at)
    account.save()


def _next(attempts: int, fault: PartnerFault, now: datetime) -> datetime:
    """When to ask again: as the table says, or later when the partner asked for it."""
    asked = timedelta(seconds=fault.retry_after or 0)
    return now + min(max(BACK_OFF[attempts - 1], asked), LONGEST)


def _differences(partner: Partner, theirs: dict[str, Account]) -> list[dict[str, str]]:
    found = []
    for account in partner.accounts.select_related("user").order_by("pk"):
        person = person_of(account.user)
        there = theirs.pop(person.external_id, None)
        if kind := _difference(account, person, there):
            found.append({"kind": kind, "account": account.pk})
    ours_not = [
        {"kind": "unknown_here", "remote_id": one.remote_id}
        for one in theirs.values()
        if one.active
    ]
    return found + ours_not


def _difference(account: LinkedAccount, person: Person, there: Account | None) -> str:
    is_open = account.state in {State.ACTIVE, State.CHANGING}
    if is_open and there is None:
        return "missing_there"
    if is_open and not there.active:
        return "closed_there"
    if is_open and (there.email, there.full_name) != (person.email, person.full_name):
        return "other_facts"
    if account.state == State.INACTIVE and there is not None and there.active:
        return "open_there"
    return ""

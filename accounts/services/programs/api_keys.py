"""API keys: made, shown once, used, rotated, revoked."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Affiliation, ApiKey, Organisation, PersonEvent, User
from accounts.services.people import people
from dinamis.actors import Actor
from dinamis.compiled import Compiled
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import after_commit

MAX_KEYS = 20
USUAL_LIFE = timedelta(days=365)
# The time to put the new secret where the old one stands.
OVERLAP = timedelta(hours=24)
ANNOUNCED_BEFORE = timedelta(days=14)
_NOBODY = "0" * 64
# At every request of a program: with its person, and whether a second factor is demanded of them.
_usable = Compiled(
    lambda access_key: (
        ApiKey.objects.usable()
        .filter(access_key=access_key)
        .select_related("user")
        .annotate(
            decides=Exists(policies.people_who_decide_for_others().filter(pk=OuterRef("user")))
        )
    )
)


def longest_life() -> timedelta:
    return timedelta(days=settings.API_KEY_MAX_DAYS)


@transaction.atomic
def create(
    user: User,
    *,
    name: str,
    scopes: Sequence[str],
    organisation: Organisation | None = None,
    expires_at: datetime | None = None,
    by: Actor,
) -> tuple[ApiKey, str]:
    """Make a key; return it with its secret, which is never to be seen again.

    It acts for `organisation`, or for the one the person acts for now, and lives a year unless told
    otherwise. Raises NotAllowed for somebody else's key or without an active affiliation there,
    Invalid for no scope or a life that is over or longer than API_KEY_MAX_DAYS.
    """
    if by.user is not None and by.user != user:
        raise NotAllowed("not_yours", _("A key is made by its own person."))
    organisation = _acts_for(user, organisation)
    if not scopes or not set(scopes) <= set(ApiKey.Scope.values):
        raise Invalid("scope_missing", _("Choose what the key may do."), field="scopes")
    expires_at = _expiry(expires_at)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiKey.objects.living().filter(user=user).count() >= MAX_KEYS:
        raise NotNow("too_many_keys", _("Revoke a key first: twenty is the limit."))
    return _make(user, organisation, name.strip(), scopes, expires_at, by=by)


@transaction.atomic
def rotate(key: ApiKey, *, by: Actor) -> tuple[ApiKey, str]:
    """Make a key like this one with another secret; the old one goes on working for a day.

    Raises NotAllowed for somebody else's key, NotNow for one that no longer works.
    """
    if by.user is None or by.user.pk != key.user_id:
        raise NotAllowed("not_yours", _("A key is rotated by its own person."))
    locked = ApiKey.objects.select_for_update(of=("self",)).filter(pk=key.pk)
    old = locked.select_related("user", "organisation").get()
    if not ApiKey.objects.usable().filter(pk=old.pk).exists():
        raise NotNow("key_stopped", _("This key no longer works: make a new one."))
    now = timezone.now()
    made = _make(old.user, old.organisation, old.name, old.scopes, now + _usual_life(), by=by)
    old.expires_at = min(old.expires_at or now + OVERLAP, now + OVERLAP)
    old.expiry_told_at = now  # its owner has just done what that mail would ask for
    old.save(update_fields=["expires_at", "expiry_told_at"])
    return made


@transaction.atomic
def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """Stop a key at once. Twice is once. Its owner, a referent of its organisation or the desk may.

    The owner is told by mail when it was somebody else.
    """
    if not _may_revoke(by, key):
        raise NotAllowed(
            "not_yours",
            _("A key is revoked by its person, a referent of its organisation or the desk."),
        )
    living = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    stopped = living.update(revoked_at=timezone.now(), revoked_by=by.user)
    if stopped:
        people.note(key.user, PersonEvent.Kind.KEY_REVOKED, about=key.name, by=by)
    if stopped and by.user is not None and by.user.pk != key.user_id:
        after_commit("accounts.tasks.tell_key_revoked", key.pk)
    key.refresh_from_db()
    return key


@transaction.atomic
def revoke_all(user: User, *, by: Actor, organisation: Organisation | None = None) -> int:
    """Stop every key of a person, or those that act for one organisation; return how many.

    Called when an affiliation ends and when an account is closed.
    """
    theirs = ApiKey.objects.filter(user=user, revoked_at=None)
    if organisation is not None:
        theirs = theirs.filter(organisation=organisation)
    stopped = list(theirs.select_for_update(no_key=True).order_by("pk"))
    for key in stopped:
        people.note(user, PersonEvent.Kind.KEY_REVOKED, about=key.name, by=by)
    return ApiKey.objects.filter(pk__in=[key.pk for key in stopped]).update(
        revoked_at=timezone.now(), revoked_by=by.user
    )


def find(access_key: str, secret: str, *, ip: str = "") -> ApiKey | None:
    """Return the usable key of this pair, or None, in the same time whichever half is wrong.

    Its `decides` says whether its person decides for others, so that a second factor is demanded.
    """
    key = next(iter(_usable(access_key)), None)
    known = key.secret_sha256 if key else _NOBODY
    matches = constant_time_compare(ApiKey.digest_of(secret), known)
    if key is None or not matches:
        return None
    note_use(key, ip=ip)
    return key


def note_use(key: ApiKey, *, ip: str = "") -> None:
    """Note the hour of a use and the address it came from: one writing an hour for each address.

    The hour is enough to see that a key still serves, and says less of its person's days.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    address = _valid(ip)
    if key.last_used_at == hour and key.last_used_ip == address:
        return
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=hour, last_used_ip=address)


@transaction.atomic
def announce_expiries() -> int:
    """Promise one mail for each key that stops within two weeks; return how many."""
    soon = timezone.now() + ANNOUNCED_BEFORE
    waiting = ApiKey.objects.usable().filter(expires_at__lt=soon, expiry_told_at=None)
    told = 0
    for pk in waiting.values_list("pk", flat=True):
        mine = ApiKey.objects.filter(pk=pk, expiry_told_at=None)
        if mine.update(expiry_told_at=timezone.now()):
            after_commit("accounts.tasks.tell_key_expires", pk)
            told += 1
    return told


def _make(
    user: User,
    organisation: Organisation,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime,
    *,
    by: Actor,
) -> tuple[ApiKey, str]:
    secret = f"dns_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user,
        organisation=organisation,
        name=name,
        access_key=f"dna_{secrets.token_urlsafe(15)}",
        secret_sha256=ApiKey.digest_of(secret),
        scopes=[scope for scope in ApiKey.Scope.values if scope in scopes],
        expires_at=expires_at,
    )
    people.note(user, PersonEvent.Kind.KEY_MADE, about=key.name, by=by)
    return key, secret


def _acts_for(user: User, organisation: Organisation | None) -> Organisation:
    if organisation is None:
        return policies.check_is_member(user).organisation
    if not Affiliation.objects.in_force().filter(user=user, organisation=organisation).exists():
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with a member organisation for this."),
        )
    return organisation


def _usual_life() -> timedelta:
    return min(USUAL_LIFE, longest_life())


def _expiry(asked: datetime | None) -> datetime:
    now = timezone.now()
    if asked is None:
        return now + _usual_life()
    if asked <= now:
        raise Invalid("expiry_past", _("The key would already have expired."), field="expires_at")
    if asked > now + longest_life() + timedelta(hours=1):
        raise Invalid(
            "expiry_too_far",
            _("A key lives at most %(days)s days.") % {"days": settings.API_KEY_MAX_DAYS},
            field="expires_at",
        )
    return asked


def _may_revoke(by: Actor, key: ApiKey) -> bool:
    if by.part:
        return True
    if by.user is None:
        return False
    if by.user.pk == key.user_id or policies.is_desk(by.user):
        return True
    return key.organisation is not None and policies.is_referent_of(by.user, key.organisation)


def _valid(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None

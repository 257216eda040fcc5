"""API keys: made, shown once, used, revoked."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import ApiKey, User
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow

MAX_KEYS = 20
# Writing the last use at every request would make reading as dear as writing.
USE_NOTED_EVERY = timedelta(minutes=1)
_NOBODY = "0" * 64


@transaction.atomic
def create(
    user: User,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    by: Actor,
) -> tuple[ApiKey, str]:
    """Make a key; return it with its secret, which is never to be seen again.

    Raises NotAllowed for somebody else's key or without an active affiliation, Invalid for no scope.
    """
    if by.user is not None and by.user != user:
        raise NotAllowed("not_yours", _("A key is made by its own person."))
    policies.check_is_member(user)
    if not scopes or not set(scopes) <= set(ApiKey.Scope.values):
        raise Invalid("scope_missing", _("Choose what the key may do."), field="scopes")
    if expires_at and expires_at <= timezone.now():
        raise Invalid("expiry_past", _("The key would already have expired."), field="expires_at")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiKey.objects.usable().filter(user=user).count() >= MAX_KEYS:
        raise NotNow("too_many_keys", _("Revoke a key first: twenty is the limit."))
    secret = f"dns_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        user=user,
        name=name.strip(),
        access_key=f"dna_{secrets.token_urlsafe(15)}",
        secret_sha256=ApiKey.digest_of(secret),
        scopes=[scope for scope in ApiKey.Scope.values if scope in scopes],
        expires_at=expires_at,
    )
    return key, secret


@transaction.atomic
def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """Stop a key at once. Twice is once."""
    if by.user is not None and by.user.pk != key.user_id:
        raise NotAllowed("not_yours", _("A key is revoked by its own person."))
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    key.refresh_from_db()
    return key


@transaction.atomic
def revoke_all(user: User, *, by: Actor) -> int:
    """Stop every key of a person; return how many. Called when an affiliation ends."""
    return ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def find(access_key: str, secret: str) -> ApiKey | None:
    """Return the usable key of this pair, or None, in the same time whichever half is wrong."""
    key = ApiKey.objects.usable().filter(access_key=access_key).select_related("user").first()
    known = key.secret_sha256 if key else _NOBODY
    matches = constant_time_compare(ApiKey.digest_of(secret), known)
    if key is None or not matches:
        return None
    note_use(key)
    return key


def note_use(key: ApiKey) -> None:
    """Note the use of a key, at most once a minute."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)

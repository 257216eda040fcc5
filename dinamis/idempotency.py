"""`Idempotency-Key`: the same request sent twice is done once, and both get the same answer.

The answer is stored in the transaction of the deed, so a server that dies half-way leaves
neither. A key is the actor's own; the fingerprint covers method, path and body. Refusals are not
stored: what failed may be tried again with the same key.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from dinamis.again import again
from dinamis.errors import Invalid, NotNow

MAX_KEY = 255


class IdempotentAnswer(models.Model):
    """What was answered to an actor's key."""

    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=MAX_KEY)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    location = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("idempotent answer")
        verbose_name_plural = _("idempotent answers")
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once_per_actor")
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"


def idempotent(view: Callable[..., Response]) -> Callable[..., Response]:
    """Honour `Idempotency-Key` on a DRF method that creates something.

    Raises Invalid when the key comes back with another request (422) and NotNow while the first is
    still under way (409, Retry-After 1).
    """

    @wraps(view)
    def answered(self: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > MAX_KEY:
            raise Invalid(
                "idempotency_key_too_long", _("The Idempotency-Key is over 255 characters.")
            )
        actor = f"user:{request.user.pk}"
        return _once(actor, key, request, lambda: view(self, request, *args, **kwargs))

    return answered


@again
@transaction.atomic
def _once(actor: str, key: str, request: Any, act: Callable[[], Response]) -> Response:
    if not _locked(f"{actor} {key}"):
        raise NotNow(
            "request_under_way",
            _("The first request with this Idempotency-Key is still under way."),
            retry_after=1,
        )
    mark = _fingerprint(request)
    known = IdempotentAnswer.objects.filter(actor=actor, key=key).first()
    if known is None:
        response = act()
        IdempotentAnswer.objects.create(
            actor=actor,
            key=key,
            fingerprint=mark,
            status=response.status_code,
            body=response.data,
            location=response.get("Location", ""),
        )
        return response
    if known.fingerprint != mark:
        raise Invalid(
            "idempotency_key_reused", _("This Idempotency-Key was used for another request.")
        )
    headers = {"Idempotency-Replayed": "true"}
    if known.location:
        headers["Location"] = known.location
    return Response(known.body, status=known.status, headers=headers)


def _fingerprint(request: Any) -> str:
    whole = b"\n".join([request.method.encode(), request.get_full_path().encode(), request.body])
    return hashlib.sha256(whole).hexdigest()


def _locked(name: str) -> bool:
    """Take an advisory lock until the transaction ends; False when another holds it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]

"""How often somebody may ask, counted in the cache: a guard against guessing and hammering, not a quota."""

import hashlib

from django.core.cache import cache
from django.utils.translation import gettext as _

from dinamis.errors import TooOften


def check_rate(what: str, who: str, *, most: int, seconds: int) -> None:
    """Count one more; raise TooOften beyond `most` within `seconds` from the same address or person.

    The window is fixed. A cache that does not answer limits nobody: the service goes on.
    """
    if count(what, who, seconds=seconds) > most:
        raise TooOften(
            "too_often", _("That was asked too often in a short time. Try again in a few minutes.")
        )


def check_left(what: str, who: str, *, most: int) -> None:
    """Raise TooOften when `count` has reached `most`, without counting this time."""
    try:
        counted = cache.get(_key(what, who), 0)
    except Exception:  # noqa: BLE001  any fault of the cache: see above
        return
    if counted >= most:
        raise TooOften(
            "too_often", _("That was asked too often in a short time. Try again in a few minutes.")
        )


def count(what: str, who: str, *, seconds: int) -> int:
    """Count one more and return how many there are in this window; zero when the cache is away."""
    key = _key(what, who)
    try:
        return cache.count(key, seconds)
    except Exception:  # noqa: BLE001  any fault of the cache
        return 0


def _key(what: str, who: str) -> str:
    """Addresses do not stand in the cache as they are."""
    return f"rate:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"

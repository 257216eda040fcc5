"""The keys that sign what the provider says: files made once, rotated, the former ones still published.

A file is named by the instant at which it begins to sign, such as `20261125T090000Z.pem`. The newest
that has begun signs; one that has not begun is published already, so that sites know it in time; a
former one stays published for a week after the next began.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from allauth.idp.oidc.models import PrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone

NAME = "%Y%m%dT%H%M%SZ"
AHEAD = timedelta(hours=2)  # longer than sites keep the list of keys (an hour)
KEPT = timedelta(days=7)


def published() -> list[PrivateKey]:
    """Return every key that is published, the oldest first; the very first one is made here."""
    found = _read() or _first()
    ends = [start + KEPT for start, _pem in found[1:]] + [None]
    return [
        PrivateKey(pem=pem, issued_at=start, not_before=start, expires_at=end)
        for (start, pem), end in zip(found, ends, strict=True)
    ]


def rotate() -> tuple[datetime, int]:
    """Make the next key and delete those whose time is over; return when it begins, how many went."""
    published()
    begins, gone = timezone.now() + AHEAD, 0
    with _alone() as folder:
        _write(folder, begins)
        for key in published():
            if key.expires_at is not None and key.expires_at <= timezone.now():
                _file(folder, key.issued_at).unlink(missing_ok=True)
                gone += 1
    return begins, gone


def _first() -> list[tuple[datetime, str]]:
    """Make the first key; of two processes that find none, one waits and reads the other's."""
    with _alone() as folder:
        if not _read():
            _write(folder, timezone.now())
    return _read()


@contextmanager
def _alone() -> Iterator[Path]:
    folder = Path(settings.OIDC_KEYS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _file(folder: Path, begins: datetime) -> Path:
    return folder / f"{begins.astimezone(UTC):{NAME}}.pem"


def _write(folder: Path, begins: datetime) -> None:
    """Write a key whole or not at all, readable by its owner alone."""
    half = folder / ".half"
    half.touch(mode=0o600)
    half.write_bytes(_new_pem())
    half.rename(_file(folder, begins))


def _new_pem() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read() -> list[tuple[datetime, str]]:
    names = sorted(path.name for path in Path(settings.OIDC_KEYS_DIR).glob("*.pem"))
    return [
        (
            datetime.strptime(name, f"{NAME}.pem").replace(tzinfo=UTC),
            _pem(str(settings.OIDC_KEYS_DIR), name),
        )
        for name in names
    ]


@lru_cache(maxsize=32)
def _pem(folder: str, name: str) -> str:
    """A file is never changed once it has its name."""
    return (Path(folder) / name).read_text()

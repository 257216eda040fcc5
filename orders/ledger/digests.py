"""The digests that make a change by hand visible, computed here apart from the database that wrote them.

A movement's digest is the SHA-256 of the JSON list of its columns as text. An account's seal begins
with its identity and takes in each of its movements' digests in turn.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest_of(movement: Any) -> bytes:
    """Return the 32 bytes that a movement's row must carry; any object with its columns will do."""
    return _hashed(
        [
            _text(movement.id),
            _text(movement.from_account_id),
            _text(movement.to_account_id),
            movement.kind,
            f"{movement.amount:.2f}",
            _text(movement.hold_id),
            movement.deed,
            movement.key,
            movement.reason,
            movement.rule_version,
            str((movement.at - _EPOCH) // timedelta(microseconds=1)),
            _text(movement.by_user_id),
            _text(movement.by_link_id),
            movement.by_part,
        ]
    )


def first_seal(account: Any) -> bytes:
    """Return the seal of an account that nothing has moved yet."""
    return _hashed(
        [
            _text(account.id),
            _text(account.period_id),
            account.kind,
            account.owner_kind,
            account.owner_key,
        ]
    )


def next_seal(seal: bytes, digest: bytes) -> bytes:
    """Return the seal after one more movement."""
    return hashlib.sha256(seal + digest).digest()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _hashed(columns: Sequence[str | None]) -> bytes:
    return hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).digest()

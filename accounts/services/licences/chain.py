"""The chain of signatures: each row's hash covers the row and the hash before it; a command verifies it.

The chain commits to a salted digest of the personal facts, never to the facts: these stand beside it and
can be erased, and the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import ChainHead, LicenceText, Signature, SignerFacts

NAME = "signatures"
GENESIS = "0" * 64
# A lock of its own: two signatures at once would both follow the same row, and fork the chain.
LOCK = int.from_bytes(hashlib.sha256(b"accounts.signature.chain").digest()[:8], signed=True)
# The primary key is given by the database after the hash is made; the number stands for it.
SIGNED = tuple(f.attname for f in Signature._meta.concrete_fields if f.name not in ("id", "hash"))
SEALED = tuple(f.attname for f in SignerFacts._meta.concrete_fields if f.name not in ("id", "seal"))
FACTS = ("name", "email", "position", "ip", "user_agent")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: the row, named, and what is wrong with it."""

    row: str
    what: str


def append(columns: Mapping[str, Any], facts: Mapping[str, str], *, keep_until: date) -> Signature:
    """Add a signature at the end of the chain, inside the caller's transaction."""
    lock()
    head, _new = ChainHead.objects.get_or_create(name=NAME, defaults={"hash": GENESIS})
    salt = secrets.token_hex(32)
    signature = Signature(
        **columns,
        number=head.length + 1,
        previous_hash=head.hash,
        facts_digest=digest_of_facts(salt, facts),
    )
    signature.hash = digest_of(signature)
    signature.save(force_insert=True)
    beside = SignerFacts(signature=signature, salt=salt, keep_until=keep_until, **facts)
    beside.seal = seal_of(beside, signature)
    beside.save(force_insert=True)
    ChainHead.objects.filter(name=NAME).update(length=signature.number, hash=signature.hash)
    return signature


@transaction.atomic
def erase_facts(signature: Signature) -> SignerFacts:
    """Blank the personal facts behind a signature; the chain goes on verifying. Twice is once."""
    lock()
    beside = SignerFacts.objects.get(signature=signature)
    if beside.erased_at is None:
        for field in (*FACTS, "salt"):
            setattr(beside, field, "")
        beside.erased_at = timezone.now()
        beside.seal = seal_of(beside, signature)
        beside.save()
    return beside


def verify() -> list[Fault]:
    """Check every row of the chain over every column; return what does not hold, in order."""
    with transaction.atomic():
        lock()
        faults = list(_faults())
        for text in LicenceText.objects.order_by("pk").iterator():
            if (text.digest, text.whole_digest) != (text.sha256, text.seal):
                faults.append(Fault(f"licence text {text.pk} ({text})", "a column was changed"))
    return faults


def _faults() -> Iterator[Fault]:
    previous, number = GENESIS, 0
    beside = {row.signature_id: row for row in SignerFacts.objects.order_by("pk").iterator()}
    # Of the texts only what a signature repeats: their bodies are long, and verified once each.
    named = {
        pk: facts
        for pk, *facts in LicenceText.objects.values_list(
            "pk", "sha256", "version", "language", "licence_id"
        )
    }
    for row in Signature.objects.order_by("number").iterator():
        number += 1
        name = f"signature {row.number} (row {row.pk})"
        if row.number != number:
            yield Fault(name, f"number {number} is missing before it")
            number = row.number
        if row.previous_hash != previous:
            yield Fault(name, "it does not follow the row before it")
        if digest_of(row) != row.hash:
            yield Fault(name, "a column was changed")
        if named.get(row.text_id) != [
            row.text_sha256, row.version, row.language, row.licence_code,
        ]:  # fmt: skip
            yield Fault(name, "its licence text was changed")
        yield from _faults_beside(name, row, beside.pop(row.pk, None))
        previous = row.hash
    for orphan in beside.values():
        yield Fault(f"facts {orphan.pk}", "they belong to no signature")
    yield from _faults_of_head(number, previous)


def _faults_beside(name: str, row: Signature, facts: SignerFacts | None) -> Iterator[Fault]:
    if facts is None:
        yield Fault(name, "the facts beside it are gone")
        return
    if seal_of(facts, row) != facts.seal:
        yield Fault(f"facts {facts.pk} of {name}", "a column was changed")
    erased = facts.erased_at is not None
    if not erased and digest_of_facts(facts.salt, _facts_of(facts)) != row.facts_digest:
        yield Fault(f"facts {facts.pk} of {name}", "they are not those that were signed")


def _faults_of_head(number: int, last: str) -> Iterator[Fault]:
    head = ChainHead.objects.filter(name=NAME).first()
    length, end = (head.length, head.hash) if head else (0, GENESIS)
    if (length, end) != (number, last):
        yield Fault("end of the chain", f"it says {length} signatures, {number} are there")


def erased_on() -> list[tuple[int, datetime]]:
    """The signatures whose facts were erased, and when."""
    rows = SignerFacts.objects.exclude(erased_at=None).order_by("signature__number")
    return list(rows.values_list("signature__number", "erased_at"))


def digest_of(row: Signature) -> str:
    """SHA-256 over every column of the row but the hash itself."""
    return _sha256({name: plain(getattr(row, name)) for name in SIGNED})


def digest_of_facts(salt: str, facts: Mapping[str, str]) -> str:
    """SHA-256 over the salt and the personal facts."""
    return _sha256({"salt": salt, **{name: facts[name] for name in FACTS}})


def seal_of(facts: SignerFacts, signature: Signature) -> str:
    """SHA-256 over the side row as it stands, tied to its signature."""
    kept = {name: plain(getattr(facts, name)) for name in SEALED}
    return _sha256({**kept, "signature_hash": signature.hash})


def _facts_of(row: SignerFacts) -> dict[str, str]:
    return {name: getattr(row, name) for name in FACTS}


def plain(value: Any) -> Any:
    """A column as the digest writes it: instants and days as ISO 8601, instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _sha256(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lock() -> None:
    """Hold the chain until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])

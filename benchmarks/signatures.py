"""Ten thousand signatures verified; one character changed in any column of any row, and each row named."""

import importlib
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks import Measurement, Scale, at_most, exactly

NEEDS = "reference"
MANY = 10_000
ROUNDS = {"small": 4, "full": 20}
EACH = 50  # rows changed in one round
CHECKS = (
    ("accounts_signature", "signature_has_its_signer"),
    ("accounts_signature", "accounts_signature_has_one_actor"),
    ("accounts_signerfacts", "erased_facts_are_blank"),
)


def run(scale: Scale) -> Iterator[Measurement]:
    """Fill the chain, verify it whole, then change and verify again, each change undone."""
    chain = importlib.import_module("accounts.services.licences.chain")
    _fill(chain)
    begun = time.perf_counter()
    whole = chain.verify()
    yield at_most(f"{MANY:,} signatures verified", time.perf_counter() - begun, 5, "s")
    yield exactly("faults before any change", len(whole), 0, "faults")
    draw, slowest, found = random.Random(5), 0.0, 0
    for _round in range(ROUNDS[scale]):
        seconds, named = _round_of_changes(chain, draw)
        slowest, found = max(slowest, seconds), found + named
    yield at_most("slowest verification after changes", slowest, 5, "s")
    yield exactly("changed rows that were named", found, ROUNDS[scale] * EACH, "rows")


def _fill(chain: Any) -> None:
    """Sign with a thousand people without asking the database at each row."""
    models = importlib.import_module("accounts.models")
    people = models.User.objects.bulk_create(
        models.User(email=f"p{n}@bench.example", full_name=f"Person {n}") for n in range(1000)
    )
    text = models.LicenceText.objects.get(licence="pleiades", language="fr")
    head, previous, rows, beside = datetime(2026, 1, 1, tzinfo=UTC), chain.GENESIS, [], []
    for number in range(1, MANY + 1):
        person = people[number % len(people)]
        facts = dict.fromkeys(chain.FACTS, "") | {
            "name": person.full_name, "email": person.email, "ip": "192.0.2.1",
            "position": "Researcher", "user_agent": "bench",
        }  # fmt: skip
        salt = f"{number:064x}"
        row = models.Signature(
            number=number, text=text, licence_code=text.licence_id, version=text.version,
            language=text.language, text_sha256=text.sha256, subject=f"product:{number}",
            capacity="user", user=person, by_user=person, previous_hash=previous,
            signed_at=head + timedelta(minutes=number),
            facts_digest=chain.digest_of_facts(salt, facts),
        )  # fmt: skip
        row.hash = previous = chain.digest_of(row)
        rows.append(row)
        beside.append((salt, facts))
    made = models.Signature.objects.bulk_create(rows, batch_size=2000)
    sides = []
    for row, (salt, facts) in zip(made, beside, strict=True):
        side = models.SignerFacts(signature=row, salt=salt, keep_until=date(2036, 1, 1), **facts)
        side.seal = chain.seal_of(side, row)
        sides.append(side)
    models.SignerFacts.objects.bulk_create(sides, batch_size=2000)
    models.ChainHead.objects.create(name=chain.NAME, length=MANY, hash=previous)


def _round_of_changes(chain: Any, draw: random.Random) -> tuple[float, int]:
    """Change one character in each of some rows, verify, undo; return the seconds and the rows named."""
    transaction = importlib.import_module("django.db").transaction
    with transaction.atomic():
        changed = _change(draw)
        begun = time.perf_counter()
        faults = " | ".join(f"{fault.row} |" for fault in chain.verify())
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    return seconds, sum(f"(row {pk})" in faults for pk in changed)


def _change(draw: random.Random) -> list[int]:
    """Return the ids of the signatures changed, themselves or the facts beside them."""
    django_db = importlib.import_module("django.db")
    models = importlib.import_module("accounts.models")
    changed: list[int] = []
    with django_db.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, rule in CHECKS:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        cursor.execute("SET LOCAL session_replication_role = replica")
        rows = list(models.Signature.objects.values_list("pk", flat=True))
        for pk in draw.sample(rows, EACH * 2):
            model, key = draw.choice(
                [(models.Signature, "id"), (models.SignerFacts, "signature_id")]
            )
            if len(changed) < EACH and _changed(cursor, draw, model, key, pk):
                changed.append(pk)
    assert len(changed) == EACH
    return changed


def _changed(cursor: Any, draw: random.Random, model: Any, key: str, pk: int) -> bool:
    """Change one character of a column that says something; say whether the database let it through."""
    django_db = importlib.import_module("django.db")
    row = model.objects.get(**{key: pk})
    says = [f for f in model._meta.concrete_fields if getattr(row, f.attname) not in (None, "")]
    field = draw.choice([f for f in says if f.attname not in ("id", "signature_id")])
    value = _other(draw, getattr(row, field.attname))
    table = model._meta.db_table
    try:
        with django_db.transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {field.column} = %s WHERE {key} = %s", [value, pk])
    except django_db.DatabaseError:
        return False
    return True


def _other(draw: random.Random, value: Any) -> Any:
    """The value with one character changed: a digit of a number, a second of an instant, a letter."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice([20_000, 30_000, 40_000])
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    at = draw.randrange(len(value))
    return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]

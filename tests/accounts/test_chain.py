"""The chain of signatures: what one changed byte does, what erasing does, what two at once do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import ChainHead, LicenceText, Signature, SignerFacts
from accounts.services.licences import chain
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _heads_are_noted_in_a_folder_of_the_test(settings, tmp_path):
    settings.HEADS_URL = f"file://{tmp_path}"


@pytest.fixture
def signed(researcher, other_researcher):
    """Nine signatures at joining and two by users; the user's first is returned."""
    first = make.signature(researcher)
    make.signature(other_researcher, "pleiades", subject="product:1")
    return first


def by_hand(sql: str, *values: object) -> None:
    """Change the database as somebody with its password would: triggers and constraints asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def another(table: str, than: object) -> str:
    """The id of another row, so that only the chain can tell."""
    return f"(SELECT max(id) FROM {table} WHERE id <> {than or 0})"


def rows_named() -> set[str]:
    return {fault.row for fault in chain.verify()}


CHANGED = {
    "number": "100", "text_id": "accounts_licencetext", "licence_code": "'spot68'", "version": "'1-placeholder'",
    "language": "'fr'", "text_sha256": "repeat('a', 64)", "subject": "'product:9'",
    "capacity": "'legal'", "user_id": "accounts_user",
    "membership_id": "accounts_membership", "organisation_id": "accounts_organisation",
    "session_mfa": "true", "signed_at": "signed_at + interval '1 second'",
    "facts_digest": "repeat('b', 64)", "previous_hash": "repeat('c', 64)", "hash": "repeat('d', 64)",
    "by_user_id": "accounts_user", "by_link_id": "accounts_mailedlink", "by_part": "'x'",
}  # fmt: skip


def test_every_column_of_a_signature_is_tried():
    columns = {f.attname for f in Signature._meta.concrete_fields} - {"id"}
    assert set(CHANGED) == columns


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves no trace: the whole list is tried on one set of rows."""
    with transaction.atomic():
        mark = transaction.savepoint()
        yield
        transaction.savepoint_rollback(mark)


def test_one_changed_column_of_a_signature_is_named(signed):
    assert chain.verify() == []
    for column, value in CHANGED.items():
        with undone():
            other = another(value, getattr(signed, column)) if column.endswith("_id") else value
            for rule in ("signature_has_its_signer", "accounts_signature_has_one_actor"):
                by_hand(f"ALTER TABLE accounts_signature DROP CONSTRAINT {rule}")
            by_hand(f"UPDATE accounts_signature SET {column} = {other} WHERE id = %s", signed.pk)
            number = Signature.objects.get(pk=signed.pk).number
            assert f"signature {number} (row {signed.pk})" in rows_named(), column
    assert chain.verify() == []


FACTS = {
    "signature_id": "", "salt": "repeat('e', 64)", "name": "'Somebody'", "email": "'x@y.example'",
    "position": "'Director'", "ip": "'192.0.2.8'", "user_agent": "'other'",
    "keep_until": "keep_until - 1", "erased_at": "now()", "seal": "repeat('f', 64)",
}  # fmt: skip


def test_every_column_of_the_side_row_is_tried():
    assert set(FACTS) == {f.attname for f in SignerFacts._meta.concrete_fields} - {"id"}


def test_one_changed_column_of_the_side_row_is_found(signed):
    facts, last = signed.facts, Signature.objects.last()
    for column, value in FACTS.items():
        with undone():
            if column == "signature_id":
                by_hand("DELETE FROM accounts_signerfacts WHERE signature_id = %s", last.pk)
            by_hand("ALTER TABLE accounts_signerfacts DROP CONSTRAINT erased_facts_are_blank")
            by_hand(
                f"UPDATE accounts_signerfacts SET {column} = {value or last.pk} WHERE id = %s",
                facts.pk,
            )
            named = rows_named()
            assert any(f"facts {facts.pk}" in r or f"row {signed.pk}" in r for r in named), column
    assert chain.verify() == []


TEXT = {
    "body": "body || '.'", "title": "title || '.'", "sha256": "repeat('a', 64)",
    "version": "version || '.'", "effective_on": "effective_on + 1",
    "is_placeholder": "not is_placeholder", "seal": "repeat('a', 64)", "language": "'de'",
    "licence_id": "'other'", "markup": "'markdown'",
}  # fmt: skip


def test_every_column_of_a_text_is_tried():
    assert set(TEXT) == {f.attname for f in LicenceText._meta.concrete_fields} - {"id"}


def test_one_changed_column_of_a_text_is_named(signed):
    for column, value in TEXT.items():
        with undone():
            if column == "licence_id":
                by_hand("INSERT INTO accounts_licence (code, name_fr, name_en, signer, scope, at_joining, "
                        "resign_on_new_version, grace_days, credit, position) SELECT 'other', name_fr, "
                        "name_en, signer, scope, at_joining, resign_on_new_version, grace_days, credit, "
                        "position FROM accounts_licence "
                        "WHERE code = 'open'")  # fmt: skip
            by_hand(
                f"UPDATE accounts_licencetext SET {column} = {value} WHERE id = %s", signed.text_id
            )
            named = rows_named()
            assert any(row.startswith(f"licence text {signed.text_id} ") for row in named), column
    assert chain.verify() == []


def test_a_removed_signature_is_missed_in_the_middle_and_at_the_end(signed):
    last = Signature.objects.last()
    by_hand("DELETE FROM accounts_signerfacts WHERE signature_id = %s", last.pk)
    by_hand("DELETE FROM accounts_signature WHERE id = %s", last.pk)
    assert rows_named() == {"end of the chain"}
    middle, next_one = (Signature.objects.get(number=signed.number - back) for back in (2, 1))
    by_hand("DELETE FROM accounts_signerfacts WHERE signature_id = %s", middle.pk)
    by_hand("DELETE FROM accounts_signature WHERE id = %s", middle.pk)
    assert f"signature {next_one.number} (row {next_one.pk})" in rows_named()


def test_the_command_says_the_chain_holds_or_names_the_row_and_fails(signed):
    out, err = StringIO(), StringIO()
    call_command("check_signatures", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{Signature.objects.count()} signatures, the chain holds.",
        "No head is noted outside yet: `./run manage note_head` notes one.",
    ]
    by_hand("UPDATE accounts_signature SET version = 'z' WHERE id = %s", signed.pk)
    with pytest.raises(CommandError):
        call_command("check_signatures", stdout=out, stderr=err)
    assert f"signature {signed.number} (row {signed.pk}): a column was changed" in err.getvalue()


def test_erased_facts_verify_and_say_when(signed):
    facts = chain.erase_facts(signed)
    assert [facts.name, facts.email, facts.ip, facts.salt] == ["", "", "", ""]
    assert chain.verify() == []
    out = StringIO()
    call_command("check_signatures", stdout=out)
    day = facts.erased_at.strftime("%Y-%m-%d")
    assert f"signature {signed.number}: personal facts erased on {day}" in out.getvalue()
    assert chain.erase_facts(signed).erased_at == facts.erased_at


def test_the_database_refuses_to_rewrite_evidence(signed):
    for change in (
        lambda: Signature.objects.filter(pk=signed.pk).update(version="z"),
        lambda: LicenceText.objects.filter(pk=signed.text_id).update(body="z"),
        lambda: SignerFacts.objects.filter(signature=signed).update(name="z"),
        lambda: SignerFacts.objects.filter(signature=signed).delete(),
    ):
        with pytest.raises(Exception, match=r"Cannot (update|delete)"), transaction.atomic():
            change()
    assert chain.verify() == []


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_follow_one_another(licences, desk):
    laboratory = make.member("laboratory", desk=desk)
    people = [make.attached(f"p{i}@laboratory.example", laboratory) for i in range(6)]
    start = threading.Barrier(len(people))
    before = ChainHead.objects.get().length

    def sign(person) -> None:
        start.wait()
        make.signature(person)
        connection.close()

    threads = [threading.Thread(target=sign, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ChainHead.objects.get().length == before + len(people)
    assert chain.verify() == []


@pytest.mark.django_db(transaction=True)
def test_without_its_lock_the_chain_forks(licences, desk, monkeypatch):
    """The control: the test above can fail."""
    laboratory = make.member("laboratory", desk=desk)
    people = [make.attached(f"p{i}@laboratory.example", laboratory) for i in range(2)]
    read = threading.Barrier(len(people))
    plain, failures = chain.digest_of, []
    monkeypatch.setattr(chain, "lock", lambda: None)

    def paused(row: Signature) -> str:
        read.wait(timeout=10)
        return plain(row)

    def sign(person) -> None:
        try:
            make.signature(person)
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(chain, "digest_of", paused)
    threads = [threading.Thread(target=sign, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The unique number is the last guard: one of the two is refused by the database.
    assert len(failures) == 1

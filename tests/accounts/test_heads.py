"""The head noted outside the database: once a day, and a chain made anew is found by it."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import tasks
from accounts.models import ChainHead, Signature, SignerFacts
from accounts.services.licences import chain, heads
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.HEADS_URL = f"file://{tmp_path}"
    return tmp_path / "heads"


def made_anew() -> None:
    """Rewrite the last signature and all that depends on it, as the owner of the database could."""
    row = Signature.objects.last()
    row.session_mfa = not row.session_mfa
    row.hash = chain.digest_of(row)
    facts = SignerFacts.objects.get(signature=row)
    facts.seal = chain.seal_of(facts, row)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        row.save()
        facts.save()
        cursor.execute("SET LOCAL session_replication_role = origin")
    ChainHead.objects.update(hash=row.hash)


def test_the_head_is_noted_once_a_day_and_the_line_says_when_how_many_and_which(researcher, folder):
    last = make.signature(researcher)
    tasks.note_head()
    (day,) = folder.iterdir()
    at, name, length, digest = day.read_text().split()
    assert (name, int(length), digest) == ("signatures", last.number, last.hash)
    assert day.name == f"{at[:10]}.txt"
    make.signature(researcher, "pleiades", subject="product:1")
    tasks.note_head()
    assert [one.read_text().split()[2] for one in folder.iterdir()] == [length]


def test_a_chain_made_anew_verifies_by_itself_and_is_found_by_the_head_outside(researcher):
    row = make.signature(researcher)
    heads.note()
    out = StringIO()
    call_command("check_signatures", stdout=out)
    assert "It goes through the head noted on " in out.getvalue()
    made_anew()
    assert chain.verify() == []
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("check_signatures", stdout=out, stderr=err)
    assert err.getvalue().startswith(f"signature {row.number}: it is not the one noted on ")


def test_a_store_that_fails_leaves_the_day_to_the_next_try(researcher, folder):
    with (
        mock.patch.object(heads, "_store", side_effect=OSError("away")),
        pytest.raises(OSError, match="away"),
    ):
        tasks.note_head()
    assert not folder.exists()
    tasks.note_head()
    assert len(list(folder.iterdir())) == 1

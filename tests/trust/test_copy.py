"""The copy of one's data: asked for, made by the worker, taken by its person alone, thrown away."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import DataExport, PersonEvent
from accounts.services.people import erasure, exports
from accounts.services.programs import api_keys
from catalogue.models import SavedArea
from dinamis import retention
from dinamis.actors import Actor
from dinamis.errors import Gone, NotAllowed, NotNow
from dinamis.outbox import Promise
from tests import make
from tests.catalogue import shelf
from tests.orders.make import square
from tests.trust.proving import proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(researcher):
    """A copy that is ready."""
    Promise.objects.all().delete()
    export = exports.ask(researcher, by=Actor.of(researcher))
    assert make.keep_promises() == 1
    export.refresh_from_db()
    return export


def content_of(export) -> dict:
    with default_storage.open(export.storage_name) as stored, zipfile.ZipFile(stored) as archive:
        assert archive.namelist() == ["data.json", "LISEZMOI.txt", "README.txt"]
        return json.loads(archive.read("data.json"))


def test_it_holds_what_is_the_persons_and_nothing_that_opens_anything(researcher, other_researcher):
    _key, secret = api_keys.create(
        researcher, name="notebook", scopes=["read"], by=Actor.of(researcher)
    )
    make.signature(researcher)
    SavedArea.objects.create(
        owner=researcher, name="Estuary", geometry=square(4), area_km2=4, is_kept=True
    )
    export = exports.ask(researcher, by=Actor.of(researcher))
    exports.make(export)
    export.refresh_from_db()
    content = content_of(export)
    tables = content["tables"]
    assert content["person"] == {"name": "Researcher", "email": "researcher@laboratory.example"}
    assert [row["full_name"] for row in tables["accounts.User"]] == ["Researcher"]
    assert [row["name"] for row in tables["accounts.ApiKey"]] == ["notebook"]
    assert [row["statement"] for row in tables["accounts.Affiliation"]] == ["To follow the coast."]
    assert [row["ip"] for row in tables["accounts.SignerFacts"]] == ["192.0.2.7"]
    assert tables["catalogue.SavedArea"][0]["geometry"]["type"] == "MultiPolygon"
    text = json.dumps(content)
    for foreign in (secret, researcher.password, other_researcher.email, "Referent of laboratory"):
        assert foreign not in text
    assert "access_key" not in tables["accounts.ApiKey"][0]


def test_who_is_named_in_a_dossier_finds_it_in_the_copy(referent):
    export = exports.ask(referent, by=Actor.of(referent))
    exports.make(export)
    export.refresh_from_db()
    named = content_of(export)["named_in"]
    assert ("membership", "referent") in {(one["in"], one.get("as")) for one in named}


def test_the_mail_carries_no_key_and_its_person_takes_it_after_proving(copy, researcher, as_):
    assert make.keep_promises() == 1
    last = mail.outbox[-1]
    assert (last.to, last.subject) == ([researcher.email], "The copy of your data is ready")
    assert "/account/data/" in last.body
    assert copy.storage_name not in last.body
    assert copy.expires_at - copy.ready_at == timedelta(days=7)
    address = f"/account/data/copies/{copy.pk}/"
    assert "reauthenticate" in as_(researcher).get(address)["Location"]
    answer = proved(as_(researcher)).get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="dinamis-{copy.pk}.zip"'
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(shelf.body(answer))) as archive:
        assert "data.json" in archive.namelist()
    kinds = PersonEvent.objects.filter(user=researcher).values_list("kind", flat=True)
    assert list(kinds) == ["data_asked", "data_taken"]


def test_to_anybody_else_it_does_not_exist(
    copy, other_researcher, referent, desk, administrator, as_
):
    for other in (other_researcher, referent, desk, administrator):
        foreign = proved(as_(other)).get(f"/account/data/copies/{copy.pk}/")
        assert foreign.status_code == 404
        with pytest.raises(NotAllowed):
            exports.take(copy, by=Actor.of(other))
    with pytest.raises(NotAllowed):
        exports.ask(copy.user, by=Actor.of(desk))


def test_asked_again_while_it_is_made_it_is_the_same_one(researcher):
    Promise.objects.all().delete()
    first = exports.ask(researcher, by=Actor.of(researcher))
    assert exports.ask(researcher, by=Actor.of(researcher)) == first
    assert (make.keep_promises(), make.keep_promises(), make.keep_promises()) == (1, 1, 0)
    assert DataExport.objects.count() == 1
    assert [one.subject for one in mail.outbox].count("The copy of your data is ready") == 1


def test_three_a_day_are_the_limit(researcher):
    for _turn in range(3):
        exports.make(exports.ask(researcher, by=Actor.of(researcher)))
    with pytest.raises(NotNow):
        exports.ask(researcher, by=Actor.of(researcher))
    assert DataExport.objects.count() == 3


def test_made_twice_it_is_made_once_and_the_page_offers_it(copy, researcher, as_):
    before = (copy.storage_name, copy.ready_at, Promise.objects.count())
    exports.make(copy)
    copy.refresh_from_db()
    assert (copy.storage_name, copy.ready_at, Promise.objects.count()) == before
    page = as_(researcher).get("/account/data/").content.decode()
    assert f"/account/data/copies/{copy.pk}/" in page
    assert "Ask for a copy" in page
    assert "See what erasing means" in page


def test_a_worker_that_died_half_way_leaves_one_file(researcher, monkeypatch):
    export = exports.ask(researcher, by=Actor.of(researcher))
    with monkeypatch.context() as patch:
        patch.setattr(exports, "_is_ready", lambda waiting, content: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            exports.make(export)
    export.refresh_from_db()
    name = export.storage_name
    assert default_storage.exists(name)
    exports.make(export)
    export.refresh_from_db()
    assert (export.storage_name, bool(export.ready_at)) == (name, True)
    assert default_storage.listdir("exports")[1].count(name.removeprefix("exports/")) == 1


def test_erased_while_it_is_made_it_leaves_no_file(researcher, monkeypatch):
    export = exports.ask(researcher, by=Actor.of(researcher))
    plain = exports.archive_of

    def meanwhile(user):
        content = plain(user)
        erasure.erase(user, by=Actor.of(user))
        return content

    monkeypatch.setattr(exports, "archive_of", meanwhile)
    exports.make(export)
    export.refresh_from_db()
    assert export.ready_at is None
    assert not default_storage.exists(export.storage_name)


def test_after_a_week_it_is_gone_and_the_row_says_it_was_asked_for(copy, researcher, as_):
    name = copy.storage_name
    copy.expires_at = timezone.now() - timedelta(seconds=1)
    copy.save()
    with pytest.raises(Gone):
        exports.take(copy, by=Actor.of(researcher))
    assert proved(as_(researcher)).get(f"/account/data/copies/{copy.pk}/").status_code == 410
    assert retention.apply()["exports"] == 1
    assert not default_storage.exists(name)
    copy.refresh_from_db()
    assert (copy.storage_name, copy.user) == ("", researcher)
    assert retention.apply()["exports"] == 0

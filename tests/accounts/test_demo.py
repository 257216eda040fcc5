"""The demonstration's people: made through the services, once, and only where DEMO is on."""

import json
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from accounts import demo, policies, reference
from accounts.models import Affiliation, Licence, Membership, Organisation, User
from accounts.services import directory
from accounts.services.licences import chain, licences
from accounts.services.people import erasure
from dinamis.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings):
    settings.DEMO = True
    assert demo.load() is True


def test_it_holds_what_the_first_visit_needs(loaded):
    people = {role: User.objects.get(email=email) for role, (email, _n) in demo.PEOPLE.items()}
    assert Organisation.objects.members().count() == 2
    assert licences.has_signed(people["researcher"], "spot67")
    assert not licences.has_signed(people["newcomer"], "spot67")
    assert policies.is_desk(people["desk"])
    assert policies.is_quota_administrator(people["quota_administrator"])
    assert policies.is_administrator(people["administrator"])
    first, second = (
        policies.current_affiliation(people[r]) for r in ("researcher", "other_researcher")
    )
    assert first.organisation != second.organisation
    assert policies.is_referent_of(people["referent"], first.organisation)
    assert Membership.objects.for_desk().count() == 1
    assert Affiliation.objects.requested().filter(organisation=first.organisation).count() == 2
    assert chain.verify() == []


def test_a_body_of_the_directory_is_found_by_typing(loaded):
    found = directory.find("estuaires")
    assert [(one.name, one.short_name) for one in found] == [
        ("Unité mixte de recherche Estuaires et vasières", "UMR Estuaires")
    ]


def test_loading_again_changes_nothing(loaded):
    before = (User.objects.count(), Membership.objects.count(), Affiliation.objects.count())
    assert demo.load() is False
    assert (User.objects.count(), Membership.objects.count(), Affiliation.objects.count()) == before


def test_loading_again_leaves_what_was_done_with_it_and_brings_officers_back(loaded):
    people = {role: User.objects.get(email=email) for role, (email, _n) in demo.PEOPLE.items()}
    gone = people["researcher"]
    erasure.erase(gone, by=Actor.of(gone))
    second = people["second_officer"]
    EmailAddress.objects.filter(user=second).delete()
    User.objects.filter(pk=second.pk).update(email="elsewhere@dinamis.example")
    assert demo.load() is False
    assert not User.objects.filter(email=demo.PEOPLE["researcher"][0]).exists()
    back = User.objects.get(email=demo.PEOPLE["second_officer"][0])
    assert policies.is_desk(back)


def test_the_logins_are_printed_and_open_the_door(loaded):
    out = StringIO()
    call_command("demo_logins", "--json", stdout=out)
    logins = json.loads(out.getvalue())
    roles = {login["role"] for login in logins}
    assert roles >= {"researcher", "other_researcher", "referent", "desk", "quota_administrator"}
    for login in logins[:2]:
        browser = Client()
        sent = {"login": login["email"], "password": login["password"]}
        browser.post("/accounts/login/", sent)
        assert browser.get("/account/").status_code == 200
    call_command("demo_logins", stdout=out)
    assert "lou.mascaret@ecologie-littorale.example" in out.getvalue()


@override_settings(DEMO=False)
def test_nothing_of_it_exists_where_demo_is_off():
    with pytest.raises(ImproperlyConfigured):
        demo.load()
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo_logins", stdout=StringIO())
    assert User.objects.count() == 0


def test_the_reference_is_loaded_once_and_keeps_what_was_changed(db):
    reference.load()
    Licence.objects.filter(code="pleiades").update(scope="user")
    assert reference.load() == 0
    assert Licence.objects.get(code="pleiades").scope == "user"

"""The admin: the same door as everybody's, reference data only, no history rewritten."""

import pytest
from django.contrib import admin
from django.utils import timezone

from accounts.models import Adviser, Duty, LicenceText, OpinionRule, Signature
from accounts.services.people import duties
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from tests import make

pytestmark = pytest.mark.django_db


def test_strangers_are_sent_to_the_one_log_in(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize("who", ["desk", "researcher", "referent", "quota_administrator"])
def test_only_administrators_enter(who, request, as_):
    answer = as_(request.getfixturevalue(who)).get("/admin/", follow=True)
    assert answer.status_code == 403


def test_every_page_of_the_admin_opens(administrator, researcher, as_):
    make.signature(researcher)
    make.keep_promises()
    browser = as_(administrator)
    for model, page in admin.site._registry.items():
        if model._meta.app_label != "accounts":
            continue
        base = f"/admin/accounts/{model._meta.model_name}/"
        assert browser.get(base).status_code == 200, base
        row = model.objects.first()
        if row is not None:
            assert browser.get(f"{base}{row.pk}/change/").status_code == 200, base
        adds = page.has_add_permission(browser.get(base).wsgi_request)
        assert browser.get(f"{base}add/").status_code == (200 if adds else 403), base


def test_a_text_is_not_written_here_where_nobody_else_would_approve_it(
    administrator, licences, as_
):
    before = LicenceText.objects.count()
    answer = as_(administrator).post("/admin/accounts/licencetext/add/", {"version": "2026"})
    assert answer.status_code == 403
    assert LicenceText.objects.count() == before


def test_an_administrator_sets_an_advisers_address_and_the_days_of_a_rule(
    administrator, licences, as_
):
    browser = as_(administrator)
    said = {"name": "CNES", "email": "opinions@cnes.example", "language": "fr"}
    assert browser.post("/admin/accounts/adviser/cnes/change/", said).status_code == 302
    assert Adviser.objects.get(code="cnes").email == "opinions@cnes.example"
    ended = {"category": "private_rd", "adviser": "airbus", "effective_on": timezone.localdate()}
    assert browser.post("/admin/accounts/opinionrule/add/", ended).status_code == 302
    assert OpinionRule.objects.needed_of("private_rd") == frozenset()


def test_history_is_read_only(administrator, researcher, as_):
    signature = make.signature(researcher)
    browser = as_(administrator)
    page = f"/admin/accounts/signature/{signature.pk}/"
    assert browser.post(f"{page}change/", {"version": "z"}).status_code == 403
    assert browser.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert Signature.objects.get(pk=signature.pk).version == signature.version


def test_duties_are_given_by_administrators_alone(administrator, researcher, desk, as_):
    as_(administrator).post("/admin/accounts/duty/add/", {"user": researcher.pk, "kind": "desk"})
    assert Duty.objects.current().filter(user=researcher, kind="desk").exists()
    with pytest.raises(NotAllowed):
        duties.appoint(researcher, kind="administrator", by=Actor.of(desk))
    assert duties.relieve(researcher, kind="desk", by=Actor.of(administrator)) == 1
    assert not researcher.has_duty("desk")
    assert Duty.objects.filter(user=researcher).count() == 1

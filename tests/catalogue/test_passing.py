"""A product passed on: who may, what the receiver signs, what ends it, what two at once do."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Affiliation, LicenceAnswer, MailedLink, Signature
from accounts.services.licences import chain, licences
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import mergers
from catalogue.models import Passing, PassingEvent
from catalogue.services import passing, products
from catalogue.services.passing import Handing
from catalogue.states import LIFE
from dinamis import trail
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from dinamis.trail import Asked, Scope
from tests import make
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db

HARBOUR = Handing(
    "public_actor", "The harbour", "Ines", "ines@harbour.example", "en", "To see the quays."
)


def contractor(days: int, reference: str = "M-2026-14") -> Handing:
    last = timezone.localdate() + timedelta(days=days)
    return replace(HARBOUR, receiver="contractor", order_reference=reference, ends_on=last)


@pytest.fixture
def image(request):
    request.getfixturevalue("licences")
    return shelf.product()


@pytest.fixture
def giver(researcher, image):
    """A member's person who has signed for the image."""
    return shelf.signed(researcher, image)


@pytest.fixture
def given(giver, image):
    return passing.hand(image, HARBOUR, by=Actor.of(giver))


def link_of(row: Passing) -> MailedLink:
    return MailedLink.objects.filter(purpose=passing.PURPOSE, subject_key=str(row.pk)).first()


def signed(row: Passing) -> Passing:
    shown = licences.text_in_force("pleiades", "en").sha256
    return passing.sign(link_of(row), shown, circumstances=Circumstances(ip="192.0.2.9"))


def test_the_receiver_signs_by_the_link_and_both_are_told(giver, image, given, client):
    make.keep_promises()
    assert mail.outbox[-1].to == ["ines@harbour.example"]
    mail.outbox.clear()
    address = reverse("receive", args=[make.token(link_of(given))])
    page = client.get(address)
    assert "To see the quays." in page.content.decode()
    assert client.post(address, {}).status_code == 422
    sent = {"accept": "on", "shown": page.context["text"].sha256}
    assert client.post(address, sent).status_code == 200
    given.refresh_from_db()
    evidence = given.signature
    assert (given.state, given.turn) == ("signed", "")
    assert (evidence.capacity, evidence.subject) == ("receiver", image.licence_subject)
    assert (evidence.facts.name, evidence.facts.position) == ("Ines", "The harbour")
    assert chain.verify() == []
    make.keep_promises()
    sent_to = {message.to[0]: message.subject for message in mail.outbox}
    assert sent_to == {
        "ines@harbour.example": f"Receipt of your signature, number {evidence.number}",
        giver.email: "Ines has signed: you may hand the image over",
    }
    assert client.post(address, sent).status_code == 410
    assert Signature.objects.filter(capacity="receiver").count() == 1


def test_who_has_not_signed_passes_nothing_on(other_researcher, image):
    with pytest.raises(NotNow, match="licence_not_signed"):
        passing.hand(image, HARBOUR, by=Actor.of(other_researcher))
    assert (Passing.objects.count(), MailedLink.objects.filter(purpose="receive").count()) == (0, 0)


def test_what_the_licence_or_the_order_does_not_allow_is_refused(giver, image):
    refused = {
        "not_to_be_passed_on": [
            replace(HARBOUR, receiver=one) for one in ("foreign_partner", "public", "organisation")
        ],
        "public_order_missing": [
            contractor(9, ""), replace(HARBOUR, receiver="contractor", order_reference="M"),
        ],
        "public_order_over": [contractor(-1)],
    }  # fmt: skip
    for code, handings in refused.items():
        for handing in handings:
            with pytest.raises(Invalid, match=code):
                passing.hand(image, handing, by=Actor.of(giver))
    assert Passing.objects.count() == 0
    assert passing.hand(image, contractor(0), by=Actor.of(giver)).state == "asked"


def test_the_answers_are_rows_that_an_administrator_changes(giver, image):
    LicenceAnswer.objects.filter(licence="pleiades", receiver="public_actor").update(verdict="no")
    with pytest.raises(Invalid, match="not_to_be_passed_on"):
        passing.hand(image, HARBOUR, by=Actor.of(giver))


def test_a_person_is_asked_once_and_nobody_asks_without_end(giver, image, given, monkeypatch):
    again = replace(HARBOUR, email="Ines@Harbour.example")
    with pytest.raises(NotNow, match="already_passed_on"):
        passing.hand(image, again, by=Actor.of(giver))
    monkeypatch.setattr(passing, "A_DAY", 1)
    with pytest.raises(NotNow, match="too_many_passed_on"):
        passing.hand(image, replace(HARBOUR, email="o@harbour.example"), by=Actor.of(giver))
    assert [(e.step, e.target) for e in PassingEvent.objects.all()] == [("ask", "asked")]


def test_what_is_revoked_is_told_and_its_link_stops(giver, given):
    token = make.token(link_of(given))
    with pytest.raises(Invalid, match="reason_missing"):
        passing.revoke(given, reason=" ", by=Actor.of(giver))
    passing.revoke(given, reason="Sent to the wrong person.", by=Actor.of(giver))
    mail.outbox.clear()
    make.keep_promises()
    (told,) = [one for one in mail.outbox if one.to == ["ines@harbour.example"]]
    assert told.subject == "Please delete the image you received from The laboratory"
    assert "Sent to the wrong person." in told.body
    with pytest.raises(Gone, match="link_gone"):
        passing.links.find(token, passing.PURPOSE)
    with pytest.raises(NotNow, match="not_in_this_state"):
        signed(given)
    # The person may be asked anew.
    assert passing.hand(given.product, HARBOUR, by=Actor.of(giver)).state == "asked"


def test_others_neither_see_nor_revoke_it(given, other_researcher, desk, as_):
    there = reverse("passed_on_revoke", args=[given.pk])
    assert as_(other_researcher).post(there, {"reason": "Mine."}).status_code == 404
    with pytest.raises(NotAllowed, match="not_yours_to_do"):
        passing.revoke(given, reason="Mine.", by=Actor.of(other_researcher))
    given.refresh_from_db()
    assert given.state == "asked"
    assert list(Passing.objects.visible_to(desk)) == [given]


def test_it_ends_on_the_day_after_the_public_order(giver, image):
    row = signed(passing.hand(image, contractor(0), by=Actor.of(giver)))
    assert passing.end_overdue() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    Passing.objects.filter(pk=row.pk).update(ends_on=yesterday)
    assert (passing.end_overdue(), passing.end_overdue()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.signature is not None) == ("ended", True)
    assert row.events.last().by_part == "clock"


def test_what_is_withdrawn_is_not_signed(given, desk):
    products.withdraw(given.product, reason="Wrong.", by=Actor.of(desk))
    with pytest.raises(Gone, match="product_withdrawn"):
        signed(given)
    assert not Signature.objects.filter(capacity="receiver").exists()


def test_who_leaves_hands_nothing_over_any_more_but_what_is_signed_stays(giver, image, given):
    kept = signed(given)
    other = passing.hand(image, replace(HARBOUR, email="o@harbour.example"), by=Actor.of(giver))
    shelf.leave(giver)
    other.refresh_from_db()
    kept.refresh_from_db()
    assert (other.state, kept.state) == ("revoked", "signed")
    assert other.events.last().reason == "Researcher has left The laboratory."


def test_what_was_passed_on_follows_a_merger(given, desk, other_researcher):
    park = Affiliation.objects.get(user=other_researcher).organisation
    mergers.merge(given.organisation, into=park, reason="Decree.", by=Actor.of(desk))
    given.refresh_from_db()
    assert given.organisation == park


def taken(row: Passing, name: str, giver) -> Passing:
    """One step of the table, by whom it belongs to."""
    if name == "sign":
        return signed(row)
    if name == "revoke":
        return passing.revoke(row, reason="Because.", by=Actor.of(giver))
    passing._end(row.pk)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(("state", "name", "following"), list(LIFE.pairs()))
def test_two_following_steps(giver, given, state, name, following):
    assert given.state == state
    row = taken(taken(given, name, giver), following, giver)
    assert row.state == LIFE.steps[following].target


def test_the_pages_ask_list_and_revoke(giver, image, as_):
    browser, there = as_(giver), reverse("pass_on", args=[image.pk])
    assert there in browser.get(image.get_absolute_url()).content.decode()
    assert b"a contractor" in browser.get(there).content
    sent = {name: getattr(HARBOUR, name) or "" for name in Handing.__slots__}
    assert browser.post(there, sent | {"receiver": "public"}).status_code == 422
    assert browser.post(there, sent | {"receiver": "contractor"}).status_code == 422
    assert browser.post(there, sent).status_code == 302
    row = Passing.objects.get()
    assert "The harbour" in browser.get(reverse("passed_on")).content.decode()
    revoke = reverse("passed_on_revoke", args=[row.pk])
    assert browser.post(revoke, {"reason": "Wrong person."}).status_code == 302
    assert browser.post(revoke, {"reason": "Again."}).status_code == 409


def at_once(row: Passing, *acts) -> list[str]:
    """Acts begun together; what each of those that happened found before it, in order."""
    start = threading.Barrier(len(acts))

    def take(act) -> None:
        start.wait(timeout=10)
        # One of them may come too late: what stands in the history counts.
        with suppress(NotNow, Gone):
            act()
        connection.close()

    threads = [threading.Thread(target=take, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [event.source for event in row.events.exclude(step="ask")]


@pytest.fixture
def contested(request, desk):
    """A product that is being passed on, and its giver, for two transactions."""
    request.getfixturevalue("licences")
    person = make.attached("p@laboratory.example", make.member("laboratory", desk=desk))
    image = shelf.product()
    return passing.hand(image, HARBOUR, by=Actor.of(shelf.signed(person, image))), person


def revoked(row: Passing, person) -> Passing:
    return passing.revoke(row, reason="Stop.", by=Actor.of(person))


@pytest.mark.django_db(transaction=True)
def test_a_signature_and_a_revocation_at_once_follow_one_another(contested):
    row, person = contested
    found = at_once(row, lambda: signed(row), lambda: revoked(row, person))
    assert found in (["asked", "signed"], ["asked"])
    row.refresh_from_db()
    assert row.state == "revoked"


@pytest.mark.django_db(transaction=True)
def test_of_two_revocations_at_once_one_happens(contested):
    row, person = contested
    assert at_once(row, *[lambda: revoked(row, person)] * 2) == ["asked"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_happen(contested, monkeypatch):
    """The control: the test above can fail."""
    row, person = contested
    read = threading.Barrier(2)

    def unlocked(pk: int) -> Passing:
        found = Passing.objects.select_related("product__licence", "organisation").get(pk=pk)
        read.wait(timeout=10)
        return found

    monkeypatch.setattr(passing, "_locked", unlocked)
    assert at_once(row, *[lambda: revoked(row, person)] * 2) == ["asked", "asked"]


def trails(scope: Scope) -> list[tuple[str, str]]:
    found = trail.lines(scope, Asked(what="passing"))
    return [(line.who, line.text) for line in reversed(found)]


def test_each_step_stands_in_the_trail_of_the_organisation_of_the_giver_and_of_the_desk(
    giver, image, given, laboratory, park, referent, desk, as_, other_referent
):
    signed(given)
    passing.revoke(given, reason="The study is over.", by=Actor.of(referent))
    over = passing.hand(image, contractor(0), by=Actor.of(giver))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert passing.end_overdue() == 1
        what = f"{image.title} → Ines, The harbour"
        expected = [
            ("Researcher", f"{what}: passed on, waiting for the receiver's signature"),
            ("Ines", f"{what}: signed by the receiver"),
            ("Referent of laboratory", f"{what}: taken back — The study is over."),
            ("Researcher", f"{what}: passed on, waiting for the receiver's signature"),
            ("DINAMIS, by itself", f"{what}: ended with the public order"),
        ]
        assert trails(Scope(organisation=laboratory)) == expected
        assert trails(Scope(person=giver)) == expected
        assert trails(Scope(person=referent)) == [expected[2]]
        assert trails(Scope(organisation=park)) == trails(Scope(person=desk)) == []
        pages = {
            referent: ("/organisation/trail/?what=passing", True),
            desk: (f"/desk/trail/organisations/{laboratory.pk}/?what=passing", True),
            other_referent: ("/organisation/trail/?what=passing", False),
        }
        for reader, (page, shown) in pages.items():
            assert ("The study is over." in as_(reader).get(page).content.decode()) == shown
        assert set(PassingEvent.objects.values_list("step", flat=True)) == {"ask", *LIFE.steps}
    assert [one.step for one in over.events.all()] == ["ask", "end"]

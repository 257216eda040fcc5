"""A person asks to be attached, is accepted or refused, leaves: who may, and what stops with it."""

import pytest
from django.core import mail

from accounts import policies
from accounts.models import Affiliation, AffiliationEvent, ApiKey
from accounts.services.membership import memberships
from accounts.services.people import affiliations, referents
from accounts.services.programs import api_keys
from accounts.states.affiliation import State
from dinamis import events
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(stranger, laboratory):
    return make.request(stranger, laboratory)


@pytest.fixture
def told(monkeypatch):
    """The events told to the rooms above, by name."""
    seen = []
    for name in (name for name in events.EVENTS if name.startswith("affiliation.")):
        handler = lambda name=name, **facts: seen.append((name, facts["affiliation"].pk))  # noqa: E731
        monkeypatch.setitem(events._handlers, name, [handler])
    return seen


def test_a_request_sends_one_mail_to_the_referent(asked, referent):
    make.keep_promises()
    subject = "Your turn: Stranger asks to be attached to The laboratory"
    assert [m.to for m in mail.outbox if m.subject == subject] == [[referent.email]]


def test_an_accepted_person_acts_for_the_organisation(asked, referent, stranger, told):
    accepted = affiliations.accept(asked, by=Actor.of(referent))
    assert (accepted.state, accepted.is_current, accepted.is_referent) == (
        State.ACTIVE,
        True,
        False,
    )
    assert policies.current_affiliation(stranger) == accepted
    assert told == [("affiliation.activated", accepted.pk)]
    make.keep_promises()
    assert mail.outbox[-1].subject == "You are attached to The laboratory"


def test_a_refused_person_receives_the_reason(asked, referent, stranger):
    affiliations.refuse(asked, reason="We do not know you.", by=Actor.of(referent))
    make.keep_promises()
    assert mail.outbox[-1].to == [stranger.email]
    assert "We do not know you." in mail.outbox[-1].body
    assert policies.current_affiliation(stranger) is None


def test_a_refusal_without_a_reason_changes_nothing(asked, referent):
    with pytest.raises(Invalid, match="reason_missing"):
        affiliations.refuse(asked, reason="  ", by=Actor.of(referent))
    asked.refresh_from_db()
    assert (asked.state, asked.events.count()) == (State.REQUESTED, 1)


def test_nobody_asks_twice(asked, stranger, laboratory):
    with pytest.raises(NotNow, match="already_asked"):
        make.request(stranger, laboratory)
    assert Affiliation.objects.filter(user=stranger).count() == 1


def test_a_refused_person_may_ask_again(asked, referent, stranger, laboratory):
    affiliations.refuse(asked, reason="Not yet.", by=Actor.of(referent))
    assert make.request(stranger, laboratory).state == State.REQUESTED


def test_an_unproved_address_cannot_ask(laboratory):
    with pytest.raises(NotAllowed, match="address_not_proved"):
        make.request(make.person("new@laboratory.example", proved=False), laboratory)


def test_a_body_that_is_no_member_cannot_be_asked(stranger, licences):
    with pytest.raises(NotNow, match="not_a_member"):
        make.request(stranger, make.membership().organisation)


def test_a_first_affiliation_is_current_and_a_second_is_not(researcher, park, other_referent):
    second = affiliations.accept(make.request(researcher, park), by=Actor.of(other_referent))
    assert not second.is_current
    affiliations.make_current(second, by=Actor.of(researcher))
    assert policies.current_affiliation(researcher) == second
    assert Affiliation.objects.filter(user=researcher, is_current=True).count() == 1


def test_leaving_stops_rights_keys_and_tells_the_rooms_above(researcher, told):
    affiliation = policies.current_affiliation(researcher)
    key, secret = api_keys.create(
        researcher, name="laptop", scopes=["read"], by=Actor.of(researcher)
    )
    affiliations.leave(affiliation, by=Actor.of(researcher))
    assert policies.current_affiliation(researcher) is None
    assert api_keys.find(key.access_key, secret) is None
    assert told == [("affiliation.ended", affiliation.pk)]


def test_after_one_ends_another_becomes_current(researcher, referent, park, other_referent):
    first = policies.current_affiliation(researcher)
    second = affiliations.accept(make.request(researcher, park), by=Actor.of(other_referent))
    affiliations.end(first, reason="Left the laboratory.", by=Actor.of(referent))
    assert policies.current_affiliation(researcher) == second


def test_a_suspended_person_neither_acts_nor_is_referent(researcher, referent, told):
    affiliation = policies.current_affiliation(researcher)
    affiliations.suspend(affiliation, reason="On leave.", by=Actor.of(referent))
    assert policies.current_affiliation(researcher) is None
    resumed = affiliations.resume(affiliation, by=Actor.of(referent))
    assert policies.current_affiliation(researcher) == resumed
    assert told == [(f"affiliation.{what}", resumed.pk) for what in ("suspended", "resumed")]


def test_rights_stop_with_the_membership(researcher, referent, laboratory, desk):
    membership = laboratory.memberships.get()
    memberships.take(membership, "suspend", reason="Charter broken.", by=Actor.of(desk))
    assert policies.current_affiliation(researcher) is None
    assert not policies.is_referent_of(referent, laboratory)
    memberships.take(membership, "resume", by=Actor.of(desk))
    assert policies.is_referent_of(referent, laboratory)


# Row 44: what a referent might try.


def test_a_referent_decides_nothing_in_another_organisation(asked, other_referent):
    for act in (affiliations.accept, affiliations.refuse):
        words = {"reason": "x"} if act is affiliations.refuse else {}
        with pytest.raises(NotAllowed):
            act(asked, by=Actor.of(other_referent), **words)
    asked.refresh_from_db()
    assert asked.state == State.REQUESTED


def test_nobody_accepts_their_own_request(asked, stranger, desk, laboratory):
    with pytest.raises(NotAllowed):
        affiliations.accept(asked, by=Actor.of(stranger))
    own = make.request(desk, laboratory)
    with pytest.raises(NotAllowed):
        affiliations.accept(own, by=Actor.of(desk))
    assert {asked.state, own.state} == {State.REQUESTED}


def test_a_referent_does_not_decide_on_themselves(referent):
    own = policies.current_affiliation(referent)
    with pytest.raises((NotAllowed, NotNow)):
        affiliations.end(own, reason="x", by=Actor.of(referent))
    with pytest.raises((NotAllowed, NotNow)):
        affiliations.suspend(own, reason="x", by=Actor.of(referent))
    own.refresh_from_db()
    assert (own.state, own.is_referent) == (State.ACTIVE, True)


def test_a_plain_person_decides_nothing(asked, researcher):
    with pytest.raises(NotAllowed):
        affiliations.accept(asked, by=Actor.of(researcher))


def test_a_referent_names_no_referent(researcher, referent):
    affiliation = policies.current_affiliation(researcher)
    with pytest.raises(NotAllowed, match="desk_only"):
        affiliations.make_referent(affiliation, by=Actor.of(referent))
    affiliation.refresh_from_db()
    assert not affiliation.is_referent


def test_the_last_referent_stays_until_another_is_named(researcher, referent, desk):
    own = policies.current_affiliation(referent)
    with pytest.raises(NotNow, match="last_referent"):
        affiliations.leave(own, by=Actor.of(referent))
    with pytest.raises(NotNow, match="last_referent"):
        affiliations.unmake_referent(own, by=Actor.of(desk))
    affiliations.make_referent(policies.current_affiliation(researcher), by=Actor.of(desk))
    affiliations.leave(own, by=Actor.of(referent))
    own.refresh_from_db()
    assert (own.state, own.is_referent) == (State.ENDED, False)


def test_a_former_referent_decides_nothing(asked, researcher, referent, desk):
    affiliations.make_referent(policies.current_affiliation(researcher), by=Actor.of(desk))
    affiliations.leave(policies.current_affiliation(referent), by=Actor.of(referent))
    with pytest.raises(NotAllowed):
        affiliations.accept(asked, by=Actor.of(referent))


def test_a_referent_whose_account_is_closed_decides_nothing(asked, referent):
    referent.is_active = False
    referent.save()
    with pytest.raises(NotAllowed):
        affiliations.accept(asked, by=Actor.of(referent))


def test_several_are_accepted_at_once_or_none(asked, other_referent, referent, park, laboratory):
    second = make.request(make.person("second@laboratory.example"), laboratory)
    foreign = make.request(make.person("third@park.example"), park)
    with pytest.raises(NotAllowed):
        affiliations.accept_many([asked, second, foreign], by=Actor.of(referent))
    assert Affiliation.objects.requested().count() == 3
    affiliations.accept_many([asked, second], by=Actor.of(referent))
    assert list(Affiliation.objects.requested()) == [foreign]


def test_a_founding_referent_who_left_is_not_brought_back(referent, researcher, desk):
    affiliations.make_referent(policies.current_affiliation(researcher), by=Actor.of(desk))
    affiliations.leave(policies.current_affiliation(referent), by=Actor.of(referent))
    assert referents.welcome(referent) == 0
    assert policies.current_affiliation(referent) is None


def test_history_can_only_grow(asked):
    with pytest.raises(Exception, match="Cannot update or delete"):
        AffiliationEvent.objects.filter(affiliation=asked).update(reason="rewritten")


def test_no_right_stands_without_a_membership(researcher, laboratory, desk):
    api_keys.create(researcher, name="laptop", scopes=["read"], by=Actor.of(researcher))
    affiliations.end(policies.current_affiliation(researcher), reason="Left.", by=Actor.of(desk))
    living = ApiKey.objects.usable().exclude(user__in=Affiliation.objects.in_force().values("user"))
    assert not living.exists()

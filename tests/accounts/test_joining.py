"""An organisation joins, step by step; each step's mail, and what each refuses."""

import pytest
from django.core import mail

from accounts.models import Affiliation, MailedLink, Membership, Signature
from accounts.services.membership import memberships, opinions
from accounts.states.membership import LIFE, State
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _licences(licences):
    pass


def test_a_proposal_waits_for_its_referent_and_mails_a_link():
    made = make.membership(until="awaiting_referent")
    assert (made.state, made.turn) == (State.AWAITING_REFERENT, "referent")
    assert make.keep_promises() == 1
    assert [m.to for m in mail.outbox] == [["referent@laboratory.example"]]
    assert mail.outbox[0].subject == (
        "Your turn: confirm your address, so that The laboratory can join DINAMIS"
    )


def test_a_proved_address_sends_the_link_to_the_legal_representative():
    made = make.membership(until="awaiting_legal")
    assert made.referent_proved_at == made.state_since
    make.keep_promises()
    assert mail.outbox[-1].to == ["legal@laboratory.example"]
    assert mail.outbox[-1].subject == "Your turn: accept the membership of The laboratory"


def test_an_acceptance_signs_every_text_and_reaches_the_desk():
    made = make.membership()
    assert made.state == State.UNDER_REVIEW
    signed = Signature.objects.filter(membership=made).values_list("licence_code", "capacity")
    assert list(signed) == [
        ("charter", "legal_representative"),
        ("spot67", "legal_representative"),
        ("pleiades", "legal_representative"),
    ]
    assert make.keep_promises() == 4
    assert sorted(m.to[0] for m in mail.outbox)[0].startswith("desk@")


def test_an_acceptance_without_one_text_is_refused_and_signs_nothing():
    made = make.membership(until="awaiting_legal")
    texts = memberships.licences.texts_at_joining("en", made.organisation)[:2]
    with pytest.raises(Invalid) as refused:
        memberships.accept(
            made,
            accepted=[(text, text.sha256) for text in texts],
            circumstances=memberships.Circumstances(),
            by=make.through(made, "accept"),
        )
    assert refused.value.details == {"missing": ["pleiades"]}
    made.refresh_from_db()
    assert (made.state, Signature.objects.count()) == (State.AWAITING_LEGAL, 0)


def test_a_text_that_changed_under_the_readers_eyes_is_not_signed():
    made = make.membership(until="awaiting_legal")
    texts = [
        (text, "0" * 64) for text in memberships.licences.texts_at_joining("en", made.organisation)
    ]
    with pytest.raises(NotNow, match="text_changed"):
        memberships.accept(
            made,
            accepted=texts,
            circumstances=memberships.Circumstances(),
            by=make.through(made, "accept"),
        )
    made.refresh_from_db()
    assert made.state == State.AWAITING_LEGAL
    assert make.through(made, "accept").link.used_at is None


def test_a_second_acceptance_is_refused_and_changes_nothing():
    made = make.membership(until="awaiting_legal")
    by = make.through(made, "accept")
    make.accept(made)
    with pytest.raises(NotNow, match="not_in_this_state"):
        memberships.accept(made, accepted=[], circumstances=memberships.Circumstances(), by=by)
    assert Signature.objects.count() == 3


def test_the_desk_approves_and_the_membership_takes_effect(desk):
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    assert (made.state, made.organisation.is_member) == (State.ACTIVE, True)
    assert made.certificate_number.startswith(f"{made.reference}-")
    assert made.organisation.admitted_at == made.activated_at


def test_a_referent_with_an_account_is_attached_on_approval(desk):
    user = make.person("referent@laboratory.example")
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    affiliation = Affiliation.objects.get(user=user)
    assert (affiliation.organisation, affiliation.is_referent, affiliation.is_current) == (
        made.organisation,
        True,
        True,
    )


def test_an_address_outside_the_domains_needs_a_note_before_approval(desk):
    made = make.membership(legal_email="boss@ministry.example")
    with pytest.raises(NotNow, match="legal_address_unverified"):
        memberships.approve(made, by=Actor.of(desk))
    made.refresh_from_db()
    assert made.state == State.UNDER_REVIEW
    how = "Called the switchboard of the ministry."
    approved = memberships.approve(made, legal_verified_how=how, by=Actor.of(desk))
    assert (approved.state, approved.legal_verified_how) == (State.ACTIVE, how)


def test_a_foreign_body_needs_opinions(desk, advisers, park):
    by = Actor.of(desk)
    made = make.membership(country="BE", category="european_scientist", french_member=park)
    with pytest.raises(NotNow, match="opinion_missing") as refused:
        memberships.approve(made, by=by)
    assert refused.value.details["opinions"] == ["airbus", "cnes"]
    made = make.answer_all(opinions.ask(made, by=by))
    assert memberships.approve(made, by=by).state == State.ACTIVE


def test_the_desk_sends_back_and_everything_is_confirmed_again(desk):
    made = make.membership()
    made = memberships.send_back(made, reason="The SIRET is missing.", by=Actor.of(desk))
    assert (made.state, made.legal_accepted_at) == (State.SENT_BACK, None)
    make.keep_promises()
    assert "The SIRET is missing." in mail.outbox[-1].body
    corrected = make.proposal(siret="35600000000048", legal_email="new@laboratory.example")
    made = memberships.correct(made, corrected, by=make.through(made, "correct"))
    assert (made.state, made.organisation.siret) == (State.AWAITING_LEGAL, "35600000000048")
    assert make.through(made, "accept").link.email == "new@laboratory.example"


def test_the_legal_representative_sends_back_without_signing():
    made = make.membership(until="awaiting_legal")
    by = make.through(made, "accept")
    made = memberships.object_to(made, reason="I am no longer the director.", by=by)
    assert (made.state, Signature.objects.count()) == (State.SENT_BACK, 0)
    by.link.refresh_from_db()
    assert by.link.used_at is not None


def test_a_correction_cannot_change_the_proved_address(desk):
    made = memberships.send_back(make.membership(), reason="Check.", by=Actor.of(desk))
    other = make.proposal(referent_email="other@laboratory.example")
    with pytest.raises(Invalid, match="referent_changed"):
        memberships.correct(made, other, by=make.through(made, "correct"))
    made.refresh_from_db()
    assert made.state == State.SENT_BACK


def test_a_reason_is_asked_for_a_refusal_and_goes_out_by_mail(desk):
    made = make.membership()
    with pytest.raises(Invalid, match="reason_missing"):
        memberships.take(made, "refuse", by=Actor.of(desk))
    memberships.take(made, "refuse", reason="Commercial use.", by=Actor.of(desk))
    make.keep_promises()
    told = [m for m in mail.outbox if m.subject == "The membership of The laboratory is refused"]
    assert {m.to[0] for m in told} == {"referent@laboratory.example", "legal@laboratory.example"}
    assert all("Commercial use." in m.body for m in told)


def test_the_links_person_cannot_take_the_desks_steps():
    made = make.membership()
    with pytest.raises(NotAllowed):
        memberships.take(made, "refuse", reason="x", by=make.through(made, "accept"))


def test_the_link_of_one_membership_does_nothing_to_another():
    mine = make.membership(until="awaiting_legal")
    other = make.membership("park", until="awaiting_referent")
    with pytest.raises(NotAllowed):
        memberships.prove(other, by=make.through(mine, "prove"))
    other.refresh_from_db()
    assert other.state == State.AWAITING_REFERENT


def test_a_used_link_cannot_act_again():
    made = make.membership(until="awaiting_referent")
    by = make.through(made, "prove")
    memberships.prove(made, by=by)
    Membership.objects.filter(pk=made.pk).update(state=State.AWAITING_REFERENT)
    with pytest.raises(Gone):
        memberships.prove(made, by=by)


def test_an_overdue_dossier_lapses_and_frees_its_name(desk):
    made = make.membership(until="awaiting_legal")
    Membership.objects.filter(pk=made.pk).update(due_at="2020-01-01T00:00Z")
    assert memberships.lapse_overdue() == 1
    made.refresh_from_db()
    assert made.state == State.EXPIRED
    assert make.membership(until="awaiting_legal").organisation.name == "The laboratory"


def test_a_second_proposal_of_a_member_is_refused_with_its_name(laboratory):
    with pytest.raises(Invalid, match="already a member") as refused:
        make.membership()
    assert refused.value.details == {"field": "name"}


def test_an_unproved_proposal_keeps_nobody_out():
    make.membership(until="awaiting_referent", ror="02feahw73")
    made = make.membership(until="awaiting_legal", ror="02feahw73")
    assert made.state == State.AWAITING_LEGAL
    with pytest.raises(Invalid, match="under way"):
        make.membership(until="awaiting_legal", ror="02feahw73")


def test_two_proposals_cannot_both_be_admitted_with_one_identifier(desk):
    first = make.membership(until="awaiting_referent", ror="02feahw73")
    second = make.membership(ror="02feahw73")
    memberships.approve(second, by=Actor.of(desk))
    memberships.prove(first, by=make.through(first, "prove"))
    make.accept(first)
    with pytest.raises(NotNow, match="identifier_taken"):
        memberships.approve(first, by=Actor.of(desk))
    first.organisation.refresh_from_db()
    assert first.organisation.admitted_at is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"legal_email": "referent@laboratory.example"}, "legal_email"),
        ({"referent_email": "somebody@elsewhere.example"}, "referent_email"),
        ({"domains": ("gmail.com",), "referent_email": "a@gmail.com"}, "domains"),
        ({"category": "european_scientist"}, "category"),
        ({"country": "BE"}, "category"),
    ],
)
def test_what_stands_against_a_proposal_is_said_of_its_field(facts, field):
    with pytest.raises(Invalid) as refused:
        make.membership(**facts)
    assert refused.value.details["field"] == field
    assert Membership.objects.count() == 0


def test_references_follow_one_another():
    made = [make.membership(name, until="awaiting_referent") for name in ("one", "two", "three")]
    assert [m.reference[-4:] for m in made] == ["0001", "0002", "0003"]


def test_every_state_says_whose_turn_and_open_ones_have_an_end():
    made = make.membership(until="awaiting_referent")
    assert made.due_at > made.state_since
    assert set(LIFE.turns) == set(State)
    assert MailedLink.objects.get().expires_at < made.due_at


def test_the_form_does_not_serve_to_flood_an_address():
    for number in range(memberships.PROPOSALS_A_DAY):
        make.propose(f"The laboratory {number}")
    with pytest.raises(NotNow, match="too_many_proposals"):
        make.propose("The laboratory again")
    assert Membership.objects.count() == memberships.PROPOSALS_A_DAY


def test_the_mail_to_the_desk_is_in_the_desks_language():
    make.membership()
    make.keep_promises()
    to_desk = next(m for m in mail.outbox if m.to[0].startswith("desk@"))
    to_referent = next(m for m in mail.outbox if "reviews" in m.subject)
    assert to_desk.extra_headers["Content-Language"] == "fr"
    assert to_referent.extra_headers["Content-Language"] == "en"

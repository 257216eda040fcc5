"""A referent invites: judged, mailed, accepted with or without an account, and stopped."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import policies
from accounts.models import Affiliation, Invitation, MailedLink, User
from accounts.services.people import affiliations, invitations
from accounts.services.people.invitations import Asked
from accounts.states.invitation import State
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow, TooLarge
from tests import make

pytestmark = pytest.mark.django_db
NEW = "newcomer@laboratory.example"


def invite(organisation, by, email=NEW, **facts) -> Invitation:
    asked = Asked(email, "Newcomer", "Engineer")
    [made] = invitations.send(organisation, [asked], language="en", by=Actor.of(by), **facts)
    return made


def link_of(invitation: Invitation) -> MailedLink:
    return MailedLink.objects.filter(subject_key=invitation.pk).first()


def mailed_path(email: str) -> str:
    make.keep_promises()
    body = [one for one in mail.outbox if one.to == [email]][-1].body
    return re.search(r"https?://[^/]+(/invitation/\S+)", body)[1]


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def test_somebody_without_an_account_opens_one_and_is_attached_at_once(laboratory, referent):
    made = invite(laboratory, referent)
    path = mailed_path(NEW)
    browser = visitor()
    assert browser.get(path).status_code == 200
    assert browser.head(path).status_code == 200
    assert made.state == State.SENT
    assert browser.post(path, {"full_name": "New", "password": "short"}).status_code == 422
    assert not User.objects.filter(email=NEW).exists()
    answer = browser.post(path, {"full_name": "New Comer", "password": "a very long password"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    person = User.objects.get(email=NEW)
    assert person.check_password("a very long password")
    assert EmailAddress.objects.get(user=person).verified
    own = policies.current_affiliation(person)
    assert (own.organisation, own.position) == (laboratory, "Engineer")
    accepted = own.events.get(step="accept")
    assert accepted.by_user == referent
    made.refresh_from_db()
    assert (made.state, made.affiliation) == (State.ACCEPTED, own)
    assert browser.post(path, {"full_name": "x", "password": "a very long one"}).status_code == 410
    assert Affiliation.objects.filter(user=person).count() == 1


def test_somebody_with_an_account_accepts_with_one_button(laboratory, referent, stranger):
    made = invite(laboratory, referent, stranger.email, outside_too=True)
    answer = visitor().post(mailed_path(stranger.email))
    assert answer.status_code == 302
    assert policies.current_affiliation(stranger) == Invitation.objects.get(pk=made.pk).affiliation


def test_an_account_opened_beforehand_at_an_address_never_proved_keeps_no_password(
    laboratory, referent
):
    """Whoever opened it cannot enter by it once the invited person has accepted."""
    squatter = make.person(NEW, proved=False)
    invite(laboratory, referent)
    path, browser = mailed_path(NEW), visitor()
    assert browser.post(path).status_code == 422
    squatter.refresh_from_db()
    assert squatter.check_password(make.PASSWORD)
    browser.post(path, {"full_name": "New Comer", "password": "a very long password"})
    squatter.refresh_from_db()
    assert squatter.check_password("a very long password")
    assert squatter.full_name == "New Comer"
    assert policies.current_affiliation(squatter).organisation == laboratory


def test_a_request_that_waited_is_accepted_by_the_invitation(laboratory, referent, stranger):
    asked = make.request(stranger, laboratory)
    made = invite(laboratory, referent, stranger.email, outside_too=True)
    invitations.accept(link_of(made))
    asked.refresh_from_db()
    assert asked.state == "active"
    assert Affiliation.objects.filter(user=stranger).count() == 1


def test_an_invited_address_goes_to_its_own_account_whoever_is_signed_in(
    laboratory, referent, stranger, other_researcher, as_
):
    invite(laboratory, referent, stranger.email, outside_too=True)
    as_(other_researcher).post(mailed_path(stranger.email))
    assert policies.current_affiliation(stranger).organisation == laboratory
    assert not Affiliation.objects.filter(user=other_researcher, organisation=laboratory).exists()


def test_a_person_signed_in_proves_a_second_address_by_the_link(
    laboratory, referent, stranger, as_
):
    invite(laboratory, referent)
    as_(stranger).post(mailed_path(NEW))
    assert EmailAddress.objects.get(user=stranger, email=NEW).verified
    assert policies.current_affiliation(stranger).organisation == laboratory
    assert not User.objects.filter(email=NEW).exists()


def test_a_referent_cannot_invite_themselves(laboratory, referent, as_):
    invite(laboratory, referent)
    answer = as_(referent).post(mailed_path(NEW))
    assert answer.status_code in (403, 409)
    assert Affiliation.objects.filter(user=referent, organisation=laboratory).count() == 1
    assert Invitation.objects.get().state == State.SENT


def test_nobody_invites_for_another_organisation(laboratory, other_referent, researcher, desk):
    for person in (other_referent, researcher):
        with pytest.raises(NotAllowed, match="referent_only"):
            invite(laboratory, person)
    assert Invitation.objects.count() == 0
    assert invite(laboratory, desk).by_user == desk


def test_what_a_list_says_of_each_line_and_what_becomes_of_it(
    laboratory, referent, researcher, as_
):
    invite(laboratory, referent, "waiting@laboratory.example")
    lines = "\n".join(
        [
            "E-mail;Name;Position;Until",
            "one@laboratory.example;One;Engineer;",
            f"{researcher.email};Researcher;Engineer;",
            "waiting@laboratory.example;Waiting;Engineer;",
            "two@elsewhere.example;Two;Engineer;",
            "one@laboratory.example;One again;Engineer;",
            "not an address;Three;Engineer;",
            "four@laboratory.example;Four;Doctorante;",
            "five@laboratory.example;Five;Doctorante;30/09/2028",
            "six@laboratory.example;Six;Engineer;one day",
        ]
    )
    browser = as_(referent)
    sent = {"lines": lines, "language": "en"}
    page = browser.post("/organisation/invitations/list/", sent | {"check": "1"})
    judged = page.context["judged"]
    assert [number for number, _one in judged] == [2, 3, 4, 5, 6, 7, 9, 1, 8]  # to correct first
    verdicts = [str(one.verdict) for _number, one in sorted(judged, key=lambda one: one[0])]
    assert verdicts == [
        "ok", "attached", "invited", "outside", "repeated", "malformed", "malformed", "ok",
        "malformed",
    ]  # fmt: skip
    assert Invitation.objects.count() == 1
    page = browser.post("/organisation/invitations/list/", sent | {"send": "1"})
    assert Invitation.objects.count() == 3
    kept = page.context["kept"].splitlines()
    assert [line.partition(";")[0] for line in kept] == [
        researcher.email,
        "waiting@laboratory.example",
        "two@elsewhere.example",
        "one@laboratory.example",
        "not an address",
        "four@laboratory.example",
        "six@laboratory.example",
    ]
    assert Invitation.objects.get(email="five@laboratory.example").ends_on.year == 2028
    again = sent | {"lines": page.context["kept"], "send": "1", "outside_too": "on"}
    browser.post("/organisation/invitations/list/", again)
    assert Invitation.objects.filter(email="two@elsewhere.example").exists()
    make.keep_promises()
    assert len({m.to[0] for m in mail.outbox if "invites you" in m.subject}) == 4


def test_two_hundred_lines_are_the_most():
    assert len(invitations.read("a@b.example\n" * 200)) == 200
    with pytest.raises(TooLarge, match="too_many_lines"):
        invitations.read("a@b.example\n" * 201)
    assert invitations.read("\ufeff\n ; \n") == []


def test_the_answer_is_the_same_for_an_address_with_an_account_and_without(
    laboratory, referent, stranger, as_
):
    """The page says nothing of accounts elsewhere, and the mail is the same."""
    browser = as_(referent)
    answers, mails = [], []
    for email in (stranger.email, "nobody@elsewhere.example"):
        sent = {"email": email, "position": "Guest", "language": "en", "outside_too": "on"}
        answers.append(browser.post("/organisation/invitations/", sent))
        shown = browser.get("/organisation/invitations/").content.decode()
        assert f"The invitation to {email} is on its way." in shown
        make.keep_promises()
        body = [one.body for one in mail.outbox if one.to == [email]][-1]
        mails.append(re.sub(r"/invitation/\S+", "", body.replace(email, "")))
    assert {(one.status_code, one["Location"]) for one in answers} == {
        (302, f"/organisation/invitations/?of={laboratory.pk}")
    }
    assert mails[0] == mails[1]


def test_a_withdrawn_invitation_opens_nothing_and_a_new_link_stops_the_old(laboratory, referent):
    made = invite(laboratory, referent)
    first = mailed_path(NEW)
    invitations.resend(made, by=Actor.of(referent))
    second = mailed_path(NEW)
    assert first != second
    assert visitor().get(first).status_code == 410
    invitations.withdraw(made, by=Actor.of(referent))
    assert visitor().get(second).status_code == 410
    with pytest.raises(NotNow, match="not_in_this_state"):
        invitations.resend(made, by=Actor.of(referent))


def test_nobody_is_flooded_with_links(laboratory, referent):
    made = invite(laboratory, referent)
    for _again in range(2):
        invitations.resend(made, by=Actor.of(referent))
    with pytest.raises(NotNow, match="too_many_links"):
        invitations.resend(made, by=Actor.of(referent))


def test_an_invitation_lapses_and_may_be_sent_again(laboratory, referent):
    made = invite(laboratory, referent)
    Invitation.objects.update(due_at=made.made_at)
    assert (invitations.expire_overdue(), invitations.expire_overdue()) == (1, 0)
    with pytest.raises(NotNow, match="invitation_over"):
        invitations.accept(link_of(made))
    assert invitations.resend(made, by=Actor.of(referent)).state == State.SENT


def test_what_a_referent_offered_ends_with_the_referent(laboratory, referent, researcher, desk):
    made = invite(laboratory, referent)
    affiliations.make_referent(policies.current_affiliation(researcher), by=Actor.of(desk))
    own = policies.current_affiliation(referent)
    affiliations.suspend(own, reason="Away.", by=Actor.of(desk))
    with pytest.raises(NotAllowed, match="inviter_may_no_longer"):
        invitations.accept(link_of(made), full_name="New", password="a very long password")
    affiliations.resume(own, by=Actor.of(desk))
    affiliations.end(own, reason="Left.", by=Actor.of(desk))
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    assert not User.objects.filter(email=NEW).exists()


def test_a_link_acts_once(laboratory, referent):
    made = invite(laboratory, referent)
    link = link_of(made)
    invitations.accept(link, full_name="New", password="a very long password")
    with pytest.raises((Gone, NotNow)):
        invitations.accept(link, full_name="New", password="a very long password")
    assert User.objects.filter(email=NEW).count() == 1


def test_one_line_that_cannot_be_invited_says_why(laboratory, referent, researcher):
    with pytest.raises(Invalid, match="invitation_attached"):
        invite(laboratory, referent, researcher.email)
    with pytest.raises(Invalid, match="invitation_outside"):
        invite(laboratory, referent, "x@elsewhere.example")
    assert Invitation.objects.count() == 0

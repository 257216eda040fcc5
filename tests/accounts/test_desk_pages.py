"""The desk's memberships and the referent's screen, in a browser."""

import pytest
from django.core import mail

from accounts.models import Affiliation, Event, Membership
from accounts.services.membership import evidence, memberships
from accounts.services.people import affiliations
from dinamis.actors import Actor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(licences):
    return make.membership()


def test_the_queue_shows_what_waits_and_suggests(waiting, desk, as_):
    page = as_(desk).get("/desk/memberships/").content.decode()
    assert "The laboratory" in page
    assert evidence.advice(waiting).step == "look"
    make.membership("other", until="awaiting_legal")
    assert "The other" not in as_(desk).get("/desk/memberships/").content.decode()
    assert "The other" in as_(desk).get("/desk/memberships/?view=others").content.decode()
    assert as_(desk).get("/desk/memberships/?view=nothing").status_code == 404


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({"rnsr": "200412238P"}, "approve"),
        ({}, "look"),
        ({"rnsr": "200412238P", "legal_email": "x@ministry.example"}, "look"),
        ({"category": "private_rd"}, "ask_opinions"),
    ],
)
def test_the_advice_follows_the_facts(licences, facts, step):
    assert evidence.advice(make.membership(**facts)).step == step


def test_a_file_opens_beside_the_queue_with_its_evidence_and_buttons(waiting, desk, as_):
    page = as_(desk).get(f"/desk/memberships/{waiting.reference}/").content.decode()
    assert "Charter and licences accepted on" in page
    assert f"/desk/memberships/{waiting.reference}/approve/" in page
    assert f"/desk/memberships/{waiting.reference}/suspend/" not in page


def test_the_desk_approves_in_one_click(waiting, desk, as_):
    answer = as_(desk).post(f"/desk/memberships/{waiting.reference}/approve/")
    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "active"
    again = as_(desk).post(f"/desk/memberships/{waiting.reference}/approve/")
    assert again.status_code == 409


def test_a_refusal_without_reason_is_said_and_changes_nothing(waiting, desk, as_):
    browser = as_(desk)
    answer = browser.post(f"/desk/memberships/{waiting.reference}/refuse/")
    assert answer.status_code == 422
    waiting.refresh_from_db()
    assert waiting.state == "under_review"
    browser.post(f"/desk/memberships/{waiting.reference}/refuse/", {"reason": "Commercial."})
    waiting.refresh_from_db()
    assert waiting.state == "refused"


@pytest.mark.parametrize("step", ["prove", "accept", "object", "correct", "lapse", "nothing"])
def test_the_desk_takes_no_step_that_is_not_its_own(waiting, desk, as_, step):
    answer = as_(desk).post(f"/desk/memberships/{waiting.reference}/{step}/", {"reason": "x"})
    assert answer.status_code in (403, 404, 409)
    waiting.refresh_from_db()
    assert waiting.state == "under_review"


def test_a_foreign_file_is_denied_to_others_and_written_down(waiting, stranger, as_, client):
    url = f"/desk/memberships/{waiting.reference}/"
    assert as_(stranger).get(url).status_code == 403
    assert as_(stranger).post(f"{url}approve/").status_code == 403
    assert client.get(url).status_code == 302
    codes = list(Event.objects.filter(user=stranger).values_list("code", flat=True))
    assert codes == ["desk_only", "desk_only"]


@pytest.mark.usefixtures("typeset")
def test_the_desk_reads_a_certificate(laboratory, desk, as_, referent):
    membership = Membership.objects.get()
    url = f"/desk/memberships/{membership.reference}/certificate.pdf"
    assert as_(desk).get(url).status_code == 404
    make.keep_promises()
    assert as_(desk).get(url).content.startswith(b"%PDF")
    assert as_(referent).get(url).status_code == 403


def test_the_referent_sees_requests_with_evidence(laboratory, referent, as_):
    make.request(make.person("colleague@laboratory.example"), laboratory)
    make.request(make.person("somebody@elsewhere.example"), laboratory)
    page = as_(referent).get("/organisation/").content.decode()
    assert "2 decisions wait for you" in page
    assert "Address of the organisation, proved" in page
    assert "Address outside the organisation&#x27;s domains" in page
    assert "Same address domain as 1 active account" in page


def test_the_referent_accepts_refuses_and_accepts_several(laboratory, referent, as_):
    people = [make.person(f"p{i}@laboratory.example") for i in range(4)]
    asked = [make.request(person, laboratory) for person in people]
    browser = as_(referent)
    browser.post(f"/organisation/affiliations/{asked[0].pk}/accept/")
    answer = browser.post(f"/organisation/affiliations/{asked[1].pk}/refuse/")
    assert answer.status_code == 422
    browser.post(f"/organisation/affiliations/{asked[1].pk}/refuse/", {"reason": "Unknown."})
    browser.post("/organisation/accept/", {"affiliation": [asked[2].pk, asked[3].pk]})
    states = [Affiliation.objects.get(pk=row.pk).state for row in asked]
    assert states == ["active", "refused", "active", "active"]


def test_a_get_never_decides(laboratory, referent, as_):
    asked = make.request(make.person("colleague@laboratory.example"), laboratory)
    assert as_(referent).get(f"/organisation/affiliations/{asked.pk}/accept/").status_code == 405
    assert as_(referent).get("/organisation/accept/").status_code == 405
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_a_foreign_request_is_not_found_and_ones_own_is_not_ones_to_decide(
    laboratory, other_referent, researcher, as_
):
    asked = make.request(make.person("colleague@laboratory.example"), laboratory)
    url = f"/organisation/affiliations/{asked.pk}/accept/"
    assert as_(other_referent).post(url).status_code == 404
    assert as_(researcher).post(url).status_code == 404
    assert as_(asked.user).post(url).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_bulk_acceptance_skips_what_one_may_not_see(laboratory, other_referent, as_):
    asked = make.request(make.person("colleague@laboratory.example"), laboratory)
    as_(other_referent).post("/organisation/accept/", {"affiliation": [asked.pk]})
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_the_screen_of_a_person_who_leads_nothing(researcher, as_):
    assert as_(researcher).get("/organisation/").status_code == 403


def test_a_referent_of_a_suspended_member_leads_nothing(referent, laboratory, desk, as_):
    memberships.take(laboratory.memberships.get(), "suspend", reason="x", by=Actor.of(desk))
    assert as_(referent).get("/organisation/").status_code == 403


def test_the_desk_names_referents_and_keeps_one(researcher, referent, laboratory, desk, as_):
    membership = Membership.objects.get()
    rows = {user: user.affiliations.get() for user in (researcher, referent)}
    url = f"/desk/memberships/{membership.reference}/referents/"
    browser = as_(desk)
    assert browser.post(f"{url}{rows[referent].pk}/", {"end": "1"}).status_code == 409
    assert browser.post(f"{url}{rows[researcher].pk}/").status_code == 302
    assert browser.post(f"{url}{rows[referent].pk}/", {"end": "1"}).status_code == 302
    led = Affiliation.objects.filter(organisation=laboratory, is_referent=True)
    assert [row.user for row in led] == [researcher]
    make.keep_promises()
    told = {m.subject: m.to for m in mail.outbox}
    assert told["You are a referent of The laboratory"] == [researcher.email]
    assert told["You are no longer a referent of The laboratory"] == [referent.email]


def test_a_referent_names_nobody_by_the_desks_address(researcher, referent, laboratory, as_):
    membership = Membership.objects.get()
    url = f"/desk/memberships/{membership.reference}/referents/{researcher.affiliations.get().pk}/"
    assert as_(referent).post(url).status_code == 403
    assert not researcher.affiliations.get().is_referent


def test_a_referent_of_two_chooses_one_and_sees_no_third(referent, park, laboratory, desk, as_):
    second = affiliations.accept(make.request(referent, park), by=Actor.of(desk))
    affiliations.make_referent(second, by=Actor.of(desk))
    browser = as_(referent)
    page = browser.get("/organisation/", {"of": park.pk}).content.decode()
    assert "The park" in page
    assert f'href="/organisation/?of={park.pk}" aria-current="page"' in page
    school = make.member("school", desk=desk)
    assert browser.get("/organisation/", {"of": school.pk}).status_code == 404

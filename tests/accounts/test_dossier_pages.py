"""The pages of a dossier in a browser, without JavaScript: nothing happens on opening, a POST acts once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Membership
from accounts.services.membership import appeals, dossier_reminders, memberships, opinions
from accounts.services.people import duties
from accounts.states.membership import State
from dinamis.actors import Actor
from tests import make
from tests.accounts.test_join_pages import FILLED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _licences(licences):
    pass


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def address(by: Actor, page: str) -> str:
    return f"/join/{page}/{make.token(by.link)}/"


def test_the_form_asks_what_the_chosen_category_needs_and_forgets_the_rest(english, park):
    sent = FILLED | {
        "category": "contractor", "country": "", "order_reference": "2026-114",
        "order_ends_on": str(timezone.localdate() + timedelta(days=40)), "order_body": "the park",
        "mission": "Left from another category.", "partner_name": "Left too.",
    }  # fmt: skip
    page = english.get("/join/").content.decode()
    assert 'class="only-for for-contractor"' in page
    assert '<option value="The park">' in page
    assert english.post("/join/", sent).status_code == 302
    made = Membership.objects.get(referent_email="referent@laboratory.example")
    assert (made.order_body, made.mission, made.partner_name) == (park, "", "")
    assert made.organisation.country == "FR"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"order_body": "nobody"}, "order_body", "No member is called"),
        ({"order_body": "The p"}, "order_body", "Several members match"),
        ({"order_body": ""}, "order_body", "Name the public body"),
        ({"order_ends_on": "soon"}, "order_ends_on", "valid date"),
        ({"category": "european_scientist", "country": ""}, "country", "Choose the country"),
        (
            {"category": "european_scientist", "country": "PT"},
            "french_member",
            "Name the French member",
        ),
    ],
)
def test_a_mistake_in_what_is_asked_is_said_beside_it(
    english, desk, park, changed, field, sentence
):
    make.member("port", desk=desk, category="public_body")
    asked = {"category": "contractor", "country": "", "order_reference": "1",
             "order_ends_on": "2099-01-01", "order_body": "The park"}  # fmt: skip
    page = english.post("/join/", FILLED | asked | changed)
    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors[field])


def test_a_form_is_kept_taken_up_again_and_sent(english):
    begun = {"name": "The laboratory", "referent_name": "Referent", "save": "1",
             "referent_email": "Referent@laboratory.example", "sector": "coast"}  # fmt: skip
    assert english.post("/join/", begun, follow=True).redirect_chain == [("/join/kept/", 302)]
    make.keep_promises()
    url = re.search(r"http://[^/]+(/join/draft/[^\s>]+)", mail.outbox[-1].body)[1]
    for _time in range(2):
        page = english.get(url).content.decode()
    assert 'value="The laboratory"' in page
    assert english.post(url, FILLED | {"save": "1", "short_name": "LBX"}).status_code == 302
    assert 'value="LBX"' in english.get(url).content.decode()
    made = Membership.objects.get()
    assert made.state == State.DRAFT
    assert english.post(url, FILLED).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.organisation.rnsr) == (State.AWAITING_LEGAL, "200412238P")
    assert english.get(url).status_code == 410


def test_a_form_without_an_address_is_not_kept(english):
    page = english.post("/join/", {"save": "1", "name": "The laboratory"})
    assert (page.status_code, Membership.objects.count()) == (422, 0)
    assert "required" in " ".join(page.context["form"].errors["referent_email"])


@pytest.fixture
def asked(desk, advisers):
    return opinions.ask(make.membership(category="private_rd"), by=Actor.of(desk))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_an_advisers_link_gives_no_opinion(client, asked, method):
    url = address(make.advising(asked.opinions.get()), "opinion")
    for _time in range(3):
        assert getattr(client, method)(url).status_code == 200
    assert asked.opinions.get().state == "asked"


def test_an_adviser_answers_on_one_page_once_and_sees_what_was_said(english, asked):
    url = address(make.advising(asked.opinions.get()), "opinion")
    assert english.post(url, {"answer": "oppose", "words": " "}).status_code == 422
    answer = english.post(url, {"answer": "reserve", "words": "For one year."}, follow=True)
    assert "Your opinion: Favourable with reservations." in answer.content.decode()
    again = english.post(url, {"answer": "favour"})
    assert again.status_code == 410
    assert "See where it stands" in again.content.decode()
    assert asked.opinions.get().state == "reserved"


def test_everyone_concerned_sees_where_it_stands_and_nobody_the_words_of_an_adviser(
    english, asked, desk, as_
):
    opinion = asked.opinions.get()
    opinions.answer(opinion, "oppose", words="A secret of ours.", by=make.advising(opinion))
    pages = [
        english.get(f"/join/follow/{make.token(make.through(asked, purpose).link)}/")
        for purpose in ("prove", "accept")
    ]
    for page in pages:
        text = page.content.decode()
        assert "The DINAMIS desk" in text
        assert "Unfavourable" in text
        assert "A secret of ours." not in text
    file = as_(desk).get(f"/desk/memberships/{asked.reference}/").content.decode()
    assert "A secret of ours." in file


def test_a_person_who_is_named_no_longer_sees_nothing(english):
    made = make.membership(until="awaiting_legal")
    url = f"/join/follow/{make.token(make.through(made, 'accept').link)}/"
    assert english.get(url).status_code == 200
    Membership.objects.filter(pk=made.pk).update(legal_email="new@laboratory.example")
    assert english.get(url).status_code == 404


def test_a_refusal_is_answered_from_the_mail(english, desk):
    made = memberships.take(make.membership(), "refuse", reason="Not so.", by=Actor.of(desk))
    url = address(make.through(made, "appeal"), "appeal")
    assert "Not so." in english.get(url).content.decode()
    assert english.post(url, {"reason": ""}).status_code == 422
    assert english.post(url, {"reason": "It is."}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.APPEALED


def test_the_officer_who_refused_has_no_button_for_the_appeal(desk, as_):
    made = memberships.take(make.membership(), "refuse", reason="Not so.", by=Actor.of(desk))
    appeals.appeal(made, reason="It is.", by=make.through(made, "appeal"))
    other = make.second_factor(make.person("second@dinamis.example"))
    duties.appoint(other, kind="desk", by=make.SYSTEM)
    url = f"/desk/memberships/{made.reference}/"
    assert f"{url}grant/" not in as_(desk).get(url).content.decode()
    assert f"{url}grant/" in as_(other).get(url).content.decode()
    assert as_(desk).post(f"{url}grant/", {"reason": "Fine."}).status_code == 403
    as_(other).post(f"{url}grant/", {"reason": "Fine."})
    made.refresh_from_db()
    assert made.state == State.UNDER_REVIEW


def test_the_desk_asks_and_notes_an_opinion_from_its_file(desk, advisers, as_):
    made = make.membership(category="private_rd")
    url = f"/desk/memberships/{made.reference}/"
    page = as_(desk).get(url).content.decode()
    assert (f"{url}ask_opinions/" in page, f"{url}approve/" in page) == (True, False)
    as_(desk).post(f"{url}ask_opinions/")
    opinion = made.opinions.get()
    noted = {"answer": "favour", "words": "By telephone."}
    assert as_(desk).post(f"{url}opinions/{opinion.pk}/", noted).status_code == 302
    assert f"{url}approve/" in as_(desk).get(url).content.decode()


def test_a_renewal_is_one_page_by_link_or_in_the_account(english, laboratory, referent, desk, as_):
    made = Membership.objects.get(organisation=laboratory)
    soon = timezone.localdate() + timedelta(days=20)
    Membership.objects.filter(pk=made.pk).update(ends_on=soon)
    assert "The laboratory" in as_(desk).get("/desk/memberships/?view=renewals").content.decode()
    dossier_reminders.send_due()
    url = address(make.through(made, "renew"), "renew")
    assert english.get(url).status_code == 200
    assert english.post(url, {}).status_code == 422
    mine = f"/account/dossiers/{made.reference}/"
    assert "Renew the membership" in as_(referent).get(mine).content.decode()
    assert english.post(url, {"facts": "on"}).status_code == 302
    made.refresh_from_db()
    assert (made.ends_on, made.events.last().step) == (None, "renew")
    assert as_(referent).post(f"{mine}renew/", {"facts": "on"}).status_code == 409


def test_the_desk_opens_a_form_that_is_not_sent_yet(desk, as_):
    made = make.draft()
    page = as_(desk).get(f"/desk/memberships/{made.reference}/")
    assert (page.status_code, list(page.context["steps"])) == (200, [])
    memberships.take(made, "lapse", by=make.SYSTEM)
    assert as_(desk).get(f"/desk/memberships/{made.reference}/").status_code == 200

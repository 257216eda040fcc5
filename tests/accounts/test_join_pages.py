"""Joining in a browser, without JavaScript: what is typed is kept, links act on POST alone, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Event, MailedLink, Membership, Organisation, Signature
from accounts.services.membership import join_links, memberships
from accounts.states.membership import State
from dinamis import formats
from tests import make

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "The laboratory", "short_name": "LAB", "category": "research", "country": "FR",
    "siret": "", "rnsr": "200412238p", "ror": "", "sector": "coast",
    "domains": "Laboratory.example\n@other.example", "referent_name": "Referent",
    "referent_email": "Referent@laboratory.example", "legal_name": "Legal",
    "legal_position": "Director", "legal_email": "legal@laboratory.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _licences(licences):
    pass


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def link_in_last_mail() -> str:
    """The path that the last mail carries."""
    make.keep_promises()
    return re.search(r"http://[^/]+(/join/[^\s>]+)", mail.outbox[-1].body)[1]


def link(made: Membership, purpose: str, page: str) -> str:
    return f"/join/{page}/{make.token(make.through(made, purpose).link)}/"


def acceptance() -> dict[str, str]:
    ticked = {"facts": "on"}
    body = Organisation(category="research", country="FR")
    for text in make.licences.texts_at_joining("en", body):
        ticked |= {f"accept_{text.licence_id}": "on", f"shown_{text.licence_id}": text.sha256}
    return ticked


@pytest.mark.parametrize(
    ("kept", "state", "page"),
    [
        (False, "awaiting_referent", "proved"),
        (False, "awaiting_legal", "legal"),
        (True, "draft", "draft"),
    ],
)
def test_the_mail_and_every_page_tell_the_same_last_day(english, kept, state, page):
    sent = english.post("/join/", FILLED | ({"save": "1"} if kept else {}), follow=True)
    made = Membership.objects.get()
    if state == "awaiting_legal":
        sent = english.post(link_in_last_mail(), follow=True)
        made.refresh_from_db()
    assert made.state == state
    opened = english.get(link_in_last_mail())
    assert opened.resolver_match.url_name == f"join_{page}"
    told = mail.outbox[-1].body
    assert f"Your turn, until {formats.instant(made.due_at)}." in told
    assert "after that its page sends you a new one" in re.sub(r"\s+", " ", told)
    until = re.compile(rf"[Uu]ntil {re.escape(formats.day(made.due_at))}")
    for shown in (sent, opened):
        assert until.search(shown.content.decode()), shown.request["PATH_INFO"]


def test_the_whole_way_from_the_form_to_the_desk(english):
    assert english.get("/join/").status_code == 200
    sent = english.post("/join/", FILLED, follow=True)
    assert sent.redirect_chain == [("/join/sent/", 302)]
    assert "referent@laboratory.example" in sent.content.decode()
    made = Membership.objects.get()
    assert made.organisation.rnsr == "200412238P"
    domains = [d.domain for d in made.organisation.domains.all()]
    assert domains == ["laboratory.example", "other.example"]
    prove = link_in_last_mail()
    assert english.get(prove).status_code == 200
    assert english.post(prove, follow=True).redirect_chain == [("/join/done/", 302)]
    accept = link_in_last_mail()
    page = english.get(accept).content.decode()
    assert "DINAMIS charter (placeholder)" in page
    assert "Placeholder, not the real text" in page
    english.post(accept, acceptance())
    made.refresh_from_db()
    assert made.state == State.UNDER_REVIEW
    facts = Signature.objects.first().facts
    assert (facts.name, facts.email, facts.ip) == ("Legal", "legal@laboratory.example", "127.0.0.1")


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"siret": "73282932000075"}, "siret", "mistyped digit"),
        ({"rnsr": "200412238Q"}, "rnsr", "its letter does not hold"),
        ({"ror": "02feahw74"}, "ror", "check digits do not hold"),
        ({"domains": "not a domain"}, "domains", "is not a domain name"),
        ({"domains": "gmail.com"}, "domains", "open to anybody"),
        ({"referent_email": "x@elsewhere.example"}, "referent_email", "one of the domains"),
        ({"legal_email": "referent@laboratory.example"}, "legal_email", "different addresses"),
        ({"country": "DE"}, "category", "established in France"),
        ({"name": ""}, "name", "required"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    english, changed, field, sentence
):
    page = english.post("/join/", FILLED | changed)
    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors[field])
    kept = {name: value for name, value in (FILLED | changed).items() if value}
    form = page.context["form"]
    assert {name: form[name].value() for name in kept} == kept
    html = page.content.decode()
    assert all(f'value="{kept[name]}"' in html for name in ("short_name", "legal_name"))
    assert Membership.objects.count() == 0


def test_what_cannot_be_read_hides_no_rule_about_the_rest(english, laboratory):
    """All that can be told is told at the first send."""
    Organisation.objects.filter(pk=laboratory.pk).update(siret="73282932000074")
    wrong = {
        "name": laboratory.name,
        "siret": "732 829 320 00074",
        "rnsr": "200412238Q",  # its letter does not hold
        "ror": "",
        "legal_email": "referent@laboratory.example",
        "legal_position": "",
    }
    errors = english.post("/join/", FILLED | wrong).context["form"].errors
    assert sorted(errors) == ["legal_email", "legal_position", "name", "rnsr", "siret"]
    assert "already a member" in errors["siret"][0]
    assert "already a member" in errors["name"][0]
    assert "different addresses" in errors["legal_email"][0]
    assert Membership.objects.filter(state=State.AWAITING_REFERENT).count() == 0


@pytest.mark.parametrize(
    "without", ["name", "category", "domains", "referent_email", "legal_email"]
)
def test_nothing_is_said_of_what_hangs_on_a_field_that_cannot_be_read(english, without):
    unreadable = {"domains": "not a domain", "category": "nonsense"}.get(without, "")
    errors = english.post("/join/", FILLED | {without: unreadable}).context["form"].errors
    assert list(errors) == [without]


def test_of_a_co_operation_each_fault_is_told_and_none_guessed(english):
    asked = {"category": "foreign_scientist", "country": "", "french_member": "Nobody at all"}
    errors = english.post("/join/", FILLED | asked).context["form"].errors
    assert {"country", "french_member"} <= set(errors)
    assert "partner_name" not in errors


def test_a_form_that_is_refused_for_now_keeps_what_was_typed(english):
    for number in range(memberships.PROPOSALS_A_DAY):
        make.propose(f"The laboratory {number}")
    page = english.post("/join/", FILLED)
    assert (page.status_code, page.context["form"]["name"].value()) == (409, FILLED["name"])
    assert "Open the mails already sent to it." in page.content.decode()


def test_a_member_is_found_before_the_form_is_filled(english, laboratory):
    for words in ("labo", "LABORATORY.EXAMPLE", "@laboratory"):
        assert "The laboratory" in english.get("/join/", {"q": words}).content.decode()
    assert "No organisation matches" in english.get("/join/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("until", "purpose", "page"),
    [("awaiting_referent", "prove", "proved"), ("awaiting_legal", "accept", "legal")],
)
def test_a_scanner_that_opens_a_link_changes_nothing(client, method, until, purpose, page):
    made = make.membership(until=until)
    url = link(made, purpose, page)
    for _time in range(3):
        assert getattr(client, method)(url).status_code == 200
    made.refresh_from_db()
    opened = MailedLink.objects.filter(purpose=purpose).first()
    assert (made.state, opened.used_at, Signature.objects.count()) == (until, None, 0)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_a_link_answers_no_other_method(client, method):
    made = make.membership(until="awaiting_legal")
    assert getattr(client, method)(link(made, "accept", "legal")).status_code == 405


def test_a_used_link_is_gone_and_says_when(english):
    made = make.membership(until="awaiting_legal")
    url = link(made, "accept", "legal")
    assert english.post(url, acceptance()).status_code == 302
    for answer in (english.get(url), english.post(url, acceptance())):
        assert answer.status_code == 410
        assert "already used" in answer.content.decode()
        assert "Send me a new link" not in answer.content.decode()
    assert Signature.objects.count() == 3


def test_an_expired_link_is_gone_and_a_new_one_can_be_asked_for(english):
    made = make.membership(until="awaiting_legal")
    url = link(made, "accept", "legal")
    MailedLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    answer = english.post(url, acceptance())
    assert (answer.status_code, Signature.objects.count()) == (410, 0)
    again = re.search(r'href="(/join/again/[^"]+)"', answer.content.decode())[1]
    assert english.get(again).status_code == 200
    assert MailedLink.objects.filter(purpose="accept").count() == 1
    assert english.post(again).status_code == 200
    fresh = link_in_last_mail()
    assert fresh != url
    assert english.post(fresh, acceptance()).status_code == 302
    assert english.post(again).status_code == 409


def test_a_replaced_link_says_so(english):
    made = make.membership(until="awaiting_legal")
    url = link(made, "accept", "legal")
    join_links.promise(made, "accept")
    answer = english.get(url)
    assert (answer.status_code, "newer link" in answer.content.decode()) == (410, True)


def test_an_unknown_link_is_not_found(client):
    for page in ("proved", "legal", "correct", "again/accept"):
        assert client.get(f"/join/{page}/nonsense/").status_code == 404


def test_a_link_serves_only_its_own_page(client):
    made = make.membership(until="awaiting_legal")
    token = make.token(make.through(made, "accept").link)
    assert client.get(f"/join/proved/{token}/").status_code == 404


def test_a_line_that_is_not_ticked_accepts_nothing(english):
    made = make.membership(until="awaiting_legal")
    url = link(made, "accept", "legal")
    for missing in ("facts", "accept_spot67"):
        sent = {name: value for name, value in acceptance().items() if name != missing}
        answer = english.post(url, sent)
        assert (answer.status_code, Signature.objects.count()) == (422, 0)
    assert english.post(url, {}).status_code == 422


def test_the_legal_representative_sends_back_and_the_referent_corrects(english):
    made = make.membership(until="awaiting_legal")
    url = link(made, "accept", "legal")
    assert english.post(url, {"object": "1", "reason": ""}).status_code == 422
    english.post(url, {"object": "1", "reason": "The name is wrong."})
    correct = link_in_last_mail()
    page = english.get(correct).content.decode()
    assert "The name is wrong." in page
    assert 'value="The laboratory"' in page
    answer = english.post(correct, FILLED | {"name": "The true laboratory"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.organisation.name) == ("awaiting_legal", "The true laboratory")


def test_tokens_are_stored_hashed_and_leave_no_trace_in_the_trail(client, desk):
    made = make.membership(until="awaiting_legal")
    token = make.token(make.through(made, "accept").link)
    assert token not in str(list(MailedLink.objects.values()))
    MailedLink.objects.update(used_at=timezone.now())
    client.get(f"/join/legal/{token}/")
    event = Event.objects.get()
    assert (event.code, event.status, event.route) == ("link_gone", 410, "join/legal/<str:token>/")

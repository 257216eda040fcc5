"""Partners' lists: both twins by the same tests; the real server's faults, each told in our words."""

import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from accounts.addresses import fault_of_base
from accounts.partners import Away, Declined, NotLetIn, Person, Taken
from accounts.partners.fake import FakePartner
from accounts.partners.scim import ScimPartner
from tests.accounts import scim_peer

ADA = Person("11111111-1111-4111-8111-111111111111", "ada@laboratory.example", "Ada Lovelace")
BOB = Person('b"o\\b', "o'bob@laboratory.example", 'Bob "B" \\')


@pytest.fixture
def peer():
    with scim_peer.running() as running:
        yield running


@pytest.fixture
def real(peer):
    return ScimPartner(peer.url, scim_peer.TOKEN, timeout=0.4)


@pytest.fixture(params=["fake", "real"])
def partner(request):
    return FakePartner() if request.param == "fake" else request.getfixturevalue("real")


def test_an_account_is_made_found_closed_and_opened_again(partner):
    assert partner.find(ADA) is None
    made = partner.create(ADA)
    assert partner.find(ADA) == made
    assert (made.external_id, made.email, made.active) == (ADA.external_id, ADA.email, True)
    partner.deactivate(made.remote_id)
    assert partner.find(ADA).active is False
    partner.reactivate(made.remote_id)
    assert partner.find(ADA).active is True


def test_an_account_of_the_same_address_is_not_made_twice(partner):
    partner.create(ADA)
    with pytest.raises(Taken):
        partner.create(ADA)
    assert len(list(partner.everyone())) == 1


def test_a_changed_name_and_address_arrive(partner):
    made = partner.create(ADA)
    partner.update(made.remote_id, Person(ADA.external_id, "ada@new.example", "Ada King"))
    found = partner.find(ADA)
    assert (found.email, found.full_name) == ("ada@new.example", "Ada King")


def test_an_account_is_found_by_its_address_when_ours_is_not_known_there(partner):
    made = partner.create(Person("", ADA.email, ADA.full_name))
    assert partner.find(ADA).remote_id == made.remote_id


def test_an_account_is_found_by_the_name_it_has_there_whatever_else_changed(partner):
    made = partner.create(Person("", "old@laboratory.example", "Ada"))
    assert partner.find(ADA) is None
    assert partner.find(ADA, made.remote_id).remote_id == made.remote_id
    assert partner.find(ADA, "nothing") is None


def test_an_answer_that_drips_without_end_is_left(real, monkeypatch):
    monkeypatch.setattr("accounts.partners.scim.LONGEST_ANSWER", -1.0)
    with pytest.raises(Away, match="does not end"):
        real.find(ADA)


def test_what_scim_cannot_say_is_declined_before_anything_is_sent(real, peer):
    with pytest.raises(Declined, match="not to be said in SCIM"):
        real.create(Person("id", "no address", "N"))
    assert peer.asked == []


def test_quotes_in_a_name_are_names(partner):
    partner.create(BOB)
    assert partner.find(BOB).external_id == BOB.external_id
    assert partner.find(ADA) is None


def test_closing_what_is_gone_is_done_already(partner):
    partner.deactivate("nobody")


def test_everybody_is_read_page_by_page(real, monkeypatch):
    monkeypatch.setattr("accounts.partners.scim.A_PAGE", 2)
    for number in range(5):
        real.create(Person(f"id-{number}", f"{number}@laboratory.example", "N"))
    assert {one.external_id for one in real.everyone()} == {f"id-{n}" for n in range(5)}


@pytest.mark.parametrize(
    ("fault", "told", "lasting"),
    [
        (scim_peer.status("500 Broken"), Away, False),
        (scim_peer.status("503 Later"), Away, False),
        (scim_peer.status("401 No"), NotLetIn, True),
        (scim_peer.status("403 No"), NotLetIn, True),
        (scim_peer.status("302 There", Location="http://127.0.0.1:1/"), Declined, True),
        (scim_peer.status("200 OK", Content_Type="text/html"), Away, False),
        (scim_peer.packed, Declined, True),
        (scim_peer.endless, Declined, True),
        (scim_peer.slow, Away, False),
        (scim_peer.lost, Away, False),
    ],
    ids=["500", "503", "401", "403", "redirect", "html", "packed", "endless", "slow", "lost"],
)
def test_a_fault_of_the_server_is_said_in_our_words(real, peer, fault, told, lasting):
    peer.faults = [fault]
    with pytest.raises(told) as raised:
        real.find(ADA)
    assert raised.value.lasting is lasting
    assert len(peer.asked) == 1


def test_a_server_that_asks_for_patience_gets_it(real, peer):
    peer.faults = [scim_peer.status("429 Slowly", Retry_After="120")]
    with pytest.raises(Away) as raised:
        real.find(ADA)
    assert raised.value.retry_after == 120


def test_a_wrong_token_and_a_closed_door_are_told_apart(peer):
    with pytest.raises(NotLetIn):
        ScimPartner(peer.url, "wrong").find(ADA)
    with pytest.raises(Away):
        ScimPartner("http://127.0.0.1:1", "any").find(ADA)


def test_an_examiner_finds_the_service_we_are_tried_against_sound(real):
    """scim2-tester over our own connection: what holds for it holds for the twin that is tested."""
    client = SyncSCIMClient(real._http)
    real._http.timeout = 10
    real._http.event_hooks = {}
    results = check_server(client, resource_types=["User"], include_tags={"discovery", "crud"})
    assert [one.title for one in results if one.status in (Status.ERROR, Status.CRITICAL)] == []
    assert len(results) > 20


@pytest.mark.parametrize(
    "url",
    [
        "http://theia.example/scim",
        "https://user:word@theia.example/",
        "ftp://theia.example/",
        "https://theia.example/?a=b",
        "https://theia.example/#a",
        "http://169.254.169.254/latest",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.1/",
        "https://",
        "//theia.example",
        "theia.example",
        "https://theia.example:port/",
        "https://theia.example/\n",
    ],
)
def test_an_address_we_must_not_call_is_refused(url):
    assert fault_of_base(url)


@pytest.mark.parametrize(
    "url", ["https://theia.example/scim/v2", "http://127.0.0.1:8080/v2", "http://[::1]:1/"]
)
def test_https_anywhere_and_http_on_this_machine(url):
    assert fault_of_base(url) == ""

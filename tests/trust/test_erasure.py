"""Erasing a person: told before, refused while something binds, then every field as its line says."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import (
    Affiliation,
    ApiKey,
    Erasure,
    Event,
    Membership,
    PersonEvent,
    SignerFacts,
    User,
)
from accounts.services.licences import chain
from accounts.services.people import affiliations, duties, erasure, exports
from accounts.services.programs import api_keys
from catalogue.models import Download, SavedArea
from dinamis import personal_rows, trail
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import Promise
from dinamis.trail import Asked, Scope
from orders.ledger import check
from orders.models import Line, Movement
from tests import make
from tests.catalogue import shelf
from tests.orders import make as ordering
from tests.trust.proving import proved

pytestmark = pytest.mark.django_db
# The facts behind a signature stay as evidence; promises are the mails that still leave.
KEEPS_THE_ADDRESS = {"accounts_signerfacts", "dinamis_promise"}


def mentions(words: str) -> set[str]:
    """The tables with a row that holds these words in any column."""
    found = set()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{name}" t WHERE t::text ILIKE %s LIMIT 1', [f"%{words}%"]
            )
            if cursor.fetchone():
                found.add(name)
    return found


@pytest.fixture
def rich(researcher, laboratory):
    """A person with one of everything: a key, a signature, an area, a copy, a download."""
    by = Actor.of(researcher)
    api_keys.create(researcher, name="notebook", scopes=["read"], by=by)
    product = shelf.product("pleiades")
    shelf.signed(researcher, product)
    Download.objects.create(
        user=researcher, product=product, file=product.files.get(), how="browser"
    )
    SavedArea.objects.create(
        owner=researcher, name="Estuary", geometry=ordering.square(4), area_km2=4, is_kept=True
    )
    exports.make(exports.ask(researcher, by=by))
    return researcher


def test_the_person_is_in_no_table_but_the_evidence_and_the_chain_verifies(rich):
    address = rich.email
    User.objects.filter(pk=rich.pk).update(full_name="Zephyrine Quillfeather")
    rich.refresh_from_db()
    erasure.erase(rich, by=Actor.of(rich))
    assert mentions("Zephyrine") == set()
    assert mentions(address) <= KEEPS_THE_ADDRESS
    assert not EmailAddress.objects.filter(user=rich).exists()
    assert not ApiKey.objects.filter(user=rich).exists()
    assert not SavedArea.objects.filter(owner=rich).exists()
    facts = SignerFacts.objects.get(signature__user=rich)
    assert facts.email == address
    assert chain.verify() == []
    chain.erase_facts(facts.signature)
    assert chain.verify() == []
    assert mentions(address) <= {"dinamis_promise"}


def test_what_stays_has_no_name_and_the_account_is_nobodys(rich, laboratory, client):
    address = rich.email
    erased = erasure.erase(rich, by=Actor.of(rich))
    assert re.fullmatch(r"erased-[0-9a-f]{24}@erased\.invalid", erased.email)
    assert (str(erased), erased.is_active) == ("erased person", False)
    assert not erased.has_usable_password()
    for one in (address, erased.email):
        assert not client.login(email=one, password=make.PASSWORD)
    assert Download.objects.get().user == rich
    told = trail.lines(Scope(organisation=laboratory), Asked(), most=500)
    assert any("erased person" in line.text + line.who for line in told)
    assert not any("Researcher" in line.text + line.who for line in told)


def test_rights_end_as_for_anybody_who_leaves_and_one_goodbye_leaves(rich, laboratory):
    Promise.objects.all().delete()
    erased = erasure.erase(rich, by=Actor.of(rich))
    left = Affiliation.objects.get(user=rich)
    assert (left.state, left.is_current, left.statement) == ("ended", False, "")
    assert left.events.last().by_part == "erasure"
    assert PersonEvent.objects.filter(user=rich).last().kind == "erased"
    assert make.keep_promises() > 1
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["researcher@laboratory.example"], "Your account at DINAMIS is erased")
    ]
    again = erasure.erase(rich, by=Actor.system("command line"))
    assert (again.email, again.erased_at) == (erased.email, erased.erased_at)


def test_nobody_but_the_desk_erases_anybody_and_the_desk_says_why(
    researcher, referent, desk, administrator, other_referent
):
    for other in (referent, administrator, other_referent):
        with pytest.raises(NotAllowed):
            erasure.erase(researcher, by=Actor.of(other), reason="They asked.")
    for nothing in ("", "  "):
        with pytest.raises(Invalid, match="reason_missing"):
            erasure.erase(researcher, by=Actor.of(desk), reason=nothing)
    researcher.refresh_from_db()
    assert (researcher.email, researcher.erased_at) == ("researcher@laboratory.example", None)
    assert not Erasure.objects.exists()


def test_the_desk_finds_previews_confirms_twice_and_the_register_and_the_trail_tell_it(
    rich, desk, laboratory, as_
):
    client, address = proved(as_(desk)), rich.email
    page = f"/desk/erasures/{rich.pk}/"
    assert page in client.get("/desk/erasures/?q=RESEARCHER@lab").content.decode()
    assert page not in client.get("/desk/erasures/?q=re").content.decode()
    told = client.get(page).content.decode()
    for words in ("What goes", "What stays, without the name", "signatures", "The laboratory"):
        assert words in told
    assert "Erase this account for good" not in told
    make.keep_promises()
    mail.outbox.clear()
    why = "By letter, with a copy of the identity card."

    def still_there(sent: dict[str, str], status: int) -> str:
        answer = client.post(page, sent)
        assert answer.status_code == status
        rich.refresh_from_db()
        assert (rich.erased_at, rich.email) == (None, address)
        return answer.content.decode()

    still_there({}, 422)
    assert "Once more: nobody can undo it" in still_there({"reason": why}, 200)
    still_there({"reason": why, "address": "other@laboratory.example"}, 422)
    still_there({"reason": f"{why} {address}", "address": address}, 422)
    still_there({"reason": "", "address": address}, 422)
    done = client.post(page, {"reason": why, "address": address.upper()}, follow=True)
    assert "Researcher is erased." in done.content.decode()
    assert why in done.content.decode()
    rich.refresh_from_db()
    assert rich.erased_at
    assert mentions(address) <= KEEPS_THE_ADDRESS
    one = Erasure.objects.get()
    assert (one.user, one.by_user, one.reason) == (rich, desk, why)
    event = PersonEvent.objects.filter(user=rich).last()
    assert (event.kind, event.by_user) == ("erased", desk)
    by_desk = trail.lines(Scope(person=desk), Asked(what="erasure"))
    assert [line.text for line in by_desk] == [
        f"Account {rich.pk} erased at its person's request — {why}"
    ]
    make.keep_promises()
    [goodbye] = [sent for sent in mail.outbox if sent.to == [address]]
    assert "The DINAMIS desk did it at your request." in goodbye.body
    assert client.get(page).status_code == client.post(page, {}).status_code == 404
    assert chain.verify() == []


def test_the_desk_does_not_erase_what_binds_nor_without_its_own_password(
    referent, desk, administrator, as_
):
    client = proved(as_(desk))
    for bound in (referent, administrator, desk):
        page = f"/desk/erasures/{bound.pk}/"
        told = client.get(page).content.decode()
        assert "What binds, to settle first" in told
        assert "<textarea" not in told
        sent = {"reason": "By letter.", "address": bound.email}
        assert client.post(page, sent).status_code == 409
        bound.refresh_from_db()
        assert bound.erased_at is None
    assert Event.objects.filter(kind="refused", user=desk, code="something_binds").count() == 3


def test_every_erasure_stands_in_the_register(researcher, other_researcher):
    erasure.erase(researcher, by=Actor.of(researcher))
    erasure.erase(other_researcher, by=Actor.system("command line"))
    erasure.erase(researcher, by=Actor.system("command line"))
    rows = {(one.user_id, one.by_user_id, one.by_part) for one in Erasure.objects.all()}
    assert rows == {
        (researcher.pk, researcher.pk, ""),
        (other_researcher.pk, None, "command line"),
    }


def test_the_last_referent_and_an_officer_hand_over_first(referent, desk, laboratory):
    for bound, word in ((referent, "last referent of The laboratory"), (desk, "duty")):
        assert word in erasure.outlook(bound).first[0].say
        with pytest.raises(NotNow):
            erasure.erase(bound, by=Actor.of(bound))
        bound.refresh_from_db()
        assert bound.erased_at is None
    second = make.attached("second@laboratory.example", laboratory)
    affiliations.make_referent(Affiliation.objects.get(user=second), by=Actor.of(desk))
    assert erasure.erase(referent, by=Actor.of(referent)).erased_at
    officer = make.person("former@dinamis.example")
    duties.appoint(officer, kind="desk", by=make.SYSTEM)
    duties.relieve(officer, kind="desk", by=make.SYSTEM)
    assert erasure.erase(officer, by=Actor.of(officer)).erased_at


def test_the_dossier_of_a_living_membership_keeps_its_people_and_says_so(
    referent, laboratory, desk
):
    second = make.attached("second@laboratory.example", laboratory)
    affiliations.make_referent(Affiliation.objects.get(user=second), by=Actor.of(desk))
    told = "your name in the dossier of The laboratory, while it is a member"
    assert told in erasure.outlook(referent).kept
    erasure.erase(referent, by=Actor.of(referent))
    membership = Membership.objects.get(organisation=laboratory)
    assert membership.referent_email == "referent@laboratory.example"


def test_an_order_that_holds_quota_binds_and_the_ledger_is_untouched(desk):
    place = ordering.organisation()
    ordering.allotment(place, 1000, in_period=ordering.period())
    person = ordering.person("alice")
    ordering.attached(person, place)
    ordering.signed(person)
    line = ordering.placed(person)
    held = Movement.objects.count()
    assert f"Order {line.reference} is under way" in erasure.outlook(person).first[0].say
    with pytest.raises(NotNow):
        erasure.erase(person, by=Actor.of(person))
    assert Movement.objects.count() == held
    Line.objects.filter(pk=line.pk).update(money="captured")
    erasure.erase(person, by=Actor.of(person))
    assert check.examine().faults == []
    assert Line.objects.get(pk=line.pk).order.requester == person


def test_in_the_browser_it_is_told_before_and_done_by_one_post(rich, as_):
    client = proved(as_(rich))
    page = client.get("/account/data/erase/").content.decode()
    assert "What stays, without your name" in page
    assert "signatures" in page
    answer = client.post("/account/data/erase/", follow=True)
    assert "Your account is erased." in answer.content.decode()
    assert client.get("/account/").status_code == 302
    rich.refresh_from_db()
    assert rich.erased_at


def test_the_button_is_not_there_while_something_binds(referent, as_):
    client = proved(as_(referent))
    page = client.get("/account/data/erase/").content.decode()
    assert "To do first" in page
    assert "Erase my account for good" not in page
    assert client.post("/account/data/erase/").status_code == 409


def test_the_command_is_for_whoever_cannot_sign_in(researcher, capsys):
    with pytest.raises(CommandError):
        call_command("erase_person", "nobody@laboratory.example")
    call_command("erase_person", "Researcher@laboratory.example")
    researcher.refresh_from_db()
    assert researcher.erased_at
    assert capsys.readouterr().out == f"Person {researcher.pk} is erased.\n"


def test_every_line_of_the_classification_says_an_act():
    for model in personal_rows.models():
        for field, line in personal_rows.lines_of(model).items():
            act = personal_rows.act_of(model, line)
            kept = act == personal_rows.Act.KEEP and line.category in {"identity", "contact"}
            ends = ("stays until", "stays while", "deleted")
            assert not kept or line.erasing.startswith(ends), (model, field)

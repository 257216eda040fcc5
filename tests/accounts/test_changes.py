"""Changes of an organisation: facts, legal representative, referents; asked, decided, told, in the history."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import Affiliation, Change, MailedLink, Membership, Organisation, Signature
from accounts.services.licences import licences
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import changes, diffs, facts, legal_links, supervisions, turns
from accounts.services.people import reminders
from accounts.states.change import LIFE
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db

PERSON = {"name": "Nouvelle Tête", "position": "Director", "email": "head@laboratory.example"}


def ask(organisation: Organisation, by: Any, **values: Any) -> Change:
    wanted = facts.of(organisation) | values
    return changes.ask_facts(organisation, wanted, reason="It changed.", by=Actor.of(by))


def link_of(change: Change) -> MailedLink:
    return MailedLink.objects.get(purpose="new_legal", replaced_at=None, used_at=None)


def accept(change: Change) -> Change:
    return changes.accept(
        change,
        accepted=[
            (text, text.sha256) for text in licences.texts_at_joining("en", change.organisation)
        ],
        circumstances=Circumstances(ip="192.0.2.7", user_agent="test"),
        by=Actor.through(link_of(change)),
    )


def test_facts_asked_by_a_referent_change_when_the_desk_approves(laboratory, referent, desk):
    change = ask(laboratory, referent, short_name="LAB", domains=["lab.example"])
    laboratory.refresh_from_db()
    assert (laboratory.short_name, change.state, change.turn) == ("", "under_review", "desk")
    assert [(d.label, d.removed, d.added) for d in diffs.of(change)] == [
        ("Short name or acronym", [], ["LAB"]),
        ("E-mail domains", ["laboratory.example"], ["lab.example"]),
    ]
    changes.approve(change, by=Actor.of(desk))
    laboratory.refresh_from_db()
    assert (laboratory.short_name, laboratory.covers("x@lab.example")) == ("LAB", True)
    assert laboratory.is_member


def test_a_laboratory_under_several_bodies_keeps_each_with_its_kind_and_days(
    laboratory, referent, desk, park
):
    bodies = [
        {"name": "The park", "kind": "host", "since": "2020-01-01", "until": ""},
        {"name": "CNRS", "kind": "supervisor", "since": "", "until": ""},
    ]
    change = ask(laboratory, referent, supervisors=bodies)
    (shown,) = diffs.of(change)
    assert shown.added == [
        "The park (host institution, Jan. 1, 2020 – …)",
        "CNRS (supervising body)",
    ]
    changes.approve(change, by=Actor.of(desk))
    rows = [(r.name, r.kind, r.since, r.body) for r in laboratory.supervisions.current()]
    assert rows == [
        ("The park", "host", date(2020, 1, 1), park),
        ("CNRS", "supervisor", None, None),
    ]
    assert [r.organisation for r in supervisions.laboratories_of(park)] == [laboratory]
    changes.approve(ask(laboratory, referent, supervisors=bodies[1:]), by=Actor.of(desk))
    assert [r.name for r in laboratory.supervisions.current()] == ["CNRS"]
    ended = laboratory.supervisions.get(name="The park")
    assert ended.until == timezone.localdate() - timedelta(days=1)
    assert supervisions.laboratories_of(park) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "nothing_changed"),
        ({"name": ""}, "name_missing"),
        ({"domains": ["gmail.com"]}, "domain_public"),
        ({"domains": []}, "domain_missing"),
        ({"siret": "35600000000049"}, "siret_key"),
    ],
)
def test_what_is_not_right_is_not_asked(laboratory, referent, values, code):
    with pytest.raises(Invalid, match=code):
        ask(laboratory, referent, **values)
    assert Change.objects.count() == 0


def test_only_the_referents_of_the_organisation_ask_and_only_the_desk_approves(
    laboratory, referent, other_referent, researcher, desk
):
    for user in (other_referent, researcher):
        with pytest.raises(NotAllowed, match="referent_only"):
            ask(laboratory, user, short_name="X")
    change = ask(laboratory, referent, short_name="LAB")
    for user in (referent, other_referent):
        with pytest.raises(NotAllowed):
            changes.approve(change, by=Actor.of(user))
    with pytest.raises(NotAllowed):
        changes.withdraw(change, by=Actor.of(other_referent))
    with pytest.raises(NotNow, match="change_under_way"):
        ask(laboratory, referent, short_name="OTHER")
    change.refresh_from_db()
    laboratory.refresh_from_db()
    assert (change.state, laboratory.short_name) == ("under_review", "")


def test_a_change_of_what_changed_meanwhile_is_refused_and_changes_nothing(
    laboratory, referent, desk
):
    change = ask(laboratory, referent, short_name="LAB")
    Organisation.objects.filter(pk=laboratory.pk).update(short_name="ELSE")
    with pytest.raises(NotNow, match="changed_meanwhile"):
        changes.approve(change, by=Actor.of(desk))
    change.refresh_from_db()
    laboratory.refresh_from_db()
    assert (change.state, laboratory.short_name) == ("under_review", "ELSE")


def test_an_identifier_that_another_member_has_is_not_taken_over(laboratory, park, referent, desk):
    Organisation.objects.filter(pk=park.pk).update(ror="02feahw73")
    change = ask(laboratory, referent, ror="02feahw73")
    with pytest.raises(NotNow, match="identifier_taken"):
        changes.approve(change, by=Actor.of(desk))
    laboratory.refresh_from_db()
    assert laboratory.ror is None


def test_a_new_legal_representative_accepts_by_mail_and_the_old_one_is_told(laboratory, referent):
    make.keep_promises()
    mail.outbox.clear()
    old, signed = Membership.objects.get(), Signature.objects.count()
    change = changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    assert (change.state, change.turn) == ("awaiting_legal", "legal_representative")
    assert change.due_at > timezone.now() + timedelta(days=29)
    make.keep_promises()
    assert sorted(m.to[0] for m in mail.outbox) == [
        "head@laboratory.example",
        "legal@laboratory.example",
        "referent@laboratory.example",
    ]
    assert laboratory.is_member
    change = accept(change)
    membership = Membership.objects.get()
    assert (membership.legal_name, membership.legal_email, membership.state) == (
        "Nouvelle Tête", "head@laboratory.example", "active",
    )  # fmt: skip
    new = Signature.objects.order_by("number")[signed:]
    assert [(s.licence_code, s.subject, s.facts.email) for s in new] == [
        (code, f"change:{change.pk}", "head@laboratory.example")
        for code in ("charter", "spot67", "pleiades")
    ]
    assert old.signatures.filter(subject="").count() == 3
    call_command("check_signatures", verbosity=0)
    mail.outbox.clear()
    make.keep_promises()
    assert "legal@laboratory.example" in {m.to[0] for m in mail.outbox}


def test_the_link_of_a_new_legal_representative_works_once_on_a_page_that_only_a_post_acts(
    laboratory, referent
):
    change = changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    token = make.token(link_of(change))
    client, address = Client(headers={"accept-language": "en"}), f"/join/representative/{token}/"
    page = client.get(address)
    assert (page.status_code, Change.objects.get().state) == (200, "awaiting_legal")
    assert client.post(address).status_code == 422
    form = page.context["form"]
    ticked = {"facts": "on"} | {
        name: field.initial or "on" for name, field in form.fields.items() if name != "facts"
    }
    done = client.post(address, ticked)
    assert (done.status_code, Change.objects.get().state) == (200, "applied")
    assert client.post(address, ticked).status_code == 410
    assert Signature.objects.filter(subject__startswith="change:").count() == 3


def test_an_acceptance_without_one_text_leaves_the_old_one_in_place(laboratory, referent):
    change = changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    with pytest.raises(Invalid, match="text_not_accepted"):
        changes.accept(
            change,
            accepted=[],
            circumstances=Circumstances(),
            by=Actor.through(link_of(change)),
        )
    assert Membership.objects.get().legal_email == "legal@laboratory.example"
    assert link_of(change).used_at is None


def test_an_address_outside_the_domains_is_verified_by_the_desk_first(laboratory, referent, desk):
    outside = PERSON | {"email": "head@ministry.example"}
    change = changes.ask_legal(laboratory, outside, reason="Elected.", by=Actor.of(referent))
    assert (change.state, MailedLink.objects.filter(purpose="new_legal").count()) == (
        "under_review", 0,
    )  # fmt: skip
    with pytest.raises(NotNow, match="legal_address_unverified"):
        changes.send_on(change, by=Actor.of(desk))
    with pytest.raises(NotNow, match="legal_accepts"):
        changes.approve(change, by=Actor.of(desk))
    with pytest.raises(NotAllowed):
        changes.send_on(change, how="I know them.", by=Actor.of(referent))
    change = changes.send_on(change, how="Decree of 3 May.", by=Actor.of(desk))
    assert change.state == "awaiting_legal"
    accept(change)
    assert Membership.objects.get().legal_verified_how == "Decree of 3 May."


def test_the_person_named_may_decline_the_referent_withdraw_and_time_lapse(laboratory, referent):
    def asked() -> Change:
        return changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))

    change = asked()
    declined = changes.decline(change, reason="Not me.", by=Actor.through(link_of(change)))
    assert declined.state == "refused"
    change = asked()
    link = link_of(change)
    assert changes.withdraw(change, by=Actor.of(referent)).state == "withdrawn"
    link.refresh_from_db()
    assert not link.is_usable
    with pytest.raises((Gone, NotNow)):
        changes.accept(change, accepted=[], circumstances=Circumstances(), by=Actor.through(link))
    change = asked()
    with time_machine.travel(change.due_at + timedelta(hours=1)):
        assert legal_links.change_of(link_of(change)) is None
        assert (changes.lapse_overdue(), changes.lapse_overdue()) == (1, 0)
    assert Membership.objects.get().legal_email == "legal@laboratory.example"
    assert [c.state for c in Change.objects.order_by("pk")] == ["refused", "withdrawn", "lapsed"]


def test_a_change_withdrawn_while_the_clock_runs_keeps_it_from_none_of_the_others(
    laboratory, park, referent, other_referent, desk, monkeypatch
):
    first = changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    person = PERSON | {"email": "head@park.example"}
    second = changes.ask_legal(park, person, reason="Elected.", by=Actor.of(other_referent))
    take, other = changes._take, {first.pk: second, second.pk: first}

    def overtaken(change: Change, name: str, **how: Any) -> Change:
        """While the clock lets one lapse, somebody withdraws the other."""
        if name == "lapse":
            take(other[change.pk], "withdraw", by=Actor.of(desk))
        return take(change, name, **how)

    monkeypatch.setattr(changes, "_take", overtaken)
    with time_machine.travel(second.due_at + timedelta(hours=1)):
        assert changes.lapse_overdue() == 1
    assert sorted(Change.objects.values_list("state", flat=True)) == ["lapsed", "withdrawn"]


def test_a_link_of_one_organisation_decides_nothing_of_another(
    laboratory, park, referent, other_referent
):
    changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    theirs = changes.ask_legal(
        park,
        PERSON | {"email": "head@park.example"},
        reason="Elected.",
        by=Actor.of(other_referent),
    )
    mine = MailedLink.objects.get(purpose="new_legal", email=PERSON["email"])
    with pytest.raises(NotAllowed):
        changes.decline(theirs, reason="No.", by=Actor.through(mine))
    assert set(Change.objects.values_list("state", flat=True)) == {"awaiting_legal"}


def test_a_referent_is_replaced_by_the_desk_at_a_referents_wish(
    laboratory, referent, researcher, desk
):
    led = Affiliation.objects.get(user=referent)
    named = Affiliation.objects.get(user=researcher)
    change = changes.ask_referent(named, in_place_of=led, reason="I leave.", by=Actor.of(referent))
    changes.approve(change, by=Actor.of(desk))
    led.refresh_from_db()
    named.refresh_from_db()
    assert (led.is_referent, named.is_referent) == (False, True)


def test_a_certificate_says_that_its_facts_changed(laboratory, referent, desk, client):
    number = Membership.objects.get().certificate_number
    address = f"/join/certificates/{number}/"
    headers = {"accept-language": "en"}
    assert "Changed since" not in client.get(address, headers=headers).content.decode()
    accept(changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent)))
    page = client.get(address, headers=headers).content.decode()
    assert "Changed since" in page
    assert "Nouvelle" not in page


def test_the_referent_asks_on_a_page_and_reads_the_history(laboratory, referent, desk, as_):
    client = as_(referent)
    form = client.get("/organisation/facts/change/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {
        "short_name": "LAB",
        "reason": "New name.",
        "body-TOTAL_FORMS": "1",
        "body-INITIAL_FORMS": "0",
        "body-0-name": "CNRS",
        "body-0-kind": "supervisor",
        "body-0-since": "2020-01-01",
    }
    assert client.post("/organisation/facts/change/", sent).status_code == 302
    page = client.get("/organisation/facts/").content.decode()
    assert "Change under way: facts of the organisation" in page
    again = client.post("/organisation/facts/change/", sent)
    assert again.status_code == 409
    change = Change.objects.get()
    assert change.after["supervisors"][0]["name"] == "CNRS"
    at_desk = as_(desk)
    assert "CNRS" in at_desk.get(f"/desk/changes/{change.pk}/").content.decode()
    assert at_desk.post(f"/desk/changes/{change.pk}/approve/").status_code == 302
    page = client.get("/organisation/facts/").content.decode()
    assert "Change under way" not in page
    assert "<ins>LAB</ins>" in page
    assert "<ins>CNRS (supervising body, Jan. 1, 2020 – …)</ins>" in page
    assert "“New name.”" in page


def test_the_desk_finds_an_organisation_without_accents_and_by_identifier(laboratory, desk, as_):
    Organisation.objects.filter(pk=laboratory.pk).update(name="École d'océanographie")
    client = as_(desk)
    assert (
        "École d&#x27;océanographie"
        in client.get("/desk/organisations/?q=ecole d'oceano").content.decode()
    )
    (answer,) = client.get("/join/find/?q=oceanographie&for=desk").json()["found"]
    assert answer["url"] == f"/desk/organisations/{laboratory.pk}/"


def test_the_table_of_a_change_ends_everywhere():
    assert LIFE.final == {"applied", "refused", "withdrawn", "lapsed"}


def tick(days: float) -> list[tuple[str, str]]:
    """What the clock sends so many days from now, asked twice."""
    make.keep_promises()
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        for _twice in range(2):
            tasks.belonging_clock()
            make.keep_promises()
    return [(one.to[0], one.subject) for one in mail.outbox]


def about(mails: list[tuple[str, str]], *addresses: str) -> list[str]:
    return sorted(to for to, _subject in mails if to in addresses)


def test_a_change_that_waits_is_reminded_once_then_the_administrators_are_told(
    laboratory, referent, desk, administrator, settings, as_
):
    change = ask(laboratory, referent, short_name="LAB")
    desk_mail, admin_mail = settings.DESK_EMAIL, administrator.email
    assert about(tick(6.9), desk_mail, admin_mail) == []
    assert about(tick(7.1), desk_mail, admin_mail) == [desk_mail]
    assert f"/desk/changes/{change.pk}/" in next(
        one.body for one in mail.outbox if one.to == [desk_mail]
    )
    change.refresh_from_db()
    assert "The desk was reminded on" in turns.of_change(change, reader="referent").say
    assert about(tick(13.9), desk_mail, admin_mail) == []
    assert about(tick(14.1), desk_mail, admin_mail) == [admin_mail]
    assert about(tick(20), desk_mail, admin_mail) == []
    change.refresh_from_db()
    theirs = turns.of_change(change, reader="referent")
    assert (theirs.mine, theirs.title) == (False, "The DINAMIS desk")
    assert "The administrators were told on" in theirs.say
    mine = turns.of_change(change, reader="desk")
    assert (mine.mine, mine.title) == (True, "Your turn: approve or refuse")
    with time_machine.travel(timezone.now() + timedelta(days=16), tick=False):
        assert "late by 2" in as_(desk).get(f"/desk/changes/{change.pk}/").content.decode()
        page = as_(referent).get("/organisation/facts/").content.decode()
        assert "The administrators were told on" in page


def test_a_change_decided_or_waiting_elsewhere_reminds_nobody(
    laboratory, referent, desk, administrator, settings
):
    changes.ask_legal(laboratory, PERSON, reason="Elected.", by=Actor.of(referent))
    change = ask(laboratory, referent, short_name="LAB")
    make.keep_promises()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert reminders.remind_changes() == 1
        changes.approve(change, by=Actor.of(desk))  # between the promise and the mail
        mail.outbox.clear()
        make.keep_promises()
    assert about([(one.to[0], one.subject) for one in mail.outbox], settings.DESK_EMAIL) == []
    assert about(tick(20), settings.DESK_EMAIL, administrator.email) == []


def test_the_days_are_settings(laboratory, referent, settings):
    ask(laboratory, referent, short_name="LAB")
    settings.CHANGE_REMIND_DAYS, settings.CHANGE_ESCALATE_DAYS = 2, 3
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=1)):
        assert (reminders.remind_changes(), reminders.escalate_changes()) == (1, 0)
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=1)):
        assert (reminders.remind_changes(), reminders.escalate_changes()) == (0, 1)

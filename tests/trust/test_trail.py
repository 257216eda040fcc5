"""The trail: who reads which, without addresses, page after page, and as a file."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Affiliation, Event, PersonEvent
from accounts.services.membership import changes, facts
from accounts.services.people import affiliations, people
from accounts.services.programs.api_keys import create
from dinamis import trail
from dinamis.actors import Actor
from dinamis.trail import Asked, Scope
from tests import make
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db
OPEN = Asked()


def texts(scope: Scope, asked: Asked = OPEN) -> list[str]:
    return [line.text for line in trail.lines(scope, asked)]


def refusal(user, *, ago: timedelta = timedelta(0), ip: str = "192.0.2.66") -> Event:
    return Event.objects.create(
        kind="refused", user=user, code="desk_only", route="desk", ip=ip, at=timezone.now() - ago
    )


def test_the_organisation_reads_its_memberships_people_signatures_and_keys(researcher, laboratory):
    make.signature(researcher, "spot67")
    create(researcher, name="laptop", scopes=["read"], by=Actor.of(researcher))
    refusal(researcher)
    told = texts(Scope(organisation=laboratory))
    assert f"{researcher}: API key made, laptop" in told
    assert "Refused: desk_only, on desk" in told
    assert any(text.startswith("spot67 0 signed") for text in told)
    assert any(text == "Researcher, The laboratory: Accept" for text in told)
    assert any(text.startswith("A-") and text.endswith("Approved by the desk") for text in told)


def test_a_change_of_the_organisation_stands_in_its_trail_from_asking_to_the_decision(
    laboratory, park, referent, desk
):
    wanted = facts.of(laboratory) | {"short_name": "LAB"}
    change = changes.ask_facts(laboratory, wanted, reason="We say so.", by=Actor.of(referent))
    changes.refuse(change, reason="Taken.", by=Actor.of(desk))
    asked = Asked(what="change")
    told = [(line.who, line.text) for line in trail.lines(Scope(organisation=laboratory), asked)]
    kind = change.get_kind_display().capitalize()
    assert told == [
        ("Desk", f"{kind}: Refuse the change — Taken."),
        ("Referent of laboratory", f"{kind}: Asked — We say so."),
    ]
    assert trail.lines(Scope(organisation=park), asked) == []


def test_another_organisation_reads_none_of_it(researcher, laboratory, park):
    make.signature(researcher, "spot67")
    create(researcher, name="laptop", scopes=["read"], by=Actor.of(researcher))
    refusal(researcher)
    shelf.signed(researcher, shelf.product("pleiades"))
    told = trail.lines(Scope(organisation=park), OPEN, most=500)
    assert {line.history for line in told} == {"membership", "affiliation", "signature"}
    assert not any("Researcher" in line.text + line.who for line in told)


def test_what_a_person_does_before_and_after_belonging_is_not_the_organisations(
    researcher, laboratory, referent
):
    Affiliation.objects.filter(user=researcher).update(
        activated_at=timezone.now() - timedelta(days=10),
        requested_at=timezone.now() - timedelta(days=11),
    )
    refusal(researcher, ago=timedelta(days=12))
    inside = refusal(researcher, ago=timedelta(days=3))
    affiliations.end(
        Affiliation.objects.get(user=researcher), reason="Gone.", by=Actor.of(referent)
    )
    refusal(researcher, ago=timedelta(seconds=-1))
    found = trail.lines(Scope(organisation=laboratory), Asked(what="entry"))
    assert [line.key for line in found] == [inside.pk]


def test_the_profile_and_the_copy_of_the_data_stay_the_persons_own(researcher, laboratory):
    people.change_profile(
        researcher, full_name="Researcher", language="en", by=Actor.of(researcher)
    )
    assert "Researcher: profile changed" in texts(Scope(person=researcher))
    assert "Researcher: profile changed" not in texts(Scope(organisation=laboratory))


def test_only_twelve_months_are_shown(researcher):
    refusal(researcher, ago=timedelta(days=366))
    kept = refusal(researcher, ago=timedelta(days=364))
    found = trail.lines(Scope(person=researcher), Asked(what="entry"))
    assert [line.key for line in found] == [kept.pk]


def test_page_after_page_gives_every_line_once_even_of_one_instant(researcher):
    at = timezone.now()
    for _turn in range(7):
        Event.objects.create(kind="signed_in", user=researcher, at=at)
    PersonEvent.objects.bulk_create(
        [PersonEvent(user=researcher, kind="profile", by_user=researcher) for _ in range(6)]
    )
    whole = trail.lines(Scope(person=researcher), OPEN, most=500)
    paged, after = [], ""
    while found := trail.lines(Scope(person=researcher), OPEN, after=after, most=3):
        paged += found
        after = found[-1].cursor
    assert paged == whole
    assert len({(line.history, line.key) for line in whole}) == len(whole) >= 13
    assert list(trail.every(Scope(person=researcher), OPEN, most=5)) == whole[:5]


def test_a_search_finds_by_kind_person_words_and_days(researcher, referent, laboratory):
    refusal(researcher)
    scope = Scope(organisation=laboratory)
    assert texts(scope, Asked(what="entry", who="resear")) == ["Refused: desk_only, on desk"]
    assert texts(scope, Asked(what="entry", who="nobody")) == []
    assert texts(scope, Asked(words="desk_only")) == ["Refused: desk_only, on desk"]
    tomorrow = timezone.now() + timedelta(days=1)
    assert texts(scope, Asked(since=tomorrow)) == []
    assert texts(scope, Asked(until=timezone.now() - timedelta(days=1))) == []


def test_only_an_administrator_sees_the_addresses(as_, researcher, laboratory, referent, desk,
                                                  administrator):  # fmt: skip
    refusal(researcher)
    of_people = f"/desk/trail/people/{researcher.pk}/"
    assert b"192.0.2.66" not in as_(referent).get("/organisation/trail/").content
    assert b"192.0.2.66" not in as_(desk).get(of_people).content
    assert b"192.0.2.66" not in as_(researcher).get("/account/trail/").content
    assert b"192.0.2.66" in as_(administrator).get(of_people).content
    for kind in ("csv", "json"):
        address = f"/organisation/trail/?format={kind}"
        assert b"192.0.2.66" not in shelf.body(as_(referent).get(address))
        assert b"192.0.2.66" in shelf.body(as_(administrator).get(f"{of_people}?format={kind}"))


def test_a_file_holds_what_the_page_shows(as_, researcher, laboratory, referent):
    create(researcher, name="=HYPERLINK()", scopes=["read"], by=Actor.of(researcher))
    page = "/organisation/trail/?what=account"
    rows = json.loads(shelf.body(as_(referent).get(f"{page}&format=json")))["lines"]
    assert [(row["history"], row["who"], row["text"]) for row in rows] == [
        ("account", "Researcher", "Researcher: API key made, =HYPERLINK()")
    ]
    text = shelf.body(as_(referent).get(f"{page}&format=csv")).decode("utf-8-sig")
    header, line = csv.reader(io.StringIO(text))
    assert header == ["When", "What", "Who", "Said"]
    assert line[2:] == ["Researcher", "Researcher: API key made, =HYPERLINK()"]


def test_the_file_is_told_in_the_readers_language(as_, researcher, referent, laboratory):
    client = as_(referent)
    client.cookies["django_language"] = "fr"
    text = shelf.body(client.get("/organisation/trail/?format=csv")).decode("utf-8-sig")
    assert text.splitlines()[0].split(",")[0] != "When"


def test_a_cursor_that_is_none_begins_at_the_top(as_, researcher):
    for after in ("x", "2026-01-01~entry~1", "2026-01-01T00:00:00+00:00~entry~x"):
        assert as_(researcher).get("/account/trail/", {"after": after}).status_code == 200

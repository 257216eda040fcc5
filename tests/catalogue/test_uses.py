"""Theme and use: asked before the first file leaves, once per project, kept with every download."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Affiliation, Event, User
from accounts.services.people import affiliations
from accounts.services.programs import api_keys
from catalogue.models import Download, StatedUse, Theme
from catalogue.services import download_report, downloads, uses
from catalogue.services.uses import ProjectOption
from dinamis import personal_rows, trail
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.sending import file_name
from dinamis.trail import Asked, Scope
from tests import make
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db
USE = {"theme": "coast", "use": "To follow the coast."}


@pytest.fixture
def image(licences):
    return shelf.product()


@pytest.fixture
def reader(researcher, image) -> User:
    """Somebody who has signed and has not said anything yet."""
    make.signature(researcher, image.licence_id, subject=image.licence_subject)
    return researcher


@pytest.fixture
def projects(monkeypatch):
    """Two projects that everybody has."""
    rows = [ProjectOption("P-1", "Coast", ("water",)), ProjectOption("P-2", "Snow")]
    monkeypatch.setattr(uses, "_projects", [lambda user, organisation: rows])
    return rows


def say(user: User, **said: str) -> StatedUse:
    return uses.say(user, by=Actor.of(user), **(USE | said))


def files_of(image) -> list[str]:
    one = reverse("product_file", args=[image.pk, image.files.get().pk])
    return [one, reverse("product_archive", args=[image.pk])]


@pytest.mark.parametrize("method", ["get", "head"])
def test_no_file_leaves_before_it_is_said_and_the_refusal_leads_there(reader, image, as_, method):
    browser = as_(reader)
    for address in files_of(image):
        answer = getattr(browser, method)(address)
        assert answer.status_code == 409
        if method == "get":
            assert uses.say_url(image) in answer.content.decode()
    assert Download.objects.count() == 0
    assert set(Event.objects.filter(kind="refused").values_list("code", flat=True)) == {
        "use_not_said"
    }


def test_in_the_browser_it_is_asked_once_and_every_download_stands_under_it(reader, image, as_):
    browser = as_(reader)
    page = browser.get(image.get_absolute_url()).content.decode()
    assert "Your turn: say what the image is for." in page
    assert reverse("product_archive", args=[image.pk]) not in page
    form = browser.get(uses.say_url(image))
    assert "Coast and sea" in form.content.decode()
    assert "project" not in form.context["form"].fields
    assert browser.post(uses.say_url(image), {}).status_code == 422
    assert browser.post(uses.say_url(image), USE | {"theme": "none"}).status_code == 422
    assert StatedUse.objects.count() == 0
    done = browser.post(uses.say_url(image), USE)
    assert done["Location"] == image.get_absolute_url()
    page = browser.get(image.get_absolute_url()).content.decode()
    assert "For: To follow the coast. (Coast and sea)" in page
    for address in files_of(image):
        assert shelf.taken(browser.get(address)).status_code == 200
    said = StatedUse.objects.get()
    assert [one.use for one in Download.objects.all()] == [said, said]
    other = shelf.product()
    make.signature(reader, other.licence_id, subject=other.licence_subject)
    assert shelf.taken(browser.get(files_of(other)[0])).status_code == 200
    assert StatedUse.objects.count() == 1


def test_what_is_open_is_taken_without_a_word(licences, stranger, as_):
    free = shelf.product("open")
    assert shelf.taken(as_(stranger).get(files_of(free)[0])).status_code == 200
    assert Download.objects.get().use is None


def test_each_project_is_asked_once_and_the_newest_said_holds(reader, image, projects, as_):
    browser = as_(reader)
    form = browser.get(uses.say_url(image)).context["form"]
    assert [value for value, _label in form.fields["project"].choices] == ["", "P-1", "P-2"]
    assert (form["project"].initial, form["theme"].initial) == ("P-1", "water")
    first = say(reader, project="P-1")
    assert uses.check(reader, image) == uses.check(reader, image, project="P-1") == first
    with pytest.raises(NotNow) as refused:
        uses.check(reader, image, project="P-2")
    assert refused.value.details["project"] == "P-2"
    second = say(reader, project="P-2", theme="snow", use="Glaciers.")
    assert uses.check(reader, image) == second
    assert uses.check(reader, image, project="P-1") == first
    shelf.taken(browser.get(files_of(image)[0]))
    assert Download.objects.get().use == second
    again = browser.get(uses.say_url(image))
    assert [one.pk for one in again.context["earlier"]] == [first.pk]
    browser.post(uses.say_url(image), {"project": "P-1", **USE})
    assert uses.stated(reader).project == "P-1"


def test_it_is_asked_anew_after_a_year_in_another_organisation_and_never_of_a_stranger(
    reader, image, park, laboratory, desk, stranger
):
    said = say(reader)
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        assert uses.stated(reader) == said
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert uses.stated(reader) is None
    affiliations.accept(make.request(reader, park), by=Actor.of(desk))
    there = Affiliation.objects.get(user=reader, organisation=park)
    affiliations.make_current(there, by=Actor.of(reader))
    assert uses.stated(reader) is None
    assert uses.stated(stranger) is None
    with pytest.raises(NotAllowed):
        say(stranger)


def test_what_is_said_has_limits_and_is_said_by_oneself(reader, desk, projects):
    for wrong, code in (
        ({"theme": ""}, "use_incomplete"),
        ({"use": " \n "}, "use_incomplete"),
        ({"theme": "none"}, "theme_unknown"),
        ({"use": "x" * 501}, "use_too_long"),
        ({"project": "P-3"}, "project_unknown"),
    ):
        with pytest.raises(Invalid, match=code):
            say(reader, **wrong)
    Theme.objects.filter(pk="coast").update(is_offered=False)
    with pytest.raises(Invalid, match="theme_unknown"):
        say(reader)
    with pytest.raises(NotAllowed):
        uses.say(reader, **USE, by=Actor.of(desk))
    assert StatedUse.objects.count() == 0


def test_a_statement_is_never_changed(reader):
    say(reader)
    assert say(reader).pk == StatedUse.objects.get().pk
    for change in (
        lambda: StatedUse.objects.update(use="Else."),
        lambda: StatedUse.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.fixture
def program(reader):
    made, secret = api_keys.create(reader, name="x", scopes=["download"], by=Actor.of(reader))
    headers = {"access-key": made.access_key, "secret-key": secret}

    def sign(image, **said: str):
        url = f"http://testserver{files_of(image)[0]}"
        return Client().post(
            "/signing/sign_urls",
            {"urls": [url], **said},
            content_type="application/json",
            headers=headers,
        )

    return sign


def test_a_program_is_told_what_is_missing_says_it_once_and_its_links_carry_it(
    program, reader, image, projects
):
    refused = program(image)
    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "use_not_said")
    assert told["missing"] == ["theme", "use"]
    assert "coast" in told["themes"]
    assert told["say_at"].endswith(uses.say_url(image))
    half = program(image, theme="coast")
    assert (half.status_code, half.json()["code"]) == (422, "use_incomplete")
    assert half.json()["missing"] == ["use"]
    assert program(image, theme="none", use="x").json()["code"] == "theme_unknown"
    assert StatedUse.objects.count() == 0
    first = program(image, **USE, project="P-1")
    assert first.status_code == 200
    assert program(image).status_code == program(image, project="P-1").status_code == 200
    assert program(image, project="P-2").json()["project"] == "P-2"
    say(reader, project="P-2", use="Snow.")
    [link] = program(image, project="P-1").json()["hrefs"].values()
    path = "/" + link.partition("//")[2].partition("/")[2]
    assert shelf.body(Client().get(path)) == shelf.data()
    assert {one.use.project for one in Download.objects.filter(how="link")} == {"P-1"}


def test_it_stands_in_the_copy_of_the_data_and_in_the_trail(reader, image, laboratory, as_):
    say(reader)
    shelf.taken(as_(reader).get(files_of(image)[0]))
    copied = personal_rows.copied(reader)
    assert copied["catalogue.StatedUse"][0]["use"] == "To follow the coast."
    assert copied["catalogue.Download"][0]["use"] == StatedUse.objects.get().pk
    [line] = trail.lines(Scope(organisation=laboratory), Asked(what="download"))
    assert line.text.endswith("Coast and sea: To follow the coast.")


def test_the_desk_reads_it_by_theme_and_as_a_sheet(reader, image, laboratory, desk, referent, as_):
    say(reader, use="=1+1")
    for address in files_of(image):
        shelf.taken(as_(reader).get(address))
    year = timezone.localdate().year
    [row] = download_report.by_theme(year)
    assert (str(row.theme), row.people, row.products, row.downloads) == ("Coast and sea", 1, 1, 2)
    browser = as_(desk)
    assert "Coast and sea" in browser.get("/desk/downloads/").content.decode()
    text = browser.get("/desk/downloads.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(one["Theme"], one["What it is for"], one["Organisation"]) for one in rows] == [
        ("Coast and sea", "'=1+1", "The laboratory")
    ] * 2
    assert as_(referent).get("/desk/downloads.csv").status_code == 403
    Download.objects.update(at=timezone.now() - timedelta(days=366))
    assert "Coast and sea" not in browser.get("/desk/downloads/").content.decode()
    before = Download.objects.first().at.year
    assert "Coast and sea" in browser.get(f"/desk/downloads/?year={before}").content.decode()
    assert browser.get("/desk/downloads/?year=0000").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_statement(licences, desk):
    person = make.attached("p@laboratory.example", make.member("laboratory", desk=desk))
    ready = threading.Barrier(4)

    def click() -> int:
        try:
            ready.wait(timeout=10)
            return say(person).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = {one.result() for one in [pool.submit(click) for _ in range(4)]}
    assert len(found) == StatedUse.objects.count() == 1


def test_a_link_made_before_the_use_was_asked_stands_under_the_newest(reader, image):
    until = int(timezone.now().timestamp()) + 60
    file = image.files.get()
    token = signing.dumps([reader.pk, file.pk, 0, until], salt=downloads.SALT)
    address = reverse("signed_file", args=[token, file_name(file.name)])
    assert Client().get(address).status_code == 409
    said = say(reader)
    assert shelf.taken(Client().get(address)).status_code == 200
    assert Download.objects.get().use == said

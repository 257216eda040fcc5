"""The calendar feed: valid, in the person's language, theirs alone, unchanged while nothing changes."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from dinamis import sealing
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from orders.models import CalendarFeed
from orders.services.calendar import calendars, feed
from tests.orders import make
from tests.orders.journeys import Cast, propose


@pytest.fixture
def client() -> Client:
    """A browser that asks for English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


def events(user) -> dict[str, dict]:
    """The events of a feed by the first word of their identifier."""
    calendar = Calendar.from_ical(feed.written(user))
    assert (str(calendar["version"]), bool(calendar["prodid"])) == ("2.0", True)
    return {str(one["uid"]).partition("-")[0]: one for one in calendar.walk("VEVENT")}


def test_it_holds_windows_proposals_and_quotes_that_end(cast):
    line = make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))
    image = propose(line, cast)
    loose = make.quote(cast.owner)
    line.refresh_from_db()
    found = events(cast.owner)
    assert set(found) == {"window", "proposal", "quote"}
    window = found["window"]
    assert type(window.decoded("dtstart")) is date
    assert window.decoded("dtstart") == line.window_starts_on
    assert (window.decoded("dtend") - line.window_ends_on).days == 1
    assert str(window["transp"]) == "TRANSPARENT"
    # A calendar has seconds, a row has microseconds.
    assert found["proposal"].decoded("dtend") == image.due_at.replace(microsecond=0)
    assert found["quote"].decoded("dtend") == loose.expires_at.replace(microsecond=0)
    assert f"/orders/{line.order.reference}/" in str(found["proposal"]["url"])
    assert [str(one["action"]) for one in found["proposal"].walk("VALARM")] == ["DISPLAY"]


def test_another_person_s_things_are_not_in_it(cast, stranger):
    make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))
    assert events(stranger) == {}
    assert events(cast.referent) == {}


def test_it_speaks_the_language_of_its_person(cast):
    make.quote(cast.owner)
    assert b"ends" in feed.written(cast.owner)
    cast.owner.language = "fr"
    cast.owner.save()
    assert b"//FR" in feed.written(cast.owner)


def test_its_address_opens_without_a_session_and_costs_nothing_while_nothing_changes(client, cast):
    token = calendars.renew(cast.owner, by=Actor.of(cast.owner))
    address = reverse("calendar_feed", args=[token])
    first = client.get(address)
    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.quote(cast.owner)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_another_address_closes_the_former_one_and_stopping_closes_all(client, cast):
    by = Actor.of(cast.owner)
    former = calendars.renew(cast.owner, by=by)
    present = calendars.renew(cast.owner, by=by)
    assert calendars.token_of(cast.owner) == present
    assert client.get(reverse("calendar_feed", args=[former])).status_code == 404
    assert client.get(reverse("calendar_feed", args=[present])).status_code == 200
    assert calendars.stop(cast.owner, by=by)
    assert not calendars.stop(cast.owner, by=by)
    assert client.get(reverse("calendar_feed", args=[present])).status_code == 404
    kinds = list(cast.owner.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["calendar_made", "calendar_made", "calendar_stopped"]


def test_a_closed_account_has_no_calendar(client, cast):
    token = calendars.renew(cast.owner, by=Actor.of(cast.owner))
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert client.get(reverse("calendar_feed", args=[token])).status_code == 404


def test_the_address_is_not_in_the_database(cast):
    token = calendars.renew(cast.owner, by=Actor.of(cast.owner))
    row = CalendarFeed.objects.get()
    assert token not in row.sealed + row.digest
    assert sealing.unseal(row.sealed, purpose=calendars.PURPOSE) == token


def test_nobody_makes_it_for_another(cast):
    with pytest.raises(NotAllowed):
        calendars.renew(cast.owner, by=Actor.of(cast.desk))
    assert not CalendarFeed.objects.exists()


def test_the_page_shows_it_to_its_person_alone(client, cast):
    client.force_login(cast.owner)
    assert b"You have none yet." in client.get(reverse("calendar")).content
    page = client.post(reverse("calendar"))
    token = calendars.token_of(cast.owner)
    assert token.encode() in page.content
    client.force_login(make.person("other"))
    assert token.encode() not in client.get(reverse("calendar")).content

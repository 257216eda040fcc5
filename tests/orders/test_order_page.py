"""The page of an order, in every state, for each reader: one sentence, and all that happened."""

import html

import pytest
from django.test import Client
from django.utils import translation

from dinamis import formats
from orders.models import Line
from orders.services.lines.reading import sentence
from orders.services.lines.telling import title_of
from orders.views.history import QUIET
from tests import make as people
from tests.orders.journeys import Cast, start, take
from tests.orders.test_telling import every_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


def page_of(user, line: Line) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    answer = client.get(f"/orders/{line.order.reference}/")
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.mark.parametrize(("kind", "path", "state"), every_state())
def test_the_page_says_where_it_stands_since_when_and_tells_its_whole_history(
    cast, kind, path, state
):
    line = take(start(cast, kind), cast, *path)
    line = Line.objects.get(pk=line.pk)
    with translation.override("en"):
        shown = [
            event for event in line.events.order_by("pk") if (event.life, event.step) not in QUIET
        ]
        told = [" ".join(title_of(event).split()) for event in shown]
    assert told
    for user in (cast.owner, cast.referent, cast.desk):
        page = page_of(user, line)
        with translation.override("en"):
            turn = sentence(line, user)
            assert " ".join(str(turn.text).split()) in page
            assert " ".join(str(turn.detail).split()) in page
            if turn.is_yours and turn.until:
                assert formats.instant(turn.until) in page or formats.day(turn.until) in page
        for title in told:
            assert title in page, (user, title)
        for event in shown:
            assert event.at.isoformat() in page


def test_a_stranger_reads_nothing_of_it(cast):
    line = take(start(cast, "production"), cast, "submit")
    client = Client()
    client.force_login(people.person("stranger@elsewhere.example"))
    assert client.get(f"/orders/{line.order.reference}/").status_code == 404

"""The desk's queue asks the database few questions, however many requests wait and whatever is shown beside."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.orders import make

MOST = 26


def asked(client, address: str) -> list[str]:
    """The questions of a page that was opened before: what a process reads once is read."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(address)
    assert answer.status_code == 200
    return [one["sql"] for one in found.captured_queries]


def test_the_queue_asks_few_questions(as_, researcher, desk, year):
    for _number in range(3):
        make.placed(researcher)
    client = as_(desk)
    few = asked(client, reverse("desk_orders"))
    assert len(few) < MOST, "\n".join(f"{n} {one[:150]}" for n, one in enumerate(few))


def test_a_longer_queue_asks_no_more(as_, researcher, desk, year, spot_year):
    for _number in range(2):
        make.placed(researcher)
    client = as_(desk)
    few = asked(client, reverse("desk_orders"))
    for _number in range(4):
        make.placed(researcher)
    line = make.placed(researcher, make.tasking_quote(researcher))
    assert len(asked(client, reverse("desk_orders"))) == len(few)
    assert len(asked(client, reverse("desk_order", args=[line.reference]))) < MOST

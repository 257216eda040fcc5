"""Attempts written down by the desk's programs: they count once made, and only the desk writes them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.ledger.models import Account
from orders.models import Attempt
from tests.orders import make
from tests.orders.journeys import held

pytestmark = pytest.mark.django_db

PASS = (timezone.now() + timedelta(days=2)).isoformat()


@pytest.fixture
def line(researcher, referent, desk, year, spot_year):
    """A SPOT tasking of three tries, with the supplier."""
    return make.with_supplier(researcher, desk, make.tasking_quote(researcher))


def send(client, line, then="", **facts):
    address = f"/api/v1/orders/{line.order.reference}/lines/{line.number}/attempts{then}"
    return client.post(address, facts, content_type="application/json")


def consumed() -> int:
    return sum(Account.objects.filter(kind="consumed").values_list("balance", flat=True))


def test_an_attempt_is_planned_made_and_too_cloudy(as_, desk, line):
    client = as_(desk)
    planned = send(client, line, planned_at=PASS, platform="SPOT6")
    assert planned.status_code == 201
    assert planned.json() | {"planned_at": ""} == {
        "number": 1, "state": "planned", "platform": "SPOT6", "planned_at": "",
        "units": "1.00", "cloud_cover": None,
    }  # fmt: skip
    assert (held(line), consumed()) == (3, 0)
    assert send(client, line, "/1/steps/attempt").json()["state"] == "attempted"
    assert (held(line), consumed()) == (2, 1)
    assert send(client, line, "/1/steps/cloud_over", cloud_cover=80).json()["cloud_cover"] == 80
    assert (held(line), consumed()) == (2, 1)


def test_a_missed_attempt_takes_a_reason_and_counts_nothing(as_, desk, line):
    client = as_(desk)
    send(client, line, planned_at=PASS)
    assert send(client, line, "/1/steps/miss").status_code == 422
    assert send(client, line, "/1/steps/miss", reason="Solar storm.").json()["state"] == "missed"
    assert (held(line), consumed()) == (3, 0)


@pytest.mark.parametrize(
    ("then", "facts", "status"),
    [
        ("", {}, 400),
        ("", {"planned_at": PASS, "platform": "PHR1A"}, 422),
        ("", {"planned_at": PASS, "platform": "NOTHING"}, 404),
        ("", {"planned_at": PASS, "units": "2"}, 422),
        ("/2/steps/attempt", {}, 404),
        ("/1/steps/cloud_over", {}, 400),
        ("/1/steps/cloud_over", {"cloud_cover": 5}, 409),
        ("/1/steps/dance", {}, 404),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_counts(as_, desk, line, then, facts, status):
    client = as_(desk)
    send(client, line, planned_at=PASS)
    assert send(client, line, then, **facts).status_code == status
    assert list(Attempt.objects.values_list("state", flat=True)) == ["planned"]
    assert (held(line), consumed()) == (3, 0)


def test_the_requester_reads_attempts_and_writes_none(as_, researcher, other_researcher, line):
    assert send(as_(researcher), line, planned_at=PASS).status_code == 403
    address = f"/api/v1/orders/{line.order.reference}/lines/1/attempts"
    assert as_(researcher).get(address).json() == []
    assert as_(other_researcher).get(address).status_code == 404

"""Pools by program: what the pages do is done at the same addresses of the API, by the same rules."""

import pytest
from django.test import Client

from orders.models import Pool
from orders.states.pool import PoolState
from tests.orders import make
from tests.orders.test_pools import free, give, others, propose, reached  # noqa: F401


def client(user) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def post(user, path: str, body: dict):
    return client(user).post(f"/api/v1/pools/{path}", body, content_type="application/json")


def drafted(user, km2: float = 150):
    return make.draft(user, make.quote(user, km2=km2)).lines.get()


def test_a_pledge_is_withdrawn_by_its_organisation_alone(referent, laboratory, others, year):  # noqa: F811
    pool = propose(referent, year)
    pledge = give(pool, laboratory, referent, 120)
    there = f"{pool.pk}/pledges/{pledge.pk}/withdraw"
    assert post(others[1], there, {}).status_code == 403
    assert free(laboratory) == 880
    answer = post(referent, there, {})
    assert (answer.status_code, answer.json()["state"], free(laboratory)) == (
        200,
        "withdrawn",
        1000,
    )
    assert post(referent, there, {}).status_code == 409


def test_the_keeper_gives_a_pool_up_and_says_why(referent, laboratory, others, year):  # noqa: F811
    pool = propose(referent, year)
    give(pool, laboratory, referent, 120)
    assert post(others[1], f"{pool.pk}/cancel", {"reason": "Mine."}).status_code == 403
    assert post(referent, f"{pool.pk}/cancel", {}).status_code == 400
    answer = post(referent, f"{pool.pk}/cancel", {"reason": "No storms."})
    assert (answer.status_code, answer.json()["state"]) == (200, PoolState.CANCELLED)
    assert free(laboratory) == 1000


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_a_draw_is_asked_and_voted(reached, researcher, referent, others):  # noqa: F811
    line = drafted(researcher)
    asked = post(researcher, f"{reached.pk}/draws", {"line": line.reference})
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    there = f"{reached.pk}/draws/{asked.json()['id']}"
    assert post(researcher, f"{there}/vote", {"agrees": True}).status_code == 403
    first = post(referent, f"{there}/vote", {"agrees": True}).json()
    assert (first["state"], first["agreed"], first["disagreed"]) == ("asked", 1, 0)
    assert post(referent, f"{there}/vote", {"agrees": False}).status_code == 409
    assert post(others[1], f"{there}/vote", {"agrees": True}).json()["state"] == "granted"
    shown = client(researcher).get(f"/api/v1/pools/{reached.pk}/draws").json()
    assert [(one["line"], one["state"], one["agreed"]) for one in shown] == [
        (line.reference, "granted", 2)
    ]


@pytest.mark.parametrize("reached", ["keeper"], indirect=True)
def test_the_keepers_word_on_a_draw_says_why_it_is_no(reached, researcher, referent, others):  # noqa: F811
    asked = post(researcher, f"{reached.pk}/draws", {"line": drafted(researcher).reference}).json()
    there = f"{reached.pk}/draws/{asked['id']}/decide"
    assert post(others[1], there, {"agrees": True}).status_code == 403
    assert post(referent, there, {"agrees": False}).status_code == 422
    answer = post(referent, there, {"agrees": False, "reason": "Another coast first."})
    assert (answer.status_code, answer.json()["state"]) == (200, "refused")


def test_another_persons_line_does_not_exist(reached, researcher, others):  # noqa: F811
    line = drafted(researcher)
    answer = post(others[1], f"{reached.pk}/draws", {"line": line.reference})
    assert answer.status_code == 404
    assert not Pool.objects.get(pk=reached.pk).draws.exists()

"""How often a program may ask: counted at once, by person or address, one window after the other."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from rest_framework.test import APIRequestFactory

from dinamis.rates import AnonRate, UserRate

NOON = "2026-01-01T12:00:00Z"


class Three(AnonRate):
    rate = "3/min"


def request(ip="10.0.0.1", user=None):
    made = APIRequestFactory().get("/stac/", REMOTE_ADDR=ip)
    made.user = user or AnonymousUser()
    return made


def test_who_asks_too_often_waits_until_the_window_is_over():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [Three().allow_request(request(), None) for _time in range(5)] == [True] * 3 + [
            False
        ] * 2
        assert Three().allow_request(request("10.0.0.2"), None)
        clock.shift(20)
        assert Three().wait() == pytest.approx(40)
        clock.shift(40)
        assert Three().allow_request(request(), None)


def test_none_of_those_that_come_together_is_missed():
    class Ten(AnonRate):
        rate = "10/min"

    with time_machine.travel(NOON, tick=False), ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(Ten().allow_request, request(), None) for _time in range(40)]
        assert sum(one.result() for one in asked) == 10


def test_each_class_limits_its_own(django_user_model):
    person = django_user_model(pk=7)
    assert Three().allow_request(request(user=person), None)

    class One(UserRate):
        rate = "1/min"

    with time_machine.travel(NOON, tick=False):
        assert [One().allow_request(request(user=person), None) for _time in range(2)] == [
            True,
            False,
        ]


def test_a_cache_that_is_away_limits_nobody():
    with mock.patch("dinamis.limits.cache.count", side_effect=OSError):
        assert all(Three().allow_request(request(), None) for _time in range(9))

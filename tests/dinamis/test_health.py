"""Alive is not ready; the figures are for loopback or the token."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from dinamis import health
from dinamis.tasks import HEARTBEAT


@pytest.fixture
def beating():
    cache.set(HEARTBEAT, timezone.now().timestamp(), 600)


def test_alive_asks_nobody(client):
    assert client.get("/healthz").json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_when_database_broker_storage_and_workers_answer(client, beating):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = {"database": "ok", "broker": "ok", "storage": "ok", "workers": "ok"}
    assert answer.json() == {"status": "ready", **told}


@pytest.mark.django_db
def test_a_worker_silent_for_two_minutes_is_named(client):
    cache.set(HEARTBEAT, timezone.now().timestamp() - health.SILENT_AFTER - 1, 600)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["workers"] == "down"


@pytest.mark.django_db
def test_a_part_that_raises_is_down_and_the_others_are_still_told(client, beating, monkeypatch):
    def broken() -> bool:
        raise OSError("disk full")

    monkeypatch.setitem(health.CHECKS, "storage", broken)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["storage"]) == (503, "down")
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("203.0.113.9", {}, 403),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 403),
        ("203.0.113.9", {"HTTP_AUTHORIZATION": "Bearer counted"}, 200),
        ("203.0.113.9", {"HTTP_AUTHORIZATION": "Bearer guessed"}, 403),
    ],
)
def test_the_figures_are_for_loopback_or_the_token(client, settings, address, headers, status):
    settings.METRICS_TOKEN = "counted"
    assert client.get("/metrics", REMOTE_ADDR=address, **headers).status_code == status


def test_a_refusal_stays_one_while_the_database_is_away(client, monkeypatch):
    def away(request, refused):
        raise OperationalError("gone")

    monkeypatch.setattr("accounts.services.trust.trail.record_refusal", away)
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403

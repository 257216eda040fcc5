"""A refusal becomes a page or a problem document, in two places only, and is written down."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import RequestFactory
from rest_framework.request import Request

from dinamis import api, middleware
from dinamis.errors import Invalid, NotFound, NotNow, WayOn
from dinamis.middleware import RefusalMiddleware


@pytest.fixture
def recorded(monkeypatch):
    seen = []

    def record(request, refused):
        seen.append(refused.code)

    monkeypatch.setattr(middleware, "record", record)
    monkeypatch.setattr(api, "record", record)
    return seen


def page(rf, error, **headers):
    request = rf.get("/orders/", **headers)
    request.user = AnonymousUser()
    request.htmx = False
    return RefusalMiddleware(lambda request: None).process_exception(request, error)


def too_small():
    ways = [WayOn("Ask for more", "/quota/")]
    return NotNow("quota_too_small", "It takes 600 km².", ways_on=ways, available=512, required=600)


def test_a_refusal_is_a_page_that_says_what_is_missing_and_where_to_go(rf, recorded, db):
    answer = page(rf, too_small())
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "It takes 600 km²." in text
    assert '<a class="btn btn-primary" href="/quota/">Ask for more</a>' in text
    assert recorded == ["quota_too_small"]


def test_what_is_not_there_is_the_same_page_for_all(rf, recorded, db):
    assert page(rf, NotFound("area_unknown", "No such area.")).status_code == 404


def test_another_fault_is_not_caught(rf, recorded):
    assert page(rf, ValueError("no")) is None
    assert recorded == []


def test_a_database_that_is_away_is_told_without_asking_it(rf, recorded):
    answer = page(rf, OperationalError("the connection is closed"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Back soon" in answer.content.decode()


def problem(error):
    request = Request(RequestFactory().post("/api/v1/orders"))
    answer = api.problem(error, {"request": request})
    return answer, json.loads(json.dumps(answer.data))


@pytest.mark.django_db
def test_a_program_gets_a_problem_document_with_the_facts(recorded):
    answer, body = problem(too_small())
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert body == {
        "type": "/problems/quota_too_small",
        "title": "It takes 600 km².",
        "status": 409,
        "code": "quota_too_small",
        "available": 512,
        "required": 600,
    }
    assert recorded == ["quota_too_small"]


@pytest.mark.django_db
def test_a_refusal_that_passes_tells_when_to_come_back(recorded):
    answer, _body = problem(NotNow("request_under_way", "Wait.", retry_after=1))
    assert answer["Retry-After"] == "1"


@pytest.mark.django_db
def test_a_wrong_body_is_422_with_its_code(recorded):
    answer, body = problem(Invalid("area_crosses_itself", "It crosses itself.", crossing=[1, 2]))
    assert (answer.status_code, body["crossing"]) == (422, [1, 2])

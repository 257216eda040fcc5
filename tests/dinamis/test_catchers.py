"""A refusal becomes a page or a problem document, in two places only, and is written down."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework.request import Request

from accounts.models import Event
from dinamis import api, middleware
from dinamis.errors import (
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    NotNow,
    TooLarge,
    TooOften,
    WayOn,
)
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


def passed_through(rf, recorded, status: int, *, told: bool = False):
    request = rf.get("/orders/")
    if told:
        setattr(request, middleware.TOLD, True)
    RefusalMiddleware(lambda request: HttpResponse(status=status))(request)
    return recorded


@pytest.mark.parametrize(("status", "code"), [(403, "forbidden"), (409, "conflict")])
def test_what_another_refuses_is_written_down_too_and_what_is_written_is_not_twice(
    rf, recorded, status, code
):
    assert passed_through(rf, recorded, status, told=True) == []
    assert passed_through(rf, recorded, status) == [code]
    assert passed_through(rf, recorded, 404) == passed_through(rf, recorded, 200) == [code]


@pytest.mark.django_db
def test_a_forged_form_leaves_a_line(researcher):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(researcher)
    assert forged.post(reverse("data_ask")).status_code == 403
    [event] = Event.objects.filter(kind="refused")
    assert (event.status, event.code, event.user) == (403, "forbidden", researcher)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [NotAllowed, NotNow, Invalid, NotFound, Gone, TooLarge, TooOften])
@pytest.mark.parametrize("face", ["page", "program"])
def test_every_class_of_refusal_leaves_one_line_by_either_catcher(rf, kind, face):
    refused = kind("some_rule", "No.")
    if face == "page":
        page(rf, refused)
    else:
        problem(refused)
    [event] = Event.objects.all()
    assert (event.kind, event.code, event.status) == ("refused", "some_rule", kind.status)


def test_what_is_data_may_load_nothing_and_a_page_what_is_ours(client, db):
    data, page = client.get("/stac/"), client.get("/")
    assert data["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in data["Content-Security-Policy"]
    assert "default-src 'self'" in page["Content-Security-Policy"]

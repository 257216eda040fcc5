"""Projects for programs: kept or submitted in one request, read back, repeated without harm."""

import json

import pytest

from orders.models import Project
from tests.orders import make
from tests.orders import project_making as making
from tests.orders.test_api import client, post

pytestmark = pytest.mark.django_db

AREA = json.loads(make.square(400).geojson)
WHOLE = {
    "title": "Coast", "abstract": "a", "objectives": "o", "method": "m", "expected": "e",
    "themes": ["coast"], "starts_on": "2026-01-01", "ends_on": "2029-01-01",
    "areas": [{"name": "Mahury", "area": AREA}],
    "wishes": [{"sensor": "pleiades", "kind": "tasking", "images": 2, "km2": "250"}],
}  # fmt: skip


def test_a_draft_says_what_is_missing(researcher):
    answer = post(client(researcher), "projects", {"title": "Coast"})
    body = answer.json()
    assert (answer.status_code, body["state"], body["is_yours"]) == (201, "draft", True)
    assert "a theme" in body["missing"]
    assert answer["Location"].endswith(f"/api/v1/projects/{body['reference']}")


def test_a_whole_project_is_submitted_in_one_request_or_not_at_all(researcher, desk):
    half = post(client(researcher), "projects", WHOLE | {"themes": [], "submit": True})
    assert (half.status_code, half.json()["code"]) == (422, "project_not_complete")
    assert not Project.objects.exists()
    headers = {"idempotency-key": "p-1"}
    sent = post(client(researcher), "projects", WHOLE | {"submit": True}, **headers)
    again = post(client(researcher), "projects", WHOLE | {"submit": True}, **headers)
    assert (sent.status_code, again.json()) == (201, sent.json())
    project = Project.objects.get()
    assert (project.state, project.areas.get().name) == ("submitted", "Mahury")
    read = client(desk).get(f"/api/v1/projects/{project.reference}").json()
    assert (read["state"], read["is_yours"], read["wishes"][0]["km2"]) == (
        "submitted",
        True,
        "250.00",
    )


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"themes": ["nothing"]}, 422),
        ({"wishes": [{"sensor": "nothing", "kind": "tasking", "images": 1, "km2": "9"}]}, 422),
        ({"areas": [{"name": "x"}]}, 400),
        ({"areas": [{"area": {"type": "Point", "coordinates": [0, 0]}}]}, 400),
        ({"track": "other"}, 400),
    ],
)
def test_what_is_not_understood_keeps_nothing(researcher, more, status):
    assert post(client(researcher), "projects", WHOLE | more).status_code == status
    assert not Project.objects.exists()


def test_what_is_allotted_is_read_by_its_people_and_by_nobody_else(
    researcher, desk, stranger, year
):
    project = making.approved(researcher, desk, wishes=(making.wish(km2=300),))
    address = f"/api/v1/projects/{project.reference}"
    (free,) = client(researcher).get(address).json()["allotments"]
    assert (free["sensor"], free["free"]) == ("pleiades", "300.00")
    assert client(stranger).get(address).status_code == 404
    assert client(stranger).get("/api/v1/projects").json()["count"] == 0
    assert client(researcher).get("/api/v1/projects").json()["count"] == 1

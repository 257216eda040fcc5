"""Projects: who sees them, when images may be asked under one, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalogue import reference as catalogue_reference
from catalogue.models import Theme
from orders.models import Project, ProjectEvent
from orders.services.lines.references import next_reference
from tests.orders import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(researcher, laboratory) -> Project:
    return make.project(researcher, of=laboratory)


def seen_by(user) -> list[Project]:
    return list(Project.objects.visible_to(user))


def test_its_lead_its_referent_and_the_desk_see_it_and_a_stranger_does_not(
    running, researcher, referent, desk, stranger
):
    for user in (researcher, referent, desk):
        assert seen_by(user) == [running]
    assert seen_by(stranger) == []


def test_a_draft_is_not_the_desks_to_read(researcher, laboratory, desk):
    draft = make.project(researcher, of=laboratory, state="draft", starts_on=None, ends_on=None)
    assert seen_by(researcher) == [draft]
    assert seen_by(desk) == []


@pytest.mark.parametrize(
    ("facts", "is_running"),
    [
        ({}, True),
        ({"state": "closed"}, False),
        ({"state": "offered"}, False),
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, False),
        ({"starts_on": timezone.localdate() + timedelta(days=1)}, False),
    ],
)
def test_it_runs_while_it_is_approved_and_within_its_dates(
    researcher, laboratory, facts, is_running
):
    project = make.project(researcher, of=laboratory, **facts)
    today = timezone.localdate()
    assert project.is_running(today) is is_running
    assert Project.objects.running(today).exists() is is_running


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"ends_on": timezone.localdate() - timedelta(days=30)}, "project_ends_after_it_begins"),
        ({"state": "submitted", "ends_on": None}, "project_sent_has_its_dates"),
    ],
)
def test_the_database_refuses_dates_that_cannot_be(researcher, laboratory, facts, rule):
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        make.project(researcher, of=laboratory, **facts)


def test_the_history_of_a_project_is_only_added_to(running):
    event = ProjectEvent.objects.create(
        project=running, step="approve", target="approved", at=timezone.now(), **make.BY.columns()
    )
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        event.delete()


def test_references_of_projects_have_their_own_numbers(db):
    first, second = next_reference("P"), next_reference("P")
    assert int(second[7:]) == int(first[7:]) + 1


def test_themes_are_loaded_once_and_an_administrators_words_stay(reference):
    Theme.objects.filter(code="coast").update(name_en="Shores")
    count = Theme.objects.count()
    catalogue_reference.load()
    assert (Theme.objects.count(), str(Theme.objects.get(code="coast").name_en)) == (
        count,
        "Shores",
    )

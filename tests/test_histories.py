"""Histories are only ever added to: every one of them, as PostgreSQL itself answers."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.models import Event
from dinamis.actors import ActedBy
from dinamis.histories import is_append_only

pytestmark = pytest.mark.django_db

# What carries an actor and yet is no history: its row lives, and why it may.
LIVING = {
    "Decision": "waits for its moment to be undone; see orders/states/decision.py",
    "Delegation": "ended before its last day, with the hour of it, in its events",
    "Duty": "ended, with the day, when it is over",
    "Invitation": "goes through its states; see accounts/states/invitation.py",
    "ReviewAct": "is undone or takes effect, once, with the hour of it",
    "LicenceDraft": "goes through its states; see accounts/states/licence_draft.py",
    "Closing": "is closed by a second person, or given up; then it never changes",
    "Delivery": "goes through its states; see orders/states/delivery.py",
    "Modulation": "is applied, or given up; then it never changes",
    "Conversion": "goes through its states; see catalogue/states.py",
    "SceneImport": "goes through its states; see catalogue/states.py",
    "Passing": "goes through its states; see catalogue/states.py",
    "Product": "is withdrawn, with the reason, in the scene's history",
    "Publication": "is taken off, with the hour, in the project's history",
    "Reconciliation": "is ended once, or says why it stopped",
    "SceneLoad": "is ended once, with what it came to",
    "Standin": "ended before its last day, with the hour of it",
    "RuleVersion": "is approved by a second person before it takes effect",
}

ACTED = [model for model in apps.get_models() if issubclass(model, ActedBy)]
HISTORIES = [model for model in apps.get_models() if is_append_only(model)]


@pytest.mark.parametrize("model", ACTED, ids=lambda model: model.__name__)
def test_whatever_names_its_actor_is_only_added_to_or_says_why_not(model):
    assert is_append_only(model) != (model.__name__ in LIVING)


def test_whatever_is_called_an_event_is_only_added_to():
    named = {model.__name__ for model in apps.get_models() if model.__name__.endswith("Event")}
    assert named - {model.__name__ for model in HISTORIES} == {"Event"}


@pytest.mark.parametrize("model", HISTORIES, ids=lambda model: model.__name__)
@pytest.mark.parametrize("event", ["UPDATE", "DELETE"])
def test_the_database_has_the_trigger_that_refuses(model, event):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgenabled <> 'D' AND pg_get_triggerdef(oid) ~ %s",
            [model._meta.db_table, f"BEFORE .*{event}.*FOR EACH ROW"],
        )
        assert cursor.fetchone()[0] >= 1


def test_an_event_is_never_changed_and_never_deleted_within_its_year():
    event = Event.objects.create(kind=Event.Kind.SIGNED_OUT)
    for change in ("UPDATE accounts_event SET code = 'x'", "DELETE FROM accounts_event"):
        with (
            pytest.raises(DatabaseError, match=r"Cannot (update|delete)"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
    assert Event.objects.get().pk == event.pk

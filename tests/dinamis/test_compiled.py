"""A question that is written once answers as the queryset it was written from, whatever is asked of it."""

import asyncio
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import Affiliation, Duty, User
from dinamis.compiled import Compiled, Keys
from dinamis.counting import count_all

pytestmark = pytest.mark.django_db


def test_it_answers_as_the_queryset_does(
    researcher, other_researcher, desk, django_assert_num_queries
):
    asked = Compiled(
        lambda user: Affiliation.objects.in_force().filter(user=user).select_related("organisation")
    )
    for person in (researcher, other_researcher, desk, researcher):
        plain = Affiliation.objects.in_force().filter(user=person)
        with django_assert_num_queries(1):
            found = asked(person.pk)
            assert all(one.organisation.name for one in found)
        assert found == list(plain)


def test_texts_lists_and_plain_values_are_told_apart(researcher, other_researcher):
    asked = Compiled(
        lambda email, keys: User.objects.filter(email=email, pk__in=keys).values_list(
            "email", flat=True
        )
    )
    keys = [researcher.pk, other_researcher.pk]
    assert asked(researcher.email, keys) == [researcher.email]
    assert asked(other_researcher.email, keys) == [other_researcher.email]
    assert asked(researcher.email, keys[1:]) == []
    assert asked("' OR TRUE --", keys) == []


def test_today_is_the_day_on_which_it_is_asked(researcher):
    asked = Compiled(lambda user: Affiliation.objects.in_force().filter(user=user))
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        assert len(asked(researcher.pk)) == 1
    Affiliation.objects.filter(user=researcher).update(ends_on=date(2026, 3, 1))
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        assert len(asked(researcher.pk)) == 1
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        assert asked(researcher.pk) == []


def test_an_event_loop_asks_by_the_connection_that_django_gives_it(researcher, monkeypatch):
    """It sees what a queryset sees there: nothing of the transaction that its thread is in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    asked = Compiled(lambda user: User.objects.filter(pk=user))
    assert len(asked(researcher.pk)) == 1

    async def inside() -> tuple[list[User], list[User]]:
        try:
            return asked(researcher.pk), list(User.objects.filter(pk=researcher.pk))
        finally:
            connection.close()

    assert asyncio.run(inside()) == ([], [])
    assert len(asked(researcher.pk)) == 1


def test_it_goes_on_after_the_connection_was_lost(researcher, transactional_db):
    asked = Compiled(lambda user: Duty.objects.exercised_by(user))
    assert asked(researcher.pk) == []
    connection.close()
    assert asked(researcher.pk) == []


@pytest.mark.parametrize("value", [None, True, 1.5])
def test_what_may_change_the_question_is_no_value_of_it(value):
    with pytest.raises(TypeError, match="may change the question"):
        Compiled(lambda user: User.objects.filter(pk=user))(value)


def test_a_value_that_is_not_asked_about_is_a_mistake_of_the_programmer():
    with pytest.raises(LookupError, match="Not every value"):
        Compiled(lambda user, _other: User.objects.filter(pk=user))(1, 2)


def test_keys_are_counted_as_the_querysets_are_and_with_them(
    researcher, other_researcher, desk, django_assert_num_queries
):
    people = (researcher, other_researcher, desk)
    theirs = Keys(lambda user: Affiliation.objects.in_force().filter(user=user))
    two = Keys(lambda: User.objects.order_by("full_name")[:2])
    for person in people:
        plain = Affiliation.objects.in_force().filter(user=person)
        with django_assert_num_queries(1):
            counted = count_all([theirs(person.pk), two(), plain, User.objects.none(), plain[:0]])
        assert counted == [plain.count(), 2, plain.count(), 0, 0]
        with django_assert_num_queries(1):
            assert count_all([theirs(person.pk), two()]) == counted[:2]
    assert count_all([theirs(researcher.pk), theirs(desk.pk)]) == [1, 0]


@pytest.mark.parametrize("other", [timedelta(days=1), timedelta(hours=-1)])
def test_another_day_or_instant_than_now_is_refused_rather_than_read_as_now(other):
    later = timezone.now() + other
    question = Keys(lambda user: User.objects.filter(pk=user, joined_at__lt=later))
    with pytest.raises(LookupError, match="neither today nor now"):
        question(1)
    day = timezone.localdate() + 2 * timedelta(days=1)
    with pytest.raises(LookupError, match="neither today nor now"):
        Compiled(lambda user: Affiliation.objects.filter(user=user, ends_on=day))(1)


def test_rows_are_locked_inside_a_transaction_alone(researcher, transactional_db):
    locked = Compiled(lambda user: User.objects.select_for_update().filter(pk=user))
    for _time in range(2):
        with transaction.atomic():
            assert locked(researcher.pk) == [researcher]
        with pytest.raises(TransactionManagementError, match="inside a transaction"):
            locked(researcher.pk)

"""A question that is written once answers as the queryset it was written from, whatever is asked of it."""

from datetime import date

import pytest
import time_machine
from django.db import connection

from accounts.models import Affiliation, Duty, User
from dinamis.compiled import Compiled

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

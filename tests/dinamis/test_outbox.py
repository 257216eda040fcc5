"""A promise made in a transaction is kept once, whatever happens to the broker and the workers."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dinamis import leases, outbox
from dinamis.celery import app
from dinamis.outbox import MAX_ATTEMPTS, Promise, after_commit

done: list[tuple] = []


@app.task(name="tests.note")
def note(*arguments):
    done.append(arguments)


@app.task(name="tests.fail")
def fail(*arguments):
    raise RuntimeError("the printer is out of paper")


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    done.clear()
    monkeypatch.setattr(outbox.app, "send_task", lambda *a, **k: None)


def promised(task="tests.note", *arguments, **options):
    with transaction.atomic():
        return after_commit(task, *arguments, **options)


@pytest.mark.django_db(transaction=True)
def test_a_promise_is_kept_once_however_often_it_is_told():
    promise = promised("tests.note", 7)
    assert outbox.keep(promise.pk) is True
    assert outbox.keep(promise.pk) is False
    assert done == [(7,)]


@pytest.mark.django_db(transaction=True)
def test_a_promise_dies_with_its_transaction():
    with transaction.atomic():
        after_commit("tests.note", 1)
        transaction.set_rollback(True)
    assert Promise.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_promise_outside_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError):
        after_commit("tests.note", 1)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_fails_loses_nothing(monkeypatch):
    def unreachable(*arguments, **options):
        raise ConnectionError

    monkeypatch.setattr(outbox.app, "send_task", unreachable)
    promise = promised("tests.note", 3)
    woken = []
    monkeypatch.setattr(outbox.app, "send_task", lambda name, args: woken.append(args[0]))
    assert outbox.sweep() == 1
    assert woken == [promise.pk]


@pytest.mark.django_db(transaction=True)
def test_a_failing_task_waits_longer_each_time_then_asks_for_a_person():
    promise = promised("tests.fail", 1)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        Promise.objects.filter(pk=promise.pk).update(due_at=timezone.now())
        assert outbox.keep(promise.pk) is False
        promise.refresh_from_db()
        assert promise.attempts == attempt
    assert promise.error == "RuntimeError: the printer is out of paper"
    assert list(Promise.objects.stuck()) == [promise]
    Promise.objects.filter(pk=promise.pk).update(due_at=timezone.now())
    assert outbox.keep(promise.pk) is False
    assert Promise.objects.get().attempts == MAX_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_promise_in_a_living_hand_is_left_alone_and_a_dead_one_is_taken_over():
    promise = promised("tests.note", 1)
    Promise.objects.update(claimed_until=timezone.now() + timedelta(seconds=30), attempts=1)
    assert (outbox.sweep(), outbox.keep(promise.pk)) == (0, False)
    Promise.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert outbox.sweep() == 1
    assert outbox.keep(promise.pk) is True


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_goes_on(monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.05)
    promise = promised("tests.note", 1)
    Promise.objects.update(claimed_until=timezone.now())
    with leases.renewed(partial(outbox._renew, promise.pk), name="test"):
        for _ in range(100):
            if Promise.objects.get().claimed_until > timezone.now() + timedelta(seconds=30):
                break
            connection.cursor().execute("SELECT pg_sleep(0.05)")
    assert Promise.objects.get().claimed_until > timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db(transaction=True)
def test_a_promise_for_later_waits_in_the_database():
    promise = promised("tests.note", 1, due_at=timezone.now() + timedelta(hours=2))
    assert (outbox.sweep(), outbox.keep(promise.pk)) == (0, False)
    Promise.objects.update(due_at=timezone.now())
    assert outbox.keep(promise.pk) is True


@pytest.mark.django_db(transaction=True)
def test_what_two_deeds_of_one_transaction_promise_is_promised_once():
    with transaction.atomic():
        first = after_commit("tests.note", 1)
        assert after_commit("tests.note", 1) == first
        other = after_commit("tests.note", 2)
    assert set(Promise.objects.all()) == {first, other}
    assert [outbox.keep(one.pk) for one in (first, other)] == [True, True]
    assert done == [(1,), (2,)]


@pytest.mark.django_db(transaction=True)
def test_what_another_transaction_promised_does_not_count_a_worker_may_be_at_it():
    first = promised("tests.note", 1)
    assert promised("tests.note", 1) != first
    assert Promise.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_promise_that_a_savepoint_took_back_is_made_again():
    with transaction.atomic():
        with transaction.atomic():
            after_commit("tests.note", 1)
            transaction.set_rollback(True)
        after_commit("tests.note", 1)
    promise = Promise.objects.get()
    assert outbox.keep(promise.pk) is True


@pytest.mark.django_db(transaction=True)
def test_of_two_instants_the_earlier_counts(monkeypatch):
    woken = []
    monkeypatch.setattr(outbox, "wake", woken.append)
    later = timezone.now() + timedelta(hours=1)
    with transaction.atomic():
        after_commit("tests.note", 1, due_at=later)
        after_commit("tests.note", 1, due_at=later + timedelta(hours=1))
        assert Promise.objects.get().due_at == later
        after_commit("tests.note", 1)
        after_commit("tests.note", 1, due_at=later)
    promise = Promise.objects.get()
    assert promise.due_at < later
    assert woken == [promise.pk]


@pytest.mark.django_db(transaction=True)
def test_a_promise_kept_and_made_again_in_a_longer_transaction_is_a_new_one():
    with transaction.atomic():
        first = after_commit("tests.note", 1)
        assert outbox.keep(first.pk) is True
        assert after_commit("tests.note", 1) != first

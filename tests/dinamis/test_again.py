"""A deadlock between two transactions: the loser is done again; without it, it fails."""

import threading
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from dinamis.again import TIMES, again
from dinamis.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)


def crossing(first: int, second: int, meet: threading.Barrier) -> None:
    """Add one to a row, wait until the rival has the other row, then add one to that."""
    with transaction.atomic():
        for number, pk in enumerate((first, second)):
            row = Promise.objects.select_for_update().get(pk=pk)
            Promise.objects.filter(pk=pk).update(attempts=row.attempts + 1)
            if number == 0 and not meet.broken:
                with suppress(threading.BrokenBarrierError):
                    meet.wait(timeout=5)


def both(act) -> list[str]:
    """Two threads that cross, and what became of each."""
    one, other = (Promise.objects.create(task=f"t{n}").pk for n in (1, 2))
    meet, ends = threading.Barrier(2), []

    def run(first: int, second: int) -> None:
        try:
            act(first, second, meet)
            ends.append("done")
        except OperationalError:
            ends.append("lost")
        finally:
            connection.close()
            meet.abort()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [*sorted(ends), *Promise.objects.order_by("pk").values_list("attempts", flat=True)]


def test_whoever_loses_a_deadlock_is_done_again_and_nothing_is_done_twice():
    def once(first, second, meet):
        calls.append(1)
        if len(calls) > 2:
            meet.abort()  # the third call is the loser's second: nobody is left to meet
        crossing(first, second, meet)

    calls: list[int] = []
    assert both(again(once)) == ["done", "done", 2, 2]
    assert len(calls) == 3


def test_the_control_without_it_loses_one():
    assert both(crossing) == ["done", "lost", 1, 1]


def test_inside_a_transaction_of_somebody_else_nothing_is_tried_again():
    calls = []

    @again
    def act() -> None:
        calls.append(1)
        raise OperationalError from _deadlock()

    with pytest.raises(OperationalError), transaction.atomic():
        act()
    assert len(calls) == 1
    calls.clear()
    with pytest.raises(OperationalError):
        act()
    assert len(calls) == TIMES


def test_another_fault_of_the_database_is_not_tried_again():
    calls = []

    @again
    def act() -> None:
        calls.append(1)
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        act()
    assert len(calls) == 1


def _deadlock() -> Exception:
    return DeadlockDetected("deadlock detected")

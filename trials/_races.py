"""Calls made at the same moment by threads of their own, each on its own connection."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection

from orders.ledger.services import holds

WAIT = 30.0  # seconds until a thread that never comes makes the others fail


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make every call in its own thread, all let go together; return results and exceptions in order."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            start.wait(WAIT)
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 (handed to the caller, whatever it is)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@contextmanager
def all_look_before_any_books(threads: int) -> Iterator[None]:
    """Make each thread's first look at the balances wait until all have looked: the worst interleaving."""
    looked = threading.Barrier(threads)
    mine = threading.local()
    plain = holds._balances

    def look(purses: Any) -> Any:
        seen = plain(purses)
        if not hasattr(mine, "looked"):
            mine.looked = True
            looked.wait(WAIT)
        return seen

    with mock.patch.object(holds, "_balances", look):
        yield


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """Take `quota_not_overdrawn` away, to see that it is what protects; NOT VALID lets it come back."""
    name = "quota_not_overdrawn"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
        )
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE orders_account DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE orders_account ADD CONSTRAINT {name} {definition} NOT VALID"
            )

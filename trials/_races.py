"""Calls made at the same moment by threads of their own, each on its own connection."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction

from orders.ledger import services
from orders.ledger.models import Account

WAIT = 8.0  # seconds until a thread that never comes makes the others fail; a lock waits for ten


def at_once(calls: Sequence[Callable[[], Any]], *, looking_at: Account | None = None) -> list[Any]:
    """Make every call in its own thread, all let go together; return results and exceptions in order.

    With `looking_at`, the worst interleaving: that account is locked until every call has looked at
    its balance and waits to book, so that each believes the quota to be free.
    """
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
    with _kept_waiting(looking_at, len(calls)) if looking_at else nullcontext():
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    return results


@contextmanager
def _kept_waiting(account: Account, number: int) -> Iterator[None]:
    """Hold the account's row until so many connections wait for it."""
    with transaction.atomic():
        services.lock([account])
        yield
        end = time.monotonic() + WAIT
        while _waiting() < number:
            if time.monotonic() > end:
                raise TimeoutError(f"{_waiting()} of {number} wait for the quota")
            time.sleep(0.02)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


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

"""What every test stands on."""

from collections.abc import Iterator
from unittest import mock

import pgtrigger
import pytest
from django.test import TransactionTestCase


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """Let Django empty the tables after a test that commits: the ledger refuses TRUNCATE to all others."""
    plain = TransactionTestCase._fixture_teardown

    def emptied(self: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            plain(self)

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", emptied):
        yield

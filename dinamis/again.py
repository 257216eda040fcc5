"""A transaction that lost a deadlock is done again: PostgreSQL undid all of it, and its rival is through.

Rows are locked in one order everywhere, so this is the net below, not the rope.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import structlog
from django.db import OperationalError, connection
from psycopg import errors

log = structlog.get_logger(__name__)
TIMES = 3
WAIT = (0.02, 0.2)  # seconds, at random between these: two rivals do not meet again
LOST = (errors.DeadlockDetected, errors.SerializationFailure)
Result = TypeVar("Result")


def again(act: Callable[..., Result]) -> Callable[..., Result]:
    """Decorate a service that is one transaction: of a deadlock lost it is tried three times in all.

    Inside another transaction it is called once: only whoever began that one can do it again.
    """

    @wraps(act)
    def tried(*args: Any, **kwargs: Any) -> Result:
        for left in reversed(range(TIMES)):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not left or not isinstance(error.__cause__, LOST):
                    raise
                log.warning("deadlock_lost", act=act.__qualname__, left=left)
                time.sleep(random.uniform(*WAIT))  # noqa: S311 no secret
        raise AssertionError("unreachable")

    return tried

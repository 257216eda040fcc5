"""Schemathesis asks a description of ours what nobody thought of, inside the test's own transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from dinamis.rates import Counted

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
FEW = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def ask_everything(description: str, *, headers: Mapping[str, str] | None = None) -> int:
    """Ask every operation of an OpenAPI document a few times; return how many operations there are.

    Fails on a 500, and on an answer that is not as described.
    """
    with _site() as application:
        schema = schemathesis.openapi.from_wsgi(description, application)
        operations = [found.ok() for found in schema.get_all_operations()]
        asked = [_ask(operation, headers) for operation in operations]
    assert all(asked), "an operation was not asked"
    return len(operations)


def _ask(operation: Any, headers: Mapping[str, str] | None) -> int:
    asked = 0

    @FEW
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
    return asked


@contextmanager
def _site() -> Iterator[Any]:
    """The site on this test's connection; a campaign is no program, so its rate is not limited."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with mock.patch.object(Counted, "allow_request", return_value=True):
            yield get_wsgi_application()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)

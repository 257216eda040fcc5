"""Schemathesis asks the description of /stac/ what nobody thought of: never a 500, always as described."""

from unittest import mock

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tests.catalogue import make

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
FEW = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def application():
    """The site in this test's transaction; a campaign is no program, so its rate is not limited."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with mock.patch.object(SimpleRateThrottle, "allow_request", return_value=True):
        yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_nothing_that_is_sent_breaks_it(application):
    make.scene()
    schema = schemathesis.openapi.from_wsgi("/stac/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 20
    asked = 0

    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=CHECKS)

        ask()
    assert asked >= len(operations)

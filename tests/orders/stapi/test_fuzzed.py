"""Schemathesis asks the description of /stapi/ what nobody thought of: never a 500, always as described."""

import pytest

from tests import fuzzing
from tests.orders.stapi.test_provider import keys

pytestmark = pytest.mark.django_db


def test_nothing_that_is_sent_breaks_it(researcher, year):
    assert fuzzing.ask_everything("/stapi/openapi.json", headers=keys(researcher)) == 13

"""Schemathesis asks the description of /stac/ what nobody thought of: never a 500, always as described."""

import pytest

from tests import fuzzing
from tests.catalogue import make

pytestmark = pytest.mark.django_db


def test_nothing_that_is_sent_breaks_it():
    make.scene()
    assert fuzzing.ask_everything("/stac/openapi.json") == 20

"""One character changed in a column drawn at random, in rows drawn at random: every row is named."""

import random

import pytest

from accounts.services.licences import chain
from benchmarks import signatures

pytestmark = pytest.mark.django_db


def test_every_changed_row_is_named_and_the_rest_is_not(licences, monkeypatch):
    monkeypatch.setattr(signatures, "MANY", 300)
    monkeypatch.setattr(signatures, "EACH", 30)
    signatures._fill(chain)
    assert chain.verify() == []
    for seed in (1, 2, 3):
        assert signatures._round_of_changes(chain, random.Random(seed))[1] == 30
    assert chain.verify() == []

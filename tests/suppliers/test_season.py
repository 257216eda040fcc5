"""A short season at the twin that lies and loses: every tasking ends right, whatever the seed."""

import pytest

from orders.ledger.check import faults
from orders.models import Supplier
from orders.services.supplying import connectors
from trials import _season_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2])
def test_every_tasking_of_a_season_ends_in_the_one_right_state(monkeypatch, seed):
    monkeypatch.setitem(
        connectors.MAKERS, Supplier.Kind.STAPI, connectors.MAKERS[Supplier.Kind.STAPI]
    )
    found = _season_world.played(8, seed=seed)
    assert found["faults"] > 4
    assert found["muddled"] > 8
    assert (found["ended"], found["wrong"], found["twice"]) == (8, 0, 0), found["ends"]
    assert (found["differences"], float(found["held"])) == (0, 0)
    assert faults() == []

"""A supplier by program whose connector is the twin, and the people of tests/orders."""

import pytest

from orders.models import Supplier
from orders.services.supplying import connectors
from tests.orders.conftest import (  # noqa: F401 the standing characters
    desk,
    laboratory,
    reference,
    referent,
    researcher,
    spot_year,
    stranger,
    year,
)
from tests.suppliers import making
from tests.suppliers.twin import Twin


@pytest.fixture
def supplier(reference: None) -> Supplier:  # noqa: F811
    return making.supplier()


@pytest.fixture
def twin(supplier: Supplier, monkeypatch: pytest.MonkeyPatch) -> Twin:
    """What the worker finds behind the supplier."""
    made = Twin()
    monkeypatch.setitem(
        connectors.MAKERS, Supplier.Kind.STAPI, lambda supplier, pace: made.bind(pace)
    )
    return made

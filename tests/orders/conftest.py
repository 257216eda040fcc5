"""The standing characters: a researcher of a laboratory with quota, her referent, the desk, a stranger."""

import pytest

from accounts.models import Organisation, User
from orders.models import Period
from tests.orders import make


@pytest.fixture
def reference(db: None) -> None:
    """The rules, sensors and licences: among the rows that every test begins with."""


@pytest.fixture
def laboratory(reference: None) -> Organisation:
    return make.organisation("Coast Laboratory")


@pytest.fixture
def researcher(laboratory: Organisation) -> User:
    user = make.person("alice")
    make.attached(user, laboratory)
    make.signed(user)
    return user


@pytest.fixture
def referent(laboratory: Organisation) -> User:
    user = make.person("bob")
    make.attached(user, laboratory, is_referent=True)
    return user


@pytest.fixture
def stranger(reference: None) -> User:
    """A researcher of another member organisation."""
    user = make.person("charlie")
    make.attached(user, make.organisation("Mountain Laboratory"))
    return user


@pytest.fixture
def desk(reference: None) -> User:
    return make.person("dora", "desk")


@pytest.fixture
def year(laboratory: Organisation) -> Period:
    """This year's Pléiades: 1,000 km² for the laboratory."""
    year = make.period()
    make.allotment(laboratory, 1000, in_period=year)
    return year


@pytest.fixture
def spot_year(laboratory: Organisation) -> Period:
    """This year's SPOT: 20 attempts for the laboratory."""
    year = make.period("spot67", budget=100)
    make.allotment(laboratory, 20, in_period=year)
    return year


@pytest.fixture
def neighbour(stranger, spot_year):
    """Another laboratory that tasks the same place, with quota and licence."""
    there = stranger.affiliations.get().organisation
    make.allotment(there, 20, in_period=spot_year)
    make.signed(stranger)
    return stranger

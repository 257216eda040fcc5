"""The standing characters: a researcher of a laboratory with quota, her referent, the desk, a stranger."""

from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from orders.models import Period
from tests.orders import make
from tests.standing import Stage


@pytest.fixture
def reference(db: None) -> None:
    """The rules, sensors and licences: among the rows that every test begins with."""


@pytest.fixture
def laboratory(reference: None, stage: Stage) -> Organisation:
    stage.put("coast", lambda: make.organisation("Coast Laboratory"))
    return Organisation.objects.get(name="Coast Laboratory")


@pytest.fixture
def researcher(laboratory: Organisation, stage: Stage) -> User:
    def come() -> None:
        user = make.person("alice")
        make.attached(user, laboratory)
        make.signed(user)

    return _person("alice", come, stage)


@pytest.fixture
def referent(laboratory: Organisation, stage: Stage) -> User:
    def come() -> None:
        make.attached(make.person("bob"), laboratory, is_referent=True)

    return _person("bob", come, stage)


@pytest.fixture
def stranger(reference: None, stage: Stage) -> User:
    """A researcher of another member organisation."""

    def come() -> None:
        make.attached(make.person("charlie"), make.organisation("Mountain Laboratory"))

    return _person("charlie", come, stage)


@pytest.fixture
def desk(reference: None, stage: Stage) -> User:
    return _person("dora", lambda: make.person("dora", "desk"), stage)


def _person(name: str, come: Callable[[], object], stage: Stage) -> User:
    stage.put(name, come)
    return User.objects.get(email=f"{name}@example.org")


@pytest.fixture
def year(laboratory: Organisation, stage: Stage) -> Period:
    """This year's Pléiades: 1,000 km² for the laboratory."""
    return _year("pleiades", 10_000, 1000, laboratory, stage)


@pytest.fixture
def spot_year(laboratory: Organisation, stage: Stage) -> Period:
    """This year's SPOT: 20 attempts for the laboratory."""
    return _year("spot67", 100, 20, laboratory, stage)


def _year(sensor: str, budget: int, amount: int, of: Organisation, stage: Stage) -> Period:
    def open_it() -> None:
        make.allotment(of, amount, in_period=make.period(sensor, budget=budget))

    stage.put(f"year of {sensor}", open_it)
    return Period.objects.get(sensor=sensor)


@pytest.fixture
def neighbour(stranger, spot_year):
    """Another laboratory that tasks the same place, with quota and licence."""
    there = stranger.affiliations.get().organisation
    make.allotment(there, 20, in_period=spot_year)
    make.signed(stranger)
    return stranger

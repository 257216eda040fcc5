"""What was asked together is handed in once: one image, for every line that was placed as one."""

from pathlib import Path

import pytest

from dinamis.actors import Actor
from orders.ledger.check import faults
from orders.models import Line
from orders.services.delivering import deliveries
from orders.services.lines import lines
from orders.services.pools import joint, joint_placing
from orders.services.tasking import acquisitions
from tests.catalogue.deliveries import make as make_files
from tests.orders import make
from tests.orders.journeys import Cast, consumed, held, propose
from tests.orders.test_deliveries import handed_in, store  # noqa: F401 a fixture
from tests.orders.test_joint import asks

pytestmark = pytest.mark.django_db


def joint_of(researcher, neighbour, desk, year) -> tuple[Line, Line]:
    """Two taskings over one place, agreed on and placed as one, each with its image accepted."""
    make.allotment(neighbour.affiliations.get().organisation, 2000, in_period=year)
    mine, theirs = (asks(user, 200, sensor="pleiades") for user in (researcher, neighbour))
    made = joint.find(mine)
    for line, user in ((mine, researcher), (theirs, neighbour)):
        joint.answer(made.parts.get(line=line), agrees=True, by=Actor.of(user))
        lines.accept(line, by=Actor.of(desk))
    joint_placing.place(made, supplier_reference="SO26054557", by=Actor.of(desk))
    return mine, theirs


def accepted(line: Line, user, desk) -> None:
    line.refresh_from_db()
    image = propose(line, Cast(user, user, desk))
    acquisitions.accept(image, by=Actor.of(user))


@pytest.fixture
def over_it(tmp_path) -> Path:
    """An image that covers what both asked, under the supplier's one reference."""
    return make_files(tmp_path / "joint", centre=make.WHERE)


def test_what_was_placed_as_one_is_handed_in_once_and_each_has_it(
    researcher, neighbour, desk, year, over_it
):
    mine, theirs = joint_of(researcher, neighbour, desk, year)
    shares = [held(one) for one in (mine, theirs)]
    for line, user in ((mine, researcher), (theirs, neighbour)):
        accepted(line, user, desk)
    delivery = deliveries.work_through(handed_in(over_it))
    assert (delivery.state, delivery.line) == ("published", mine)
    for line, share in zip((mine, theirs), shares, strict=True):
        line.refresh_from_db()
        assert (line.supply, line.product.deliveries.get()) == ("delivered", delivery)
        assert (held(line), consumed(line)) == (0, share)
    assert faults() == []


def test_a_party_whose_image_is_not_accepted_yet_waits_and_the_other_has_it(
    researcher, neighbour, desk, year, over_it
):
    mine, theirs = joint_of(researcher, neighbour, desk, year)
    accepted(theirs, neighbour, desk)
    delivery = deliveries.work_through(handed_in(over_it))
    assert (delivery.state, delivery.line) == ("published", theirs)
    mine.refresh_from_db()
    assert (mine.supply, held(mine) > 0) == ("placed", True)


def test_two_lines_under_one_reference_that_are_no_joint_request_wait_for_the_desk(
    researcher, desk, year, over_it
):
    for km2 in (110, 120):
        quote = make.quote(researcher, of=make.scene(), km2=km2)
        line = lines.accept(make.placed(researcher, quote), by=Actor.of(desk))
        lines.place(line, by=Actor.of(desk), supplier_reference="SO26054557")
    assert deliveries.work_through(handed_in(over_it)).state == "waiting"

"""A joint request placed as one: the split is booked, each attempt and each delivery counts by share."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dinamis.actors import Actor
from dinamis.errors import NotNow
from dinamis.outbox import Promise
from orders.ledger import check
from orders.ledger import services as ledger
from orders.models import JointEvent, JointRequest, Line, Movement
from orders.pricing.split import draw, split_at_most
from orders.services.lines import lines
from orders.services.pools import joint, joint_notices, joint_placing
from orders.services.purse import money
from orders.services.tasking import tasking
from tests.orders import make
from tests.orders.journeys import at_once
from tests.orders.test_joint import asks

HUNDREDTHS = st.integers(min_value=1, max_value=90_000).map(lambda n: Decimal(n) / 100)
D = Decimal


@given(
    rows=st.lists(st.tuples(HUNDREDTHS, HUNDREDTHS), min_size=1, max_size=8),
    part=st.integers(min_value=0, max_value=100),
)
def test_nobody_gets_more_than_alone_and_the_whole_is_split(rows, part):
    weights, most = zip(*rows, strict=True)
    whole = (sum(most) * part / 100).quantize(D("0.01"))
    shares = split_at_most(whole, weights, most, "km2")
    assert sum(shares) == whole
    assert all(0 <= share <= limit for share, limit in zip(shares, most, strict=True))


def test_a_split_that_caps_nobody_is_the_split_by_area():
    assert split_at_most(D(3), [D(1), D(2)], [D(9), D(9)], "attempt") == [1, 2]
    assert split_at_most(D(3), [D(1), D(2)], [D(9), D(1)], "attempt") == [2, 1]
    with pytest.raises(ValueError, match="can take it"):
        split_at_most(D(4), [D(1), D(2)], [D(2), D(1)], "attempt")


def test_attempts_are_taken_from_whoever_has_most_left_until_nothing_is():
    assert draw(D(1), [D(2), D(1)]) == [1, 0]
    assert draw(D(2), [D(2), D(1)]) == [2, 0]
    assert draw(D(9), [D(2), D(1)]) == [2, 1]


@pytest.fixture
def agreed(researcher, neighbour, desk) -> tuple[JointRequest, Line, Line]:
    """Two laboratories that have agreed, whose lines the desk has accepted."""
    mine, theirs = asks(researcher), asks(neighbour, 3000)
    made = joint.find(mine)
    for line, user in ((mine, researcher), (theirs, neighbour)):
        joint.answer(made.parts.get(line=line), agrees=True, by=Actor.of(user))
        lines.accept(line, by=Actor.of(desk))
    made.refresh_from_db()
    return made, mine, theirs


def held(*of: Line) -> list[Decimal]:
    return [ledger.held(line.reference) for line in of]


def test_placing_books_the_split_as_one_balanced_deed(agreed, desk):
    made, mine, theirs = agreed
    shares = [made.parts.get(line=line).share for line in (mine, theirs)]
    alone = held(mine, theirs)
    joint_placing.place(made, supplier_reference="SO-9", by=Actor.of(desk))
    assert held(mine, theirs) == shares
    assert sum(shares) == made.units < sum(alone)
    deed = Movement.objects.filter(deed=f"joint:{made.pk}:split")
    assert {one.kind for one in deed} == {"release"}
    assert sum(one.amount for one in deed) == sum(alone) - made.units
    for line, share in zip((mine, theirs), shares, strict=True):
        line.refresh_from_db()
        assert (line.supply, line.supplier_reference) == ("placed", "SO-9")
        assert line.quote.quota_units == share
        shown = {row.id: row.amount for row in line.quote.rows}
        assert "joint_share" in shown or share == line.quote.units
    assert check.faults() == []
    with pytest.raises(NotNow):
        joint_placing.place(made, supplier_reference="SO-9", by=Actor.of(desk))


def test_no_part_of_it_is_placed_by_itself_unless_it_is_parted(agreed, desk):
    made, mine, _theirs = agreed
    by = Actor.of(desk)
    with pytest.raises(NotNow) as refused:
        lines.place(mine, by=by, supplier_reference="SO-1")
    assert refused.value.code == "joint_placed_together"
    before = held(mine)
    joint_placing.part(made, reason="The supplier takes one area only.", by=by)
    lines.place(mine, by=by, supplier_reference="SO-1")
    assert held(mine) == before
    assert joint_notices.tell(JointEvent.objects.get(step="part")) == 2


def test_it_waits_until_the_desk_has_accepted_every_part(researcher, neighbour, desk):
    mine, theirs = asks(researcher), asks(neighbour, 3000)
    made = joint.find(mine)
    for line, user in ((mine, researcher), (theirs, neighbour)):
        joint.answer(made.parts.get(line=line), agrees=True, by=Actor.of(user))
    lines.accept(mine, by=Actor.of(desk))
    before = held(mine, theirs)
    with pytest.raises(NotNow) as refused:
        joint_placing.place(made, supplier_reference="SO-9", by=Actor.of(desk))
    assert refused.value.code == "joint_not_ready"
    assert held(mine, theirs) == before
    assert not Movement.objects.filter(deed__startswith="joint:").exists()


def test_each_attempt_counts_once_for_all_whoever_it_is_written_for(agreed, desk):
    made, mine, theirs = agreed
    by = Actor.of(desk)
    joint_placing.place(made, supplier_reference="SO-9", by=by)
    total = sum(held(mine, theirs))
    now = made.made_at
    for line in (mine, theirs):
        tasking.attempted(tasking.plan(line, planned_at=now, by=by), by=by)
    assert sum(held(mine, theirs)) == total - made.units_per_try
    tasking.attempted(tasking.plan(theirs, planned_at=now, by=by), by=by)
    assert sum(held(mine, theirs)) == total - 2 * made.units_per_try
    for line in (mine, theirs):
        line.refresh_from_db()
        lines.close(line, by=by)
    assert held(mine, theirs) == [0, 0]
    consumed = Movement.objects.filter(kind="capture", deed__startswith="joint:")
    assert sum(one.amount for one in consumed) == 2 * made.units_per_try
    assert check.faults() == []


def test_a_delivery_counts_in_proportion_to_the_share(
    researcher,
    neighbour,
    desk,
    year,
):
    """Pléiades, by area: half of it delivered counts half of the share."""
    there = neighbour.affiliations.get().organisation
    make.allotment(there, 2000, in_period=year)
    mine, theirs = (asks(user, 400, sensor="pleiades") for user in (researcher, neighbour))
    made = joint.find(mine)
    for line, user in ((mine, researcher), (theirs, neighbour)):
        joint.answer(made.parts.get(line=line), agrees=True, by=Actor.of(user))
        lines.accept(line, by=Actor.of(desk))
    joint_placing.place(made, supplier_reference="SO-9", by=Actor.of(desk))
    share = made.parts.get(line=mine).share
    assert made.units == mine.quote.units
    mine.refresh_from_db()
    money.capture(mine, delivered_km2=mine.area_km2 / 2, by=Actor.of(desk))
    taken = Movement.objects.get(kind="capture", deed__startswith=mine.reference)
    assert abs(taken.amount - share / 2) <= D("0.01")
    assert held(mine) == [0]


def test_a_change_of_area_ends_it_and_others_are_looked_for_again(agreed, researcher):
    made, mine, theirs = agreed
    Line.objects.filter(pk=mine.pk).update(window_ends_on=made.ends_on - timedelta(days=1))
    Promise.objects.all().delete()
    assert joint.tick() == 1
    made.refresh_from_db()
    assert made.state == "lapsed"
    looked = Promise.objects.filter(task="orders.tasks.find_joint")
    assert {one.arguments[0] for one in looked} >= {theirs.pk}


def test_those_of_whom_one_declined_are_not_asked_again(researcher, neighbour):
    mine, theirs = asks(researcher), asks(neighbour, 3000)
    made = joint.find(mine)
    joint.answer(made.parts.get(line=theirs), agrees=False, by=Actor.of(neighbour))
    assert joint.find(mine) is joint.find(theirs) is None


@pytest.mark.django_db(transaction=True)
def test_placed_twice_at_once_it_is_placed_and_booked_once(agreed, desk):
    made, mine, theirs = agreed

    def place() -> JointRequest:
        return joint_placing.place(made, supplier_reference="SO-9", by=Actor.of(desk))

    results = at_once(place, place)
    assert sorted(type(one).__name__ for one in results) == ["JointRequest", "NotNow"]
    assert sum(held(mine, theirs)) == made.units


def test_the_desk_places_it_on_its_page(as_, agreed, desk, researcher):
    made, mine, theirs = agreed
    client = as_(desk)
    there = reverse("desk_lines", args=["place"])
    page = client.get(there, {"line": mine.reference}).content.decode()
    assert "Place as one" in page
    sent = {"supplier_reference": "SO-9"}
    assert (
        as_(researcher).post(reverse("joint_at_desk", args=[made.pk, "place"]), sent).status_code
        == 403
    )
    assert client.post(reverse("joint_at_desk", args=[made.pk, "place"]), sent).status_code == 302
    theirs.refresh_from_db()
    assert theirs.supply == "placed"
    assert "Placed as one" in as_(researcher).get(mine.get_absolute_url()).content.decode()

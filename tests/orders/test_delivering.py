"""What a delivery counts, gives back and says: through the service, down to the ledger."""

from decimal import Decimal

import pytest

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger.models import Account, Movement
from orders.services.lines import lines
from tests.orders import make
from tests.orders.journeys import consumed, held


def left(kind: str = "allotment") -> Decimal:
    return Account.objects.get(kind=kind).balance


def delivered(line, desk, overlap: str):
    return lines.deliver(
        line,
        product=make.product(line.scene),
        delivered_overlap_km2=Decimal(overlap),
        by=Actor.of(desk),
    )


@pytest.mark.parametrize(
    ("asked", "overlap", "counted"),
    [
        (250, "180.00", "180.00"),
        (250, "60.00", "100.00"),
        (250, "900.00", None),
        (50, "50.00", "100.00"),
        (50, "0.00", "100.00"),
    ],
)
def test_delivered_counts_between_the_minimum_and_what_was_held(
    researcher, desk, year, asked, overlap, counted
):
    line = make.with_supplier(researcher, desk, make.quote(researcher, km2=asked))
    counted = Decimal(counted) if counted else line.quote.units
    line = delivered(line, desk, overlap)
    assert (line.supply, line.money, held(line)) == ("delivered", "captured", 0)
    assert consumed(line) == counted
    assert left() == 1000 - counted
    assert left("consumed") == counted
    event = line.events.get(life="money", step="capture")
    assert Decimal(event.facts["units"]) == counted
    assert Decimal(event.facts["released"]) == line.quote.units - counted


def test_a_stereo_pair_counts_its_overlap_twice(researcher, desk, year):
    quote = make.quote(researcher, of=make.scene(stereo="stereo"), km2=200, mode="stereo")
    line = delivered(make.with_supplier(researcher, desk, quote), desk, "150.00")
    assert consumed(line) == Decimal("300.00")


def test_a_spot_scene_of_the_archive_is_free_and_counts_nothing(researcher, desk, spot_year):
    quote = make.quote(researcher, of=make.scene(platform="SPOT6", km2=7000), area=None)
    assert (quote.terms, quote.unit, quote.quota_units, quote.price_eur) == ("free", "km2", 0, 0)
    line = make.with_supplier(researcher, desk, quote)
    assert (line.money, held(line)) == ("none", 0)
    line = delivered(line, desk, "3000.00")
    assert (line.supply, consumed(line), held(line), left()) == ("delivered", 0, 0, 20)


def test_a_line_is_delivered_once(researcher, desk, year):
    line = delivered(make.with_supplier(researcher, desk), desk, "150.00")
    movements = Movement.objects.count()
    with pytest.raises(NotNow):
        delivered(line, desk, "150.00")
    assert Movement.objects.count() == movements


def test_only_the_desk_and_the_system_deliver(researcher, referent, desk, year):
    line = make.with_supplier(researcher, desk)
    for user in (researcher, referent):
        with pytest.raises(NotAllowed):
            delivered(line, user, "150.00")
    line.refresh_from_db()
    assert (line.supply, line.product, held(line)) == ("placed", None, line.quote.units)


def test_the_supplier_s_reference_is_asked_and_kept(researcher, desk, year):
    line = lines.accept(make.placed(researcher), by=Actor.of(desk))
    with pytest.raises(Invalid):
        lines.place(line, by=Actor.of(desk), supplier_reference=" ")
    line = lines.place(line, by=Actor.of(desk), supplier_reference=" SO-24017 ")
    assert line.supplier_reference == "SO-24017"


def test_a_failure_gives_everything_back(researcher, desk, year):
    line = make.with_supplier(researcher, desk)
    line = lines.fail(line, by=Actor.of(desk), reason="The archive lost it.")
    assert (line.supply, line.money, held(line), left()) == ("failed", "released", 0, 1000)

"""Our orders against theirs: what is missing there, unknown here, there twice, or told differently."""

from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.models import SupplierOrder
from orders.services.supplying import reconciling
from orders.suppliers.protocol import Stage
from tests.suppliers import making

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def orders(researcher, desk, year, supplier, twin) -> list[SupplierOrder]:
    """Four orders that the twin has, looked at."""
    made = [making.taken(researcher, desk, supplier) for _number in range(4)]
    making.poll(supplier)
    return made


def found(supplier) -> list[tuple[str, str, str, str]]:
    made = reconciling.run(reconciling.ask(supplier, by=BY))
    assert (made.failed, made.ended_at is not None) == ("", True)
    return [(d.what, d.reference, d.ours, d.theirs) for d in made.differences.all()]


def test_the_same_on_both_sides_is_an_empty_report(orders, supplier):
    assert found(supplier) == []


def test_each_kind_of_difference_is_told_once(orders, supplier, twin):
    missing, moved, dearer, twice = orders
    del twin.orders[missing.their_reference]
    twin.move(moved.their_reference, Stage.PRODUCING)
    SupplierOrder.objects.filter(pk=dearer.pk).update(price=Decimal("100.00"))
    kept = twin.orders[dearer.their_reference]
    kept.report = replace(kept.report, price=Decimal("120.00"))
    twin.bind(lambda: None)
    twin.place(twin.orders[twice.their_reference].ask)
    stranger = replace(twin.orders[twice.their_reference].ask, reference="X-1")
    twin.place(stranger)
    assert sorted(found(supplier)) == [
        ("missing", missing.reference, "Placed", ""),
        ("price", dearer.reference, "100.00", "120.00"),
        ("state", moved.reference, "Placed", "In production"),
        (
            "twice",
            twice.reference,
            "",
            ", ".join(sorted([twice.their_reference, *list(twin.orders)[-2:-1]])),
        ),
        ("unknown", "X-1", "", "Placed"),
    ]


def test_an_order_whose_answer_was_lost_is_told_as_not_acknowledged(
    researcher, desk, year, supplier, twin
):
    twin.faults.append("lost")
    type(supplier).objects.filter(pk=supplier.pk).update(settle_seconds=600)
    supplier.refresh_from_db()
    call = making.sent(researcher, desk, supplier)
    making.working.work(supplier)
    assert found(supplier) == [("state", call.order.reference, "not acknowledged", "Placed")]


def test_a_list_that_breaks_off_is_no_report(orders, supplier, twin):
    twin.page = 2
    twin.faults.extend(["", "busy"])
    made = reconciling.run(reconciling.ask(supplier, by=BY))
    assert (made.failed, made.differences.count()) == ("503: too busy", 0)


def test_one_comparison_at_a_time_and_the_night_asks_for_all(orders, supplier):
    reconciling.ask(supplier, by=BY)
    with pytest.raises(NotNow):
        reconciling.ask(supplier, by=BY)
    assert reconciling.nightly() == 0
    reconciling.run(supplier.reconciliations.get())
    assert reconciling.nightly() == 1


def test_the_command_prints_what_differs_and_says_so_by_its_code(orders, supplier, twin):
    out = StringIO()
    call_command("reconcile_suppliers", stdout=out)
    assert out.getvalue() == "twin: 4 here, 4 there\n"
    del twin.orders[orders[0].their_reference]
    with pytest.raises(CommandError) as refused:
        call_command("reconcile_suppliers", "twin", stdout=out)
    assert refused.value.returncode == 1
    assert f"Missing there · {orders[0].reference}" in out.getvalue()


def test_the_desk_reads_it_as_csv(orders, supplier, twin, desk):
    del twin.orders[orders[0].their_reference]
    made = reconciling.run(reconciling.ask(supplier, by=BY))
    desk.language = "en"
    desk.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(desk)
    answer = client.get(f"/desk/suppliers/differences/{made.pk}.csv")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert rows[0] == "What differs,Our reference,Their reference,Here,There"
    assert rows[1] == f"Missing there,{orders[0].reference},{orders[0].their_reference},Placed,"

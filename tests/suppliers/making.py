"""Short ways to suppliers and lines that they have."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.models import Line, Supplier, SupplierCall, SupplierOrder, SupplierPulse
from orders.services.lines import lines
from orders.services.supplying import sending, working
from tests.orders import make

BY = Actor.system("test")


def supplier(key: str = "twin", **facts) -> Supplier:
    """An active supplier by program of everything, as fast as one likes, settled at once."""
    usual = {
        "name": key.title(),
        "kind": Supplier.Kind.STAPI,
        "base_url": "http://127.0.0.1:1",
        "is_active": True,
        "preference": 1,
        "rate_per_second": 1000,
        "settle_seconds": 0,
    }
    made = Supplier.objects.create(key=key, **usual | facts)
    for sensor in Sensor.objects.filter(code__in=["pleiades", "spot67"]):
        for service in ("production", "tasking"):
            made.services.create(service=service, sensor=sensor, starts_on=date(2020, 1, 1))
    return made


def to_place(owner: User, desk: User, *, kind: str = "production", in_days: int = 0) -> Line:
    """A line accepted by the desk; the window of a tasking begins in so many days."""
    quoted = [make.tasking_quote(owner, in_days=in_days)] if kind == "tasking" else []
    return lines.accept(make.placed(owner, *quoted), by=Actor.of(desk))


def sent(owner: User, desk: User, to: Supplier, **asked) -> SupplierCall:
    """A line whose order is written down, and not made yet."""
    line = to_place(owner, desk, **asked)
    return sending.send(line, supplier=to, by=Actor.of(desk))


def taken(owner: User, desk: User, by: Supplier, **asked) -> SupplierOrder:
    """A line that the supplier has."""
    call = sent(owner, desk, by, **asked)
    working.work(by)
    order = SupplierOrder.objects.get(pk=call.order_id)
    assert order.their_reference
    return order


def rounds(of: Supplier, most: int = 20) -> None:
    """Work until nothing is open, as if all waits were over."""
    for _number in range(most):
        let_time_pass(of)
        if not working.work(of) and not SupplierCall.objects.filter(supplier=of).open().exists():
            return


def let_time_pass(of: Supplier) -> None:
    """Every wait is over: back-off, ban, open circuit."""
    past = timezone.now() - timedelta(seconds=1)
    SupplierCall.objects.filter(supplier=of).open().update(next_at=past)
    SupplierPulse.objects.filter(supplier=of).update(open_until=None, banned_until=None)


def poll(of: Supplier) -> None:
    """A whole cycle of polls."""
    SupplierPulse.objects.filter(supplier=of).update(next_poll_at=None, polled_at=None)
    working.work(of)


def line_of(order: SupplierOrder) -> Line:
    return Line.objects.get(pk=order.line_id)

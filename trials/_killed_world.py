"""Lines that are to be ordered, as many as children will be killed; and what became of them."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count

from dinamis.actors import Actor
from orders.models import Line, LineEvent, Supplier, SupplierCall
from orders.services.lines import lines, orders
from orders.services.supplying import intents, sending
from orders.states import CallState
from tests.orders import make
from tests.suppliers import making


@transaction.atomic
def made(number: int, url: str) -> dict[str, Any]:
    """Write the orders down; nobody is asked yet."""
    call_command("load_reference", verbosity=0)
    laboratory = make.organisation("Blows Laboratory")
    owner, desk = make.person("blows-owner"), make.person("blows-desk", "desk")
    make.attached(owner, laboratory)
    make.signed(owner)
    year = make.period(budget=400 * number)
    make.allotment(laboratory, 300 * number, in_period=year)
    supplier = making.supplier("blows", base_url=url, settle_seconds=1)
    scene = make.scene()
    for _line in range(number):
        order = make.draft(owner, make.quote(owner, of=scene, km2=100))
        line = orders.submit(order, by=Actor.of(owner)).lines.get()
        line = lines.accept(line, by=Actor.of(desk))
        sending.send(line, supplier=supplier, by=Actor.of(desk))
    return {"broker": settings.CELERY_BROKER_URL}


def settled(seconds: float) -> dict[str, int]:
    """Wait until no call is open, as long as that, waking the worker; what is stuck is tried again."""
    until = time.monotonic() + seconds
    supplier = Supplier.objects.get(key="blows")
    while time.monotonic() < until:
        stuck = SupplierCall.objects.filter(state=CallState.STUCK)
        for call in stuck:  # as an officer would
            sending.replay(call, by=making.BY)
        if not SupplierCall.objects.open().exists():
            break
        with transaction.atomic():
            intents.wake(supplier)
        time.sleep(0.5)
    return _found()


def _found() -> dict[str, int]:
    """What is placed, what was written twice, and how many answers had to be looked up."""
    steps = LineEvent.objects.filter(life="supply").values("line", "step")
    return {
        "lines": Line.objects.count(),
        "placed": Line.objects.filter(supply="placed").exclude(supplier_reference="").count(),
        "doubled": steps.annotate(times=Count("pk")).filter(times__gt=1).count(),
        "looked_up": SupplierCall.objects.filter(attempts__gt=1).count(),
    }

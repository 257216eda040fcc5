"""Every step of a line's lives, taken the way it is really taken: through its service, by its actor."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Affiliation, User
from catalogue.models import Scene
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import (
    Acquisition,
    Attempt,
    Line,
    Movement,
    OrderPreference,
    Supplier,
    SupplierService,
)
from orders.services.asking import quotes, scenes
from orders.services.desk import approving
from orders.services.lines import history, lines, orders, steps
from orders.services.lines.clock import CLOCK
from orders.services.purse import serving
from orders.services.supplying import calls, sending
from orders.services.tasking import acquisitions, cancelling, tasking
from orders.services.tasking.acquisitions import Proposal
from orders.suppliers.protocol import Report, Stage
from tests.orders import make

_sizes = count(410, 2)


@dataclass
class Cast:
    """The people of a journey, each as an actor."""

    owner: User
    referent: User
    desk: User

    @property
    def by_owner(self) -> Actor:
        return Actor.of(self.owner)

    @property
    def by_desk(self) -> Actor:
        return Actor.of(self.desk)


def start(cast: Cast, kind: str) -> Line:
    """A draft: a whole Pléiades scene still to be completed, or a SPOT tasking of three tries."""
    if kind == "tasking":
        quote = make.tasking_quote(cast.owner)
    else:
        quote = make.quote(cast.owner, of=make.scene(complete=False), area=None)
    return make.draft(cast.owner, quote).lines.get()


def complete_scene(line: Line, km2: float) -> None:
    """What the desk writes of a scene, without telling anybody."""
    Scene.objects.filter(pk=line.scene_id).update(
        footprint=make.square(km2), footprint_source="supplier", completeness="complete"
    )


def submit(line: Line, cast: Cast) -> None:
    OrderPreference.objects.filter(organisation=line.order.organisation).delete()
    orders.submit(line.order, by=cast.by_owner)


def submit_to_referent(line: Line, cast: Cast) -> None:
    OrderPreference.objects.update_or_create(
        organisation=line.order.organisation, defaults={"referent_approves": True}
    )
    orders.submit(line.order, by=cast.by_owner)


def serve(line: Line, cast: Cast) -> None:
    OrderPreference.objects.filter(organisation=line.order.organisation).delete()
    serving.serve(line.waits_on_id)


def serve_to_referent(line: Line, cast: Cast) -> None:
    OrderPreference.objects.update_or_create(
        organisation=line.order.organisation, defaults={"referent_approves": True}
    )
    serving.serve(line.waits_on_id)


def set_aside(line: Line, cast: Cast) -> None:
    """Its turn comes while the requester's affiliation is suspended."""
    theirs = Affiliation.objects.filter(user=line.order.requester)
    theirs.update(state="suspended", is_current=False)
    serving.serve(line.waits_on_id)
    theirs.update(state="active", is_current=True)


def approve(line: Line, cast: Cast) -> None:
    lines.approve(line, by=Actor.of(cast.referent))


def accept(line: Line, cast: Cast) -> None:
    if line.kind == "production" and not line.scene.is_complete:
        complete_scene(line, 300)
        scenes.requote(line, by=CLOCK)
    lines.accept(line, by=cast.by_desk)


def by_rule(line: Line, cast: Cast) -> None:
    if line.kind == "production" and not line.scene.is_complete:
        complete_scene(line, 300)
        scenes.requote(line, by=CLOCK)
    accept_by_rule(line)


def accept_by_rule(line: Line) -> None:
    with transaction.atomic():
        approving.accept_by_rule(history.locked(line), rules="2026-01")


def ask_to_confirm(line: Line, cast: Cast) -> None:
    complete_scene(line, next(_sizes))
    scenes.requote(line, by=CLOCK)


def convert(line: Line, cast: Cast) -> None:
    existing = make.product(make.scene())
    lines.offer(line, product=existing, overlap_km2=Decimal(400), by=CLOCK)
    lines.convert(line, by=cast.by_owner)


def attempt(line: Line, cast: Cast) -> Attempt:
    planned = tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk)
    return tasking.attempted(planned, by=cast.by_desk)


def proposal(**facts) -> Proposal:
    shown = {"acquired_at": timezone.now(), "cloud_cover": 8.0, "footprint": make.square(3600)}
    return Proposal(**(shown | facts))


def propose(line: Line, cast: Cast) -> Acquisition:
    made = attempt(line, cast)
    due_at = timezone.now() + timedelta(days=2)
    return acquisitions.propose(made, proposal(), by=cast.by_desk, due_at=due_at)


def proposed(line: Line) -> Acquisition:
    return line.acquisitions.get(state="proposed")


def send(line: Line, cast: Cast) -> None:
    """The desk sends it to a supplier that is asked by program."""
    supplier, _new = Supplier.objects.get_or_create(
        key="journey",
        defaults={
            "name": "Journey",
            "kind": "stapi",
            "base_url": "http://127.0.0.1:1",
            "is_active": True,
        },
    )
    SupplierService.objects.get_or_create(
        supplier=supplier, service=line.kind, sensor=line.sensor, starts_on=date(2020, 1, 1)
    )
    sending.send(line, supplier=supplier, by=cast.by_desk)


def answer_order(line: Line, *, taken: bool) -> None:
    """What the supplier answers to the order that `send` wrote down."""
    claimed = calls.claim(Supplier.objects.get(key="journey"))
    if taken:
        calls.finish(claimed, Report(f"J-{line.pk}", Stage.PLACED, timezone.now()))
    else:
        calls.refused(claimed, "Not this one.")


def take_as_ordered(line: Line, cast: Cast) -> None:
    with transaction.atomic():
        steps.take(history.locked(line), "supply", "take_as_ordered", by=CLOCK)


def deliver(line: Line, cast: Cast, *, overlap: str = "250.00") -> None:
    line.refresh_from_db()
    scene = line.scene or make.scene(platform="SPOT6", km2=3600)
    lines.deliver(
        line,
        product=make.product(scene, licence=line.sensor_id),
        delivered_overlap_km2=Decimal(overlap),
        by=cast.by_desk,
    )


def offer_part(line: Line, cast: Cast) -> None:
    """Less than what is asked, whatever it is: a third of the quantity, or one attempt."""
    if line.kind == "production" and not line.scene.is_complete:
        complete_scene(line, 300)
        scenes.requote(line, by=CLOCK)
    line = Line.objects.get(pk=line.pk)
    less = {"tries": 1} if line.kind == "tasking" else {"area": make.square(120)}
    lines.offer_part(
        line, quote=quotes.less(line, **less), by=cast.by_desk, reason="The rest exists."
    )


TAKE = {
    "offer_part": offer_part,
    "take_part": lambda line, cast: lines.take_part(line, by=cast.by_owner),
    "leave_part": lambda line, cast: lines.leave_part(line, by=cast.by_owner, reason="All of it."),
    "submit": submit,
    "submit_to_referent": submit_to_referent,
    "wait": lambda line, cast: lines.wait(line, by=cast.by_owner),
    "stay": lambda line, cast: lines.stay(line, by=cast.by_owner),
    "leave_list": lambda line, cast: lines.leave_list(line, by=cast.by_owner),
    "serve": serve,
    "serve_to_referent": serve_to_referent,
    "set_aside": set_aside,
    "approve": approve,
    "accept": accept,
    "accept_by_rule": by_rule,
    "ask_to_complete": lambda line, cast: lines.ask_to_complete(
        line, by=cast.by_desk, reason="Which year?"
    ),
    "complete": lambda line, cast: lines.complete(line, by=cast.by_owner, reason="This one."),
    "ask_to_confirm": ask_to_confirm,
    "confirm": lambda line, cast: lines.confirm(line, by=cast.by_owner),
    "refuse": lambda line, cast: lines.refuse(line, by=cast.by_desk, reason="Not this year."),
    "withdraw": lambda line, cast: lines.withdraw(line, by=cast.by_owner),
    "convert": convert,
    "lapse": lambda line, cast: lines.lapse(line, by=CLOCK),
    "quote_again": lambda line, cast: lines.quote_again(line, by=cast.by_owner),
    "prepare": accept,
    "place": lambda line, cast: lines.place(line, by=cast.by_desk, supplier_reference="SO-7"),
    "send": send,
    "acknowledge": lambda line, cast: answer_order(line, taken=True),
    "put_back": lambda line, cast: answer_order(line, taken=False),
    "take_as_ordered": take_as_ordered,
    "start_production": lambda line, cast: lines.start_production(line, by=cast.by_desk),
    "start_attempts": lambda line, cast: lines.start_attempts(line, by=cast.by_desk),
    "propose": propose,
    "take_image": lambda line, cast: acquisitions.accept(proposed(line), by=cast.by_owner),
    "leave_image": lambda line, cast: acquisitions.refuse(proposed(line), by=cast.by_owner),
    "deliver": deliver,
    "fail": lambda line, cast: lines.fail(line, by=cast.by_desk, reason="No more satellite."),
    "close": lambda line, cast: lines.close(line, by=CLOCK),
    "cancel": lambda line, cast: cancelling.cancel(line, by=cast.by_owner),
    "stop": lambda line, cast: lines.withdraw(line, by=cast.by_owner),
}
# How a draft comes to each state of a life.
TO_APPROVAL = {
    "draft": [],
    "lapsed": ["lapse"],
    "waiting_quota": ["wait"],
    "awaiting_referent": ["submit_to_referent"],
    "submitted": ["submit"],
    "to_complete": ["submit", "ask_to_complete"],
    "to_confirm": ["submit", "ask_to_confirm"],
    "offered": ["submit", "offer_part"],
    "accepted": ["submit", "accept"],
}
TO_SUPPLY = {
    "production": {
        "none": ["submit"],
        "to_place": ["submit", "accept"],
        "placing": ["submit", "accept", "send"],
        "placed": ["submit", "accept", "place"],
        "in_production": ["submit", "accept", "place", "start_production"],
    },
    "tasking": {
        "none": ["submit"],
        "to_place": ["submit", "accept"],
        "placing": ["submit", "accept", "send"],
        "placed": ["submit", "accept", "place"],
        "attempting": ["submit", "accept", "place", "start_attempts"],
        "proposed": ["submit", "accept", "place", "start_attempts", "propose"],
        "in_production": [
            "submit",
            "accept",
            "place",
            "start_attempts",
            "propose",
            "take_image",
        ],
    },
}


def take(line: Line, cast: Cast, *names: str) -> Line:
    """Take steps by name, each on the row as it is by then."""
    for name in names:
        TAKE[name](Line.objects.get(pk=line.pk), cast)
    return Line.objects.get(pk=line.pk)


def held(line: Line) -> Decimal:
    return ledger.held(line.reference)


def consumed(line: Line) -> Decimal:
    """What the ledger has counted for the line, over all its movements."""
    movements = ledger_movements(line).filter(kind="capture")
    return sum((movement.amount for movement in movements), Decimal(0))


def ledger_movements(line: Line):
    from_line = {"from_account__owner_kind": "line", "from_account__owner_key": line.reference}
    return Movement.objects.filter(**from_line)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own, all started together; what each returned or raised."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            ready.wait(timeout=10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
        return [one.exception() or one.result() for one in running]

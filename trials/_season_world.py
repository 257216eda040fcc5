"""The season itself, played inside the site: requests, a twin that lies and loses, answers, ends.

The supplier's clock is simulated, an hour a round; ours is real, and every wait of ours is said to be
over. What the twin tells is shuffled, repeated and late; the last rounds are honest.
"""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.celery import app
from dinamis.outbox import Promise
from orders.ledger import services as ledger
from orders.models import Acquisition, Line, Supplier, SupplierCall, SupplierOrder
from orders.services.lines import lines, orders
from orders.services.supplying import connectors, reconciling, sending, working
from orders.services.tasking import acquisitions
from orders.states import CallState
from orders.suppliers.protocol import OVER, Page, Report, Stage
from tests.orders import make
from tests.suppliers import making
from tests.suppliers.twin import Twin

TRIES = 3
ROUNDS = 30
# What a call meets, and how often in a hundred.
FAULTS = {"busy": 6, "ban": 2, "lost": 10, "dead": 5, "bug": 2, "slow": 3}
# The state of our line that each end of the supplier's must come to.
RIGHT = {
    Stage.DELIVERED: "in_production",
    Stage.EXPIRED: "closed",
    Stage.CANCELLED: "failed",
    Stage.FAILED: "failed",
}


class Liar(Twin):
    """A twin whose calls fail by a seed, and whose lists are shuffled, repeated and stale."""

    def __init__(self, draw: random.Random) -> None:
        super().__init__(page=40)
        self.draw, self.is_honest = draw, False
        self.history: dict[str, list[Report]] = {}
        self.met: Counter[str] = Counter()
        self.muddled = 0
        self.now = timezone.now()
        self.clock = self._tick

    def _tick(self) -> datetime:
        """An instant after the last one."""
        self.now += timedelta(minutes=1)
        return self.now

    def _meet(self, what: str, act: Any) -> Any:
        if not self.is_honest:
            names = [*FAULTS, ""]
            weights = [*FAULTS.values(), 100 - sum(FAULTS.values())]
            fault = self.draw.choices(names, weights)[0]
            self.faults.append(fault)
            self.met[fault] += 1
        return super()._meet(what, act)

    def tell(self, reference: str, stage: Stage, **facts: Any) -> None:
        """A new report, an instant after the last."""
        report = self.move(reference, stage, **facts)
        self.history.setdefault(reference, []).append(report)

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        page = super().changed(since, cursor)
        if self.is_honest:
            return page
        told = []
        for report in page.reports:
            old = self.draw.choice(self.history.get(report.reference, [report]))
            told += self.draw.choice([[report], [old], [old, report], [report, old, report]])
        self.draw.shuffle(told)
        self.muddled += (
            len(told)
            - len(page.reports)
            + sum(one != self.orders[one.reference].report for one in told)
        )
        return replace(page, reports=tuple(told))


def played(number: int, *, seed: int) -> dict[str, Any]:
    """Play a season of so many taskings; return what came of it."""
    app.loader.import_default_modules()  # this process keeps promises, as only a worker does by itself
    draw = random.Random(seed)
    twin = Liar(draw)
    connectors.MAKERS[Supplier.Kind.STAPI] = lambda supplier, pace: twin.bind(pace)
    supplier, people = _world(number)
    for _line in range(number):
        _asked(supplier, people)
    for _round in range(ROUNDS):
        _happens(twin)
        _work(supplier, twin)
        _answered(people.owner, draw)
    twin.is_honest = True
    for reference, kept in twin.orders.items():
        if kept.report.stage not in OVER:
            made = kept.report.stage == Stage.PRODUCING
            twin.tell(reference, Stage.DELIVERED if made else Stage.EXPIRED)
    for _round in range(4):
        _work(supplier, twin)
    return _found(supplier, twin)


class People:
    """Who asks, and who decides."""

    def __init__(self) -> None:
        self.laboratory = make.organisation("Season Laboratory")
        self.owner: User = make.person("season-owner")
        make.attached(self.owner, self.laboratory)
        make.signed(self.owner)
        self.desk: User = make.person("season-desk", "desk")


@transaction.atomic
def _world(number: int) -> tuple[Supplier, People]:
    call_command("load_reference", verbosity=0)
    people = People()
    year = make.period("spot67", budget=number * TRIES + 100)
    make.allotment(people.laboratory, number * TRIES, in_period=year)
    return making.supplier("season", poll_minutes=1), people


def _asked(supplier: Supplier, people: People) -> None:
    quoted = make.tasking_quote(people.owner, tries=TRIES)
    line = orders.submit(make.draft(people.owner, quoted), by=Actor.of(people.owner)).lines.get()
    line = lines.accept(line, by=Actor.of(people.desk))
    sending.send(line, supplier=supplier, by=Actor.of(people.desk))


def _happens(twin: Liar) -> None:
    """A round at the supplier's: some orders try, some propose, some end."""
    for reference, kept in list(twin.orders.items()):
        if kept.report.stage in OVER or twin.draw.random() < 0.5:
            continue
        attempts = kept.report.attempts or 0
        match kept.report.stage:
            case Stage.PRODUCING:
                twin.tell(reference, Stage.DELIVERED)
            case Stage.PROPOSED:
                pass  # it waits for our answer
            case _ if attempts >= TRIES:
                twin.tell(reference, Stage.EXPIRED, reason="Too many clouds.")
            case _:
                _tried(twin, reference, attempts)


def _tried(twin: Liar, reference: str, attempts: int) -> None:
    what = twin.draw.choices(
        ["cloudy", "proposed", "taken", "failed", "cancelled"], [40, 35, 15, 5, 5]
    )[0]
    if what == "cloudy":
        twin.tell(reference, Stage.TASKING, attempts=attempts + 1)
    elif what == "taken":
        twin.tell(reference, Stage.PRODUCING, attempts=attempts + 1)
    elif what == "proposed":
        report = twin.propose(reference, cloud=float(twin.draw.randint(0, 60)))
        twin.history.setdefault(reference, []).append(report)
    else:
        stage = Stage.FAILED if what == "failed" else Stage.CANCELLED
        twin.tell(reference, stage, reason="No satellite left.")


def _work(supplier: Supplier, twin: Liar) -> None:
    """Calls, then a whole cycle of polls; what is stuck is tried again, as an officer would."""
    for _number in range(60):
        for stuck in SupplierCall.objects.filter(state=CallState.STUCK):
            sending.replay(stuck, by=making.BY)
        making.let_time_pass(supplier)
        working.work(supplier)
        if not SupplierCall.objects.filter(supplier=supplier).open().exists():
            break
    making.let_time_pass(supplier)
    making.poll(supplier)
    for _number in range(5):
        making.let_time_pass(supplier)
        working.work(supplier)


def _answered(owner: User, draw: random.Random) -> None:
    """The requester answers most of what is proposed; the answers are promised, then told.

    An answer that stays untold here is the campaign's own fault: the supplier's end would be another.
    """
    for image in Acquisition.objects.filter(state="proposed"):
        if draw.random() < 0.8:
            act = acquisitions.accept if draw.random() < 0.5 else acquisitions.refuse
            act(image, by=Actor.of(owner))
    told = Promise.objects.filter(task="orders.tasks.answer_supplier", done_at=None)
    for promise in told:
        if not outbox.keep(promise.pk):
            promise.refresh_from_db()
            raise RuntimeError(f"{promise} was not kept: {promise.error}")


def _found(supplier: Supplier, twin: Liar) -> dict[str, Any]:
    ends: Counter[str] = Counter()
    wrong = 0
    for order in SupplierOrder.objects.filter(supplier=supplier).select_related("line"):
        kept = twin.orders.get(order.their_reference)
        right = RIGHT.get(kept.report.stage) if kept else None
        wrong += order.line.supply != right
        ends[order.line.supply] += 1
    made = reconciling.run(reconciling.ask(supplier, by=make.BY))
    over = Line.objects.filter(supply__in=["closed", "failed", "in_production"])
    return {
        "faults": sum(count for fault, count in twin.met.items() if fault),
        "muddled": twin.muddled,
        "ended": over.count(),
        "wrong": wrong,
        "twice": sum(count > 1 for count in twin.placed.values()),
        "differences": made.differences.count() + bool(made.failed),
        "held": str(sum(ledger.held(line.reference) for line in over)),
        "ends": ", ".join(f"{name} {count}" for name, count in sorted(ends.items())),
    }

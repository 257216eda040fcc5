"""What workers do for orders: tell, and keep the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from dinamis.leases import Leased, free_at, held
from dinamis.outbox import after_commit
from orders.inboxes import InboxTrouble
from orders.ledger import milestones
from orders.models import (
    Arrival,
    Delivery,
    JointEvent,
    LateMail,
    Line,
    LineEvent,
    ModulationEvent,
    PoolEvent,
    ProjectEvent,
    ProjectPartner,
    ProjectReport,
    QuotaRequestEvent,
    Reconciliation,
    SeriesEvent,
    Supplier,
    SupplierMessage,
)
from orders.services.delivering import arrivals, deliveries, inbox
from orders.services.desk import deciding, late_mails, lateness
from orders.services.lines import clock as clockwork
from orders.services.lines import notices
from orders.services.pools import joint, joint_notices, pool_notices
from orders.services.projects import project_notices
from orders.services.purse import alerts, modulation_mail, periods, quota_request_notices, serving
from orders.services.purse import reconciling as ledger_check
from orders.services.supplying import callbacks, reconciling, sending, sheets, working
from orders.services.tasking import series_notices

AFTER_TROUBLE = timedelta(minutes=2)  # with the inbox: its network, its disk, its rights


@shared_task(name="orders.tasks.tell")
def tell(event_id: int) -> None:
    notices.tell(LineEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.tell_project")
def tell_project(event_id: int) -> None:
    project_notices.tell(ProjectEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.tell_partner")
def tell_partner(pk: int) -> None:
    project_notices.tell_partner(ProjectPartner.objects.get(pk=pk))


@shared_task(name="orders.tasks.quota_night")
def quota_night() -> None:
    """Every night: what came back to closed periods, the sums of long accounts, whom to remind or alert."""
    periods.expire_returns()
    milestones.write()
    periods.remind()
    alerts.tell()


@shared_task(name="orders.tasks.reconcile_ledger")
def reconcile_ledger() -> None:
    """Every night, and on demand: the whole ledger computed anew."""
    ledger_check.reconcile()


@shared_task(name="orders.tasks.tell_modulation")
def tell_modulation(event_id: int) -> None:
    modulation_mail.tell(ModulationEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.promise_late_mail")
def promise_late_mail() -> None:
    lateness.promise_mail()


@shared_task(name="orders.tasks.tell_late")
def tell_late(pk: int) -> None:
    late_mails.tell(LateMail.objects.get(pk=pk))


@shared_task(name="orders.tasks.take_decision")
def take_decision(pk: int) -> None:
    deciding.take(pk)


@shared_task(name="orders.tasks.tell_report")
def tell_report(pk: int, what: str) -> None:
    project_notices.tell_report(ProjectReport.objects.get(pk=pk), what)


@shared_task(name="orders.tasks.clock")
def clock() -> None:
    clockwork.tick()


@shared_task(name="orders.tasks.tell_quota_request")
def tell_quota_request(event_id: int) -> None:
    quota_request_notices.tell(QuotaRequestEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.tell_pool")
def tell_pool(event_id: int) -> None:
    pool_notices.tell(PoolEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.find_joint")
def find_joint(line_id: int) -> None:
    """Whether others want the same place as a line that was sent."""
    joint.find(Line.objects.get(pk=line_id))


@shared_task(name="orders.tasks.tell_joint")
def tell_joint(event_id: int) -> None:
    joint_notices.tell(JointEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.tell_series")
def tell_series(event_id: int) -> None:
    series_notices.tell(SeriesEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.serve")
def serve(account_id: int) -> None:
    """Quota came back to a purse, or somebody began to wait for it."""
    serving.serve(account_id)


@shared_task(name="orders.tasks.work_on_delivery")
def work_on_delivery(pk: int) -> None:
    """One step, then the promise of the next: a worker that dies costs one step."""
    delivery = Delivery.objects.get(pk=pk)
    if delivery.state in deliveries.SETTLED:
        deliveries.put_away(delivery)  # which a death after the settling may have left
    else:
        _step("orders.tasks.work_on_delivery", delivery, deliveries.work)


@shared_task(name="orders.tasks.work_on_arrival")
def work_on_arrival(pk: int) -> None:
    """One step of what came into the inbox. Trouble with the inbox is tried again until it is over."""
    arrival = Arrival.objects.get(pk=pk)
    try:
        _step("orders.tasks.work_on_arrival", arrival, arrivals.work)
    except (InboxTrouble, OSError):
        with transaction.atomic():
            after_commit("orders.tasks.work_on_arrival", pk, due_at=timezone.now() + AFTER_TROUBLE)


@shared_task(name="orders.tasks.look_at_inbox")
def look_at_inbox() -> None:
    inbox.look()


def _step(task: str, row: Leased, work: Callable[[Any], bool]) -> None:
    """Work while holding the row's lease; who finds it held comes back when that would lapse."""
    with held(row) as ours:
        due_at = None if ours else free_at(row)
        more = work(row) if ours else True
    if more:
        with transaction.atomic():
            after_commit(task, row.pk, due_at=due_at)


@shared_task(name="orders.tasks.send_by_itself")
def send_by_itself(line_id: int) -> None:
    """A line was accepted: where its supplier is asked without an officer, it is sent."""
    sending.send_by_itself(Line.objects.get(pk=line_id))


@shared_task(name="orders.tasks.answer_supplier")
def answer_supplier(event_id: int) -> None:
    sending.answer(LineEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.work_for_supplier")
def work_for_supplier(pk: int) -> None:
    """One round: the calls that are due, then the polls; the next round is promised while more is due."""
    working.work(Supplier.objects.get(pk=pk))


@shared_task(name="orders.tasks.sweep_suppliers")
def sweep_suppliers() -> None:
    working.sweep()


@shared_task(name="orders.tasks.take_in_message")
def take_in_message(pk: int) -> None:
    callbacks.take_in(SupplierMessage.objects.get(pk=pk))


@shared_task(name="orders.tasks.reconcile_supplier")
def reconcile_supplier(pk: int) -> None:
    reconciling.run(Reconciliation.objects.get(pk=pk))


@shared_task(name="orders.tasks.reconcile_suppliers")
def reconcile_suppliers() -> None:
    reconciling.nightly()


@shared_task(name="orders.tasks.send_sheet")
def send_sheet(supplier_id: int, lines: list[int], language: str) -> None:
    """The order sheet by mail, in the order in which its lines were chosen."""
    found = Line.objects.select_related("order__organisation", "sensor", "scene", "quote")
    by_key = found.in_bulk(lines)
    sheets.post(
        Supplier.objects.get(pk=supplier_id), [by_key[pk] for pk in lines], language=language
    )

"""The files that a supplier lists with an order: written down as arrivals, and fetched like what is dropped.

An order whose supplier says that something is delivered is asked for its files by the one worker that
talks to the supplier. Each file, or each folder of files, then is an arrival of its own, worked
through step by step (`orders.services.delivering.arrivals`).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.outbox import after_commit
from dinamis.said import gettext as _
from orders.inboxes import InboxTrouble, Linked, LinkInbox, Unfit, naming
from orders.models import Arrival, Supplier, SupplierOrder
from orders.services.delivering.arrival_steps import take
from orders.services.supplying import connectors, pulse
from orders.states.supply import OVER as LINE_OVER
from orders.suppliers.protocol import Ability, Connector, Handed, Refused, SupplierError, Unable

SYSTEM = Actor.system("suppliers")
# Delivered there and no file listed yet: looked again so often, for so long.
AGAIN, PATIENCE = timedelta(hours=1), timedelta(days=7)


def is_due(supplier: Supplier) -> bool:
    """True when an order is to be asked for its files."""
    return _due(supplier).exists()


def step(supplier: Supplier, connector: Connector) -> bool:
    """Ask one order for its files; False when none is due. Raises the supplier's errors."""
    order = _due(supplier).order_by("files_due_at", "pk").first()
    if order is None:
        return False
    found: Sequence[Handed] = ()
    able = Ability.DELIVERIES in connector.abilities
    if able:
        try:
            found = connector.deliveries(order.their_reference)
        except Unable:
            able = False
        except Refused as refused:
            SupplierOrder.objects.filter(pk=order.pk).update(
                files_due_at=None, trouble=refused.sentence[:2000]
            )
            return True
        pulse.answered(supplier)
    write_down(order, found, lists=able)
    return True


@transaction.atomic
def write_down(order: SupplierOrder, found: Sequence[Handed], *, lists: bool = True) -> int:
    """An arrival for each delivery that is new; say how many were."""
    order = SupplierOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    known = set(order.arrivals.values_list("handed", flat=True))
    new = [one for one in _grouped(order, found) if one[0] not in known]
    for key, name, files in new:
        _arrive(order, key, name, files)
    order.files_due_at = None
    if lists and not found and order.line.supply not in LINE_OVER:
        _wait_or_tell(order)
    order.save(update_fields=["files_due_at", "trouble"])
    return len(new)


def inbox_of(arrival: Arrival) -> LinkInbox:
    """The files of one arrival at its supplier's, asked for when they are needed.

    Raises InboxTrouble while the supplier is not asked.
    """
    order = arrival.supplier_order
    supplier = order.supplier

    def listed() -> list[Linked]:
        if not pulse.may_ask(supplier):
            raise InboxTrouble(_("%(supplier)s is not asked now.") % {"supplier": supplier})
        try:
            found = connectors.make(supplier).deliveries(order.their_reference)
        except Refused as refused:
            raise Unfit(refused.sentence) from refused
        except SupplierError as error:
            raise InboxTrouble(error.sentence) from error
        return [
            Linked(one.name, one.url, one.size, one.checksum)
            for key, _name, files in _grouped(order, found)
            for one in files
            if key == arrival.handed
        ]

    hosts = supplier.options.get("delivery_hosts", [])
    return LinkInbox(
        listed,
        at=arrival.path,
        own=supplier.base_url,
        headers=connectors.secrets_of(supplier).get("headers", {}),
        hosts=[host for host in hosts if isinstance(host, str)],
        most=settings.MAX_DELIVERY_UPLOAD,
    )


def _due(supplier: Supplier):
    return SupplierOrder.objects.filter(supplier=supplier, files_due_at__lte=timezone.now())


def _grouped(
    order: SupplierOrder, found: Sequence[Handed]
) -> Iterator[tuple[str, str, list[Handed]]]:
    """Of each delivery what it is called there, its name here and its files."""
    for one in found:
        if not one.folder:
            yield one.reference, one.name, [one]
    loose = sorted((one for one in found if one.folder), key=lambda one: one.folder)
    for folder, files in groupby(loose, key=lambda one: one.folder):
        yield folder, order.reference, list(files)


def _arrive(order: SupplierOrder, key: str, name: str, files: Sequence[Handed]) -> None:
    now = timezone.now()
    arrival = Arrival.objects.create(
        supplier=order.supplier.key,
        name=name[:255],
        path=f"{naming.place(order.supplier.key, order.reference)}/{name}"[:1000],
        is_folder=len(files) > 1,
        supplier_order=order,
        handed=key,
        mark_since=now,
        state_since=now,
        size=sum(one.size or 0 for one in files),
        files=len(files),
    )
    take(arrival, "take", by=SYSTEM)
    after_commit("orders.tasks.work_on_arrival", arrival.pk)


def _wait_or_tell(order: SupplierOrder) -> None:
    now = timezone.now()
    if order.stage_at is None or now - order.stage_at < PATIENCE:
        order.files_due_at = now + AGAIN
    else:
        order.trouble = _("Delivered there, and no file is listed: ask the supplier for it.")

"""Our orders held against theirs: once a night, on demand, and after every doubt.

Their list is read page by page at their rate, with nothing open in the database; then it is compared
in memory and written down at once. Nothing is mended by itself: an officer reads what differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotNow
from dinamis.outbox import after_commit
from orders.models import Difference, Reconciliation, Supplier, SupplierOrder
from orders.models.supplier_order import STAGES
from orders.services.supplying import connectors, pulse
from orders.suppliers.protocol import Report, Stage, SupplierError, everything

log = structlog.get_logger(__name__)

NIGHT = Actor.system("suppliers")
What = Difference.What


@transaction.atomic
def ask(supplier: Supplier, *, by: Actor) -> Reconciliation:
    """Promise a comparison; a worker makes it. Raises NotNow while one is under way."""
    Supplier.objects.select_for_update(of=("self",)).get(pk=supplier.pk)
    if supplier.reconciliations.filter(ended_at=None, failed="").exists():
        raise NotNow("reconciliation_under_way", _("A comparison is under way already."))
    made = Reconciliation.objects.create(supplier=supplier, began_at=timezone.now(), **by.columns())
    after_commit("orders.tasks.reconcile_supplier", made.pk)
    return made


def nightly() -> int:
    """Promise a comparison for every active supplier by program; return how many."""
    asked = 0
    for supplier in Supplier.objects.by_program():
        try:
            ask(supplier, by=NIGHT)
        except NotNow as refused:
            log.warning("reconciliation_skipped", supplier=supplier.key, code=refused.code)
        else:
            asked += 1
    return asked


def run(made: Reconciliation) -> Reconciliation:
    """Compare. What their side cannot answer ends it with a reason, never with a half list."""
    if made.ended_at or made.failed:
        return made
    supplier = made.supplier
    try:
        theirs = list(everything(connectors.make(supplier)))
        pulse.answered(supplier)
    except (SupplierError, NotNow) as error:
        if isinstance(error, SupplierError):
            pulse.failed(supplier, error)
        Reconciliation.objects.filter(pk=made.pk).update(
            failed=str(error.sentence)[:1000], ended_at=timezone.now()
        )
        made.refresh_from_db()
        return made
    ours = list(
        SupplierOrder.objects.filter(supplier=supplier, made_at__lt=made.began_at)
        .exclude(their_reference="", ended_at__isnull=False)
        .order_by("pk")
    )
    found = list(differences(ours, theirs))
    with transaction.atomic():
        for one in found:
            one.reconciliation = made
        Difference.objects.bulk_create(found)
        made.ours, made.theirs, made.ended_at = len(ours), len(theirs), timezone.now()
        made.save(update_fields=["ours", "theirs", "ended_at"])
    return made


def differences(ours: Iterable[SupplierOrder], theirs: Iterable[Report]) -> Iterator[Difference]:
    """What is not the same on both sides. An order that was never acknowledged is matched by ours."""
    by_theirs = {report.reference: report for report in theirs}
    by_ours: dict[str, list[Report]] = defaultdict(list)
    for report in by_theirs.values():
        if report.ours:
            by_ours[report.ours].append(report)
    known: set[str] = set()
    for order in ours:
        same = by_ours.get(order.reference, [])
        known.update(report.reference for report in same)
        known.add(order.their_reference)
        report = by_theirs.get(order.their_reference) or next(iter(same), None)
        if report is None:
            yield _of(order, What.MISSING, ours=_stage(order.stage))
            continue
        if len(same) > 1:
            yield _of(order, What.TWICE, theirs=", ".join(sorted(one.reference for one in same)))
        yield from _compared(order, report)
    for reference, report in sorted(by_theirs.items()):
        if reference not in known:
            yield Difference(
                what=What.UNKNOWN,
                reference=report.ours[:40],
                their_reference=reference[:120],
                theirs=_stage(report.stage),
            )


def rows(made: Reconciliation) -> Iterator[list[object]]:
    """The report as a table: a header, then each difference."""
    yield [
        _("What differs"),
        _("Our reference"),
        _("Their reference"),
        _("Here"),
        _("There"),
    ]
    for one in made.differences.all():
        yield [one.get_what_display(), one.reference, one.their_reference, one.ours, one.theirs]


def _compared(order: SupplierOrder, report: Report) -> Iterator[Difference]:
    if not order.their_reference or order.stage != report.stage:
        yield _of(order, What.STATE, ours=_stage(order.stage), theirs=_stage(report.stage))
    if report.price is not None and order.price is not None and report.price != order.price:
        yield _of(order, What.PRICE, ours=str(order.price), theirs=str(report.price))


def _of(order: SupplierOrder, what: str, *, ours: str = "", theirs: str = "") -> Difference:
    return Difference(
        what=what,
        order=order,
        reference=order.reference,
        their_reference=order.their_reference,
        ours=ours[:120],
        theirs=theirs[:120],
    )


def _stage(stage: str) -> str:
    return str(STAGES[Stage(stage)]) if stage else str(_("not acknowledged"))

"""What a supplier's report does to a line: each order is taken in once, forwards only, in any order.

A report older than the last one taken in says nothing new; one that says the same again is free. The
steps between are taken where a report skips them, so that every permutation and every repetition of
the same reports leaves the line in the same state. What our rules refuse is told to an officer.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import Line, Supplier, SupplierOrder
from orders.services.lines.history import locked
from orders.services.supplying import advancing
from orders.states.supply import OVER as LINE_OVER
from orders.states.supply import Supply
from orders.suppliers.protocol import OVER, Report, Stage

log = structlog.get_logger(__name__)

BY = Actor.system("suppliers")
# Something may be fetched.
FILES = frozenset({Stage.PARTIAL, Stage.DELIVERED})
# Of two reports with the same instant the later of these counts.
RANK = {stage: rank for rank, stage in enumerate(Stage)}


def digest_of(report: Report) -> str:
    """The SHA-256 of what a report says, in one spelling."""
    text = json.dumps(asdict(report), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def take_in(order: SupplierOrder, report: Report) -> bool:
    """Take one report in; say whether it changed anything.

    The whole is one transaction. What a rule of ours refuses is undone by itself and written to the
    order's `trouble`; it is tried again with the next report.
    """
    with transaction.atomic():
        line = locked(Line.objects.get(pk=order.line_id))
        order = SupplierOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        digest = digest_of(report)
        if order.ended_at or order.digest == digest or _is_old(order, report):
            SupplierOrder.objects.filter(pk=order.pk).update(looked_at=timezone.now())
            return False
        _keep(order, report)
        trouble = _advance(line, order, report)
        line.refresh_from_db(fields=["supply"])
        now = timezone.now()
        order.trouble = trouble[:2000]
        # A report that could not be followed whole is read again when it is told again.
        order.digest = "" if trouble else digest
        order.looked_at = now
        if report.stage in FILES:
            order.files_due_at = now
        # Cancelled here, it is over once they say so.
        over_here = line.supply in LINE_OVER and line.supply != Supply.STOPPED
        if report.stage in OVER or over_here:
            order.ended_at, order.next_look_at = now, None
        order.save()
    return True


def take_in_many(supplier: Supplier, reports: Iterable[Report]) -> int:
    """Take a page of reports in; those that say what we know cost one statement for all of them."""
    by_theirs: dict[str, Report] = {}
    for report in reports:  # told twice on one page, the later one counts
        last = by_theirs.get(report.reference)
        if last is None or (last.at, RANK[last.stage]) <= (report.at, RANK[report.stage]):
            by_theirs[report.reference] = report
    found = SupplierOrder.objects.filter(supplier=supplier, their_reference__in=by_theirs)
    known, changed = [], 0
    for order in found.only("pk", "digest", "ended_at", "their_reference", "line_id"):
        report = by_theirs[order.their_reference]
        if order.ended_at or order.digest == digest_of(report):
            known.append(order.pk)
        else:
            changed += take_in(order, report)
    SupplierOrder.objects.filter(pk__in=known).update(looked_at=timezone.now(), next_look_at=None)
    return changed


def _is_old(order: SupplierOrder, report: Report) -> bool:
    """True for what was said before what we have taken in already."""
    if not order.stage_at:
        return False
    if report.at != order.stage_at:
        return report.at < order.stage_at
    return RANK[report.stage] < RANK[Stage(order.stage)]


def _keep(order: SupplierOrder, report: Report) -> None:
    order.stage, order.stage_at = report.stage, report.at
    order.reason, order.code = report.reason[:2000], report.code[:80]
    if report.price is not None:
        order.price = report.price


def _advance(line: Line, order: SupplierOrder, report: Report) -> str:
    """Move the line as far as the report says; return what an officer should look at."""
    try:
        with transaction.atomic():
            return advancing.follow(line, order, report, by=BY)
    except Refused as refused:
        log.warning("supplier_report_refused", order=order.reference, code=refused.code)
        return _("“%(stage)s” there could not be followed here: %(sentence)s") % {
            "stage": order.get_stage_display(),
            "sentence": refused.sentence,
        }


def note_gone(order: SupplierOrder, sentence: str, *, at: datetime | None = None) -> None:
    """They say they have no such order: an officer looks, nothing is concluded by itself."""
    SupplierOrder.objects.filter(pk=order.pk).update(
        trouble=sentence[:2000], looked_at=at or timezone.now(), next_look_at=None
    )

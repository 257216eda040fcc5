"""The steps of our line that bring it to where its supplier says that it stands.

The line is locked by the caller. Each function walks from wherever the line is; a state reached
already is nothing to do, and one that lies behind is never gone back to.
"""

import json

from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from catalogue.models import Platform
from dinamis.actors import Actor
from dinamis.said import gettext as _
from orders.models import Acquisition, Attempt, Line, SupplierOrder
from orders.pricing.words import Kind, Unit
from orders.services.lines import lines
from orders.services.lines.steps import take
from orders.services.supplying import choosing
from orders.services.tasking import acquisitions, tasking, windows
from orders.states import AcquisitionState, AttemptState, Supply
from orders.states.supplier_call import OPEN
from orders.states.supply import OVER
from orders.suppliers.protocol import Report, Seen, Stage, Verb

# Nothing was delivered and nothing will be.
_ENDED = {
    Stage.REJECTED: lambda: _("The supplier rejects the order."),
    Stage.CANCELLED: lambda: _("The order was cancelled at the supplier's."),
    Stage.FAILED: lambda: _("The supplier cannot deliver."),
    Stage.EXPIRED: lambda: _("The window closed at the supplier's without an image."),
}
_MAKING = frozenset({Stage.PRODUCING, Stage.PARTIAL, Stage.DELIVERED})
_UNDER_WAY = frozenset({Supply.PLACED, Supply.ATTEMPTING, Supply.PROPOSED})


def follow(line: Line, order: SupplierOrder, report: Report, *, by: Actor) -> str:
    """Bring the line to the report's stage; return what an officer should look at, or ""."""
    if line.supply == Supply.STOPPED:
        return _after_stop(order, report)
    if line.supply in OVER or line.supply == Supply.PLACING:
        return ""
    choosing.leave(line, by=by, but=choosing.mark_of(report))
    if line.kind == Kind.TASKING and line.supply in _UNDER_WAY:
        trouble = _follow_tasking(line, report, by=by)
        if trouble:
            return trouble
        line.refresh_from_db()
    if report.stage in _ENDED:
        _end(line, report, by=by)
    elif report.stage in _MAKING and line.kind == Kind.PRODUCTION and line.supply == Supply.PLACED:
        lines.start_production(line, by=by)
    elif report.stage == Stage.CHOICE:
        return choosing.ask(line, order, report, by=by)
    elif report.forecast is not None and line.supply in {Supply.PLACED, Supply.ATTEMPTING}:
        return choosing.warn(line, order, report.forecast, by=by)
    return ""


def _after_stop(order: SupplierOrder, report: Report) -> str:
    """Cancelled here: what an officer should know while it goes on there, unless its answer is awaited."""
    if report.stage in _ENDED:
        return ""
    call = order.calls.filter(verb=Verb.CANCEL).order_by("-pk").first()
    if call is not None and call.state in OPEN:
        return ""
    said = _("Cancelled here, and not there: settle it with the supplier.")
    return f"{said} {call.outcome}".strip() if call is not None else said


def _follow_tasking(line: Line, report: Report, *, by: Actor) -> str:
    """Attempts made, images proposed and answered, then the production."""
    begun = report.stage in _MAKING | {Stage.TASKING, Stage.PROPOSED} or report.acquisitions
    if begun and line.supply == Supply.PLACED:
        lines.start_attempts(line, by=by)
    for seen in report.acquisitions:
        _show(Line.objects.get(pk=line.pk), seen, by=by)
    line.refresh_from_db()
    if report.attempts:
        _count_up_to(line, report.attempts, by=by)
    if report.stage not in _MAKING:
        return ""
    if line.supply == Supply.PROPOSED:
        return _("It is in production there while an image still waits for an answer here.")
    if line.supply == Supply.ATTEMPTING:
        _count_up_to(line, 1, by=by)  # an image was taken: at least one attempt was made
        line.refresh_from_db()
        take(line, "supply", "take_as_ordered", by=by)
    return ""


def _show(line: Line, seen: Seen, *, by: Actor) -> None:
    """Propose an image that is new to us; follow an answer that was given at the supplier's."""
    known = Acquisition.objects.filter(line=line, identifier=seen.identifier).first()
    if known is None and line.supply == Supply.ATTEMPTING:
        known = _propose(line, seen, by=by)
    if known is None or known.state != AcquisitionState.PROPOSED:
        return
    if seen.answer == "accepted":
        acquisitions.accept(known, by=by)
    elif seen.answer == "refused":
        acquisitions.refuse(known, by=by, reason=_("Refused at the supplier's."))


def _propose(line: Line, seen: Seen, *, by: Actor) -> Acquisition:
    attempt = _open_attempt(line, seen, by=by)
    footprint = _geometry(seen) or line.area
    proposal = acquisitions.Proposal(
        acquired_at=seen.acquired_at,
        cloud_cover=seen.cloud_cover,
        footprint=footprint,
        identifier=seen.identifier,
        platform=attempt.platform,
        incidence=seen.incidence,
    )
    due_at = seen.answer_by
    if due_at is not None and due_at <= timezone.now():
        due_at = None
    return acquisitions.propose(attempt, proposal, by=by, due_at=due_at)


def _open_attempt(line: Line, seen: Seen, *, by: Actor) -> Attempt:
    """The attempt that gave this image: one written down and not made yet, or a new one."""
    platform = Platform.objects.filter(code=seen.platform, sensor=line.sensor_id).first()
    planned = line.attempts.filter(state=AttemptState.PLANNED).order_by("planned_at").first()
    made = line.attempts.filter(state=AttemptState.ATTEMPTED).order_by("number").first()
    if made is not None:
        return made
    if planned is None:
        planned = tasking.plan(line, planned_at=seen.acquired_at, by=by, platform=platform)
    return tasking.attempted(planned, by=by)


def _count_up_to(line: Line, count: int, *, by: Actor) -> None:
    """Write down attempts that the supplier made and we had not heard of; never more than were held.

    Where km² count, attempts cost nothing; where attempts count, those beyond the tries that were
    asked are the supplier's own affair.
    """
    made = line.attempts.exclude(state__in=[AttemptState.PLANNED, AttemptState.MISSED]).count()
    wanted = min(count, line.tries or count) if line.quote.unit == Unit.ATTEMPT else count
    for _number in range(made, wanted):
        if line.supply != Supply.ATTEMPTING:
            return
        planned = line.attempts.filter(state=AttemptState.PLANNED).order_by("planned_at").first()
        at = windows.within(line, timezone.now())  # when it was made they do not say
        planned = planned or tasking.plan(line, planned_at=at, by=by)
        tasking.attempted(planned, by=by)


def _end(line: Line, report: Report, *, by: Actor) -> None:
    """No image will come: an open proposal is taken back, then the line fails or its window closes."""
    reason = report.reason or _ENDED[report.stage]()
    if line.supply == Supply.PROPOSED:
        acquisitions.take_back(
            line.acquisitions.get(state=AcquisitionState.PROPOSED), by=by, reason=reason
        )
        line.refresh_from_db()
    closes = report.stage == Stage.EXPIRED and line.supply in {Supply.PLACED, Supply.ATTEMPTING}
    if closes and line.kind == Kind.TASKING:
        lines.close(line, by=by)
    else:
        lines.fail(line, by=by, reason=reason)


def _geometry(seen: Seen) -> GEOSGeometry | None:
    if not seen.footprint:
        return None
    return GEOSGeometry(json.dumps(seen.footprint), srid=4326)

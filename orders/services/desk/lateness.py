"""Who is late and by how much: the targets of the rules in force, in working days of France."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dinamis import workdays
from dinamis.counting import count_all
from dinamis.outbox import after_commit
from orders.models import LateMail, Line, RuleVersion, TargetRow
from orders.pricing.words import Kind, Stage
from orders.states import Approval, Money, Supply

# What a stage is waiting in, as a condition of the line.
WAITS: dict[str, Q] = {
    Stage.REFERENT: Q(approval=Approval.AWAITING_REFERENT),
    Stage.DECIDE: Q(approval=Approval.SUBMITTED),
    Stage.PLACE: Q(approval=Approval.ACCEPTED, supply=Supply.TO_PLACE) & ~Q(money=Money.DUE),
}
Targets = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Late:
    """A line past its target: whose it is, until when it was expected, by how many working days."""

    line: Line
    stage: str
    due_on: date
    days: int

    @property
    def whose(self) -> Any:
        return Stage(self.stage).label


def targets() -> Targets:
    """The targets of the rules in force; none where none are."""
    version = RuleVersion.objects.today()
    return version.rules.targets if version else {}


def target_rows() -> QuerySet[TargetRow]:
    version = RuleVersion.objects.today()
    return TargetRow.objects.filter(version=version) if version else TargetRow.objects.none()


def stage_of(line: Line) -> str:
    """What the line waits in, or an empty string."""
    if line.approval == Approval.AWAITING_REFERENT:
        return Stage.REFERENT
    if line.approval == Approval.SUBMITTED:
        return Stage.DECIDE
    waits = line.approval == Approval.ACCEPTED and line.supply == Supply.TO_PLACE
    return Stage.PLACE if waits and line.money != Money.DUE else ""


def due_on(line: Line, known: Targets) -> date | None:
    """The day by which the line's stage is to be over; None where no target says."""
    days = days_of(known, stage_of(line), line.kind)
    return workdays.after(_day(line.state_since), days) if days else None


def late_by(line: Line, known: Targets) -> int:
    """Working days past the target; 0 when there is time left, or no target."""
    due = due_on(line, known)
    return workdays.between(due, timezone.localdate()) if due else 0


def late_lines(stage: str, known: Targets) -> QuerySet[Line]:
    """The lines of a stage past their target, who has waited longest first; one query."""
    today, late = timezone.localdate(), Q(pk__in=[])
    for kind in Kind.values:
        days = days_of(known, stage, kind)
        if days:
            begun = workdays.begun_before(today, days) + timedelta(days=1)
            before = timezone.make_aware(datetime.combine(begun, time.min))
            late |= Q(kind=kind, state_since__lt=before)
    found = Line.objects.filter(WAITS[stage] & late).order_by("state_since", "pk")
    return found.select_related("order__organisation", "order__requester")


def everything_late(most: int = 200) -> list[Late]:
    """Every line past its target, the latest first."""
    known = targets()
    found = [
        Late(line, stage, _or_today(due_on(line, known)), late_by(line, known))
        for stage in Stage.values
        for line in late_lines(stage, known)[:most]
    ]
    return sorted(found, key=lambda one: (-one.days, one.line.pk))[:most]


def late_sets(known: Targets) -> list[QuerySet[Line]]:
    """What is late in each stage, to be counted with other things."""
    return [late_lines(stage, known) for stage in Stage.values]


def count_late() -> int:
    return sum(count_all(late_sets(targets())))


@transaction.atomic
def promise_mail() -> bool:
    """Promise the mail of the day, once, on working days when something is late."""
    today = timezone.localdate()
    if not workdays.is_working(today):
        return False
    count = count_late()
    if not count:
        return False
    note, new = LateMail.objects.get_or_create(day=today, defaults={"count": count})
    if new:
        after_commit("orders.tasks.tell_late", note.pk)
    return new


def days_of(known: Targets, stage: str, kind: str) -> int | None:
    """The target of a stage in working days, that of the service first; None without one."""
    return known.get((stage, kind), known.get((stage, "")))


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _or_today(day: date | None) -> date:
    return day or timezone.localdate()

"""The lines that one image is for: those of a joint request that the desk placed as one."""

from collections.abc import Sequence

from django.db.models import QuerySet

from orders.models import JointRequest, Line
from orders.states import Approval, Supply
from orders.states.joint import JointState


def of(line: Line) -> QuerySet[Line]:
    """The other lines placed with this one, in order of id."""
    joint = JointRequest.objects.filter(parts__line=line, state=JointState.PLACED)
    others = Line.objects.filter(joint_parts__joint__in=joint).exclude(pk=line.pk)
    return others.select_related("order__organisation", "quote__rule_version", "sensor").order_by(
        "pk"
    )


def waiting_with(line: Line) -> QuerySet[Line]:
    """Those of them whose image was accepted and is awaited."""
    return of(line).filter(approval=Approval.ACCEPTED, supply=Supply.IN_PRODUCTION)


def first_of(lines: Sequence[Line]) -> Line | None:
    """The line that stands for all of these, if they were placed as one: one whose image is awaited first."""
    together = {lines[0].pk, *of(lines[0]).values_list("pk", flat=True)}
    if not {line.pk for line in lines} <= together:
        return None
    awaited = (line for line in lines if line.supply == Supply.IN_PRODUCTION)
    return next(awaited, lines[0])

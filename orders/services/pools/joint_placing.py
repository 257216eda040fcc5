"""A joint request at the desk: placed as one, each line held to its share; or parted, each goes on alone."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotNow
from orders.models import JointPart, JointRequest
from orders.services.lines import lines
from orders.services.lines.history import locked as line_locked
from orders.services.pools import joint as joints
from orders.services.purse import shares
from orders.states.joint import JOINT


@again
@transaction.atomic
def place(joint: JointRequest, *, supplier_reference: str, by: Actor) -> JointRequest:
    """Say that the supplier has all of it as one, under one reference: the split is booked, every line placed.

    Raises NotAllowed (not the desk), NotNow (not agreed, or joint_not_ready: a line is not accepted yet,
    joint_over: one went on or changed), Invalid (no reference). On a refusal nothing is changed.
    """
    check_is_desk(by.user)
    joint = joints.locked(joint)
    JOINT.check("place", joint.state)
    if not joints.still_stands(joint):
        raise NotNow("joint_over", _("One of the requests has gone on: this is not possible now."))
    parts = _parts(joint)
    waiting = [one.line.reference for one in parts if not joints.is_ready(one.line)]
    if waiting:
        raise NotNow(
            "joint_not_ready",
            _("Not accepted yet: %(lines)s. It is placed once all of it is.")
            % {"lines": ", ".join(waiting)},
            lines=waiting,
        )
    joints.advance_to(joint, "place", by=by)
    shares.book(joint, parts, by=by)
    for one in parts:
        lines.place(one.line, by=by, supplier_reference=supplier_reference)
    return joint


@transaction.atomic
def part(joint: JointRequest, *, reason: str, by: Actor) -> JointRequest:
    """Place each alone after all, and say why; every line stays held as it was quoted."""
    check_is_desk(by.user)
    joint = joints.locked(joint)
    JOINT.check("part", joint.state)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step="part")
    joints.advance_to(joint, "part", by=by, reason=reason.strip())
    return joint


def _parts(joint: JointRequest) -> list[JointPart]:
    """The parts with their lines locked, in order of id."""
    parts = list(joint.parts.select_related("line").order_by("line_id"))
    for one in parts:
        one.line, one.joint = line_locked(one.line), joint
    return parts

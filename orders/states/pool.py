"""The lives of a pool: the pool itself, what is pledged to it, and what is asked of it for a line."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step

KEEPER, PLEDGER, MEMBER, OWNER, SYSTEM = "keeper", "pledger", "member", "owner", "system"


class PoolState(models.TextChoices):
    OPEN = "open", _("Being pledged")
    REACHED = "reached", _("Reached")
    FALLEN_SHORT = "fallen_short", _("Not reached")
    CANCELLED = "cancelled", _("Cancelled")


class PledgeState(models.TextChoices):
    HELD = "held", _("Held on the allotment")
    PAID_IN = "paid_in", _("In the pool")
    RELEASED = "released", _("Given back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DrawState(models.TextChoices):
    ASKED = "asked", _("To be decided by the members")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


POOL = Life(
    name="pool",
    title=_("A pool"),
    states=PoolState,
    initial=PoolState.OPEN,
    steps={
        "reach": step(
            PoolState.OPEN,
            to=PoolState.REACHED,
            by=SYSTEM,
            label=_("The threshold is reached"),
            books="release and transfer of every pledge",
        ),
        "fall_short": step(
            PoolState.OPEN,
            to=PoolState.FALLEN_SHORT,
            by=SYSTEM,
            label=_("The deadline passed below the threshold"),
            books="release of every pledge",
        ),
        "cancel": step(
            PoolState.OPEN,
            to=PoolState.CANCELLED,
            by=(KEEPER, SYSTEM),
            label=_("Cancel the pool"),
            books="release of every pledge",
            needs_reason=True,
            style="stop",
            consequence=_("Every pledge goes back to its allotment."),
        ),
    },
    turns={
        PoolState.OPEN: MEMBER,
        PoolState.REACHED: "",
        PoolState.FALLEN_SHORT: "",
        PoolState.CANCELLED: "",
    },
)

PLEDGE = Life(
    name="pledge",
    title=_("A pledge to a pool"),
    states=PledgeState,
    initial=PledgeState.HELD,
    steps={
        "pay_in": step(
            PledgeState.HELD,
            to=PledgeState.PAID_IN,
            by=SYSTEM,
            label=_("Pay in"),
            books="release and transfer",
        ),
        "release": step(
            PledgeState.HELD,
            to=PledgeState.RELEASED,
            by=SYSTEM,
            label=_("Give back"),
            books="release",
        ),
        "withdraw": step(
            PledgeState.HELD,
            to=PledgeState.WITHDRAWN,
            by=PLEDGER,
            label=_("Withdraw the pledge"),
            books="release",
            style="stop",
            consequence=_("It goes back to your allotment."),
        ),
    },
    turns=dict.fromkeys(PledgeState, ""),
)

DRAW = Life(
    name="pool_draw",
    title=_("A draw on a pool"),
    states=DrawState,
    initial=DrawState.ASKED,
    steps={
        "grant": step(
            DrawState.ASKED,
            to=DrawState.GRANTED,
            by=(KEEPER, SYSTEM),
            label=_("Grant the draw"),
            style="primary",
            consequence=_("The line may be sent: it is held on the pool."),
        ),
        "refuse": step(
            DrawState.ASKED,
            to=DrawState.REFUSED,
            by=(KEEPER, SYSTEM),
            label=_("Refuse the draw"),
            needs_reason=True,
            style="stop",
            consequence=_("The requester reads your reason."),
        ),
        "withdraw": step(
            DrawState.ASKED,
            to=DrawState.WITHDRAWN,
            by=(OWNER, SYSTEM),
            label=_("Withdraw"),
            style="stop",
            consequence=_("The pool is not asked any more."),
        ),
    },
    turns={
        DrawState.ASKED: MEMBER,
        DrawState.GRANTED: "",
        DrawState.REFUSED: "",
        DrawState.WITHDRAWN: "",
    },
)

"""The life of a joint request: proposed to those who want the same place, agreed by all, placed as one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class JointState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed to all of them")
    AGREED = "agreed", _("Agreed by all")
    PLACED = "placed", _("Placed as one")
    DECLINED = "declined", _("Not wanted by all")
    LAPSED = "lapsed", _("Not possible any more")


_S = JointState
PARTY, DESK, SYSTEM = "party", "desk", "system"

JOINT = Life(
    name="joint_request",
    title=_("A joint request"),
    states=JointState,
    initial=_S.PROPOSED,
    steps={
        "agree": step(
            _S.PROPOSED,
            to=_S.AGREED,
            by=PARTY,
            label=_("Agree"),
            style="primary",
            consequence=_(
                "Once all agree, each sees who and where, and the desk places it as one."
            ),
        ),
        "decline": step(
            _S.PROPOSED,
            to=_S.DECLINED,
            by=PARTY,
            label=_("Not join"),
            consequence=_("Your request goes on alone; nobody learns that it was yours."),
        ),
        "place": step(
            _S.AGREED,
            to=_S.PLACED,
            by=DESK,
            label=_("Place as one"),
            books="release of what each holds above its share",
            style="primary",
            consequence=_("Each is held to its share from now on, and none can withdraw."),
        ),
        "part": step(
            _S.AGREED,
            to=_S.LAPSED,
            by=DESK,
            label=_("Place each alone"),
            needs_reason=True,
            consequence=_("Each stays held as it was quoted; the requesters read why."),
        ),
        "lapse": step(
            _S.PROPOSED,
            _S.AGREED,
            to=_S.LAPSED,
            by=SYSTEM,
            label=_("Lapse"),
        ),
    },
    turns={
        _S.PROPOSED: PARTY,
        _S.AGREED: DESK,
        _S.PLACED: "",
        _S.DECLINED: "",
        _S.LAPSED: "",
    },
)

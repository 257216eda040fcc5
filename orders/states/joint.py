"""The life of a joint request: proposed to those who want the same place, agreed by all of them or not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class JointState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed to all of them")
    AGREED = "agreed", _("Agreed by all")
    DECLINED = "declined", _("Not wanted by all")
    LAPSED = "lapsed", _("Not possible any more")


_S = JointState
PARTY, SYSTEM = "party", "system"

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
        "lapse": step(
            _S.PROPOSED,
            to=_S.LAPSED,
            by=SYSTEM,
            label=_("Lapse"),
        ),
    },
    turns={_S.PROPOSED: PARTY, _S.AGREED: "", _S.DECLINED: "", _S.LAPSED: ""},
)

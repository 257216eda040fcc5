"""The life of a request for more quota: asked by a referent, decided at the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class QuotaRequestState(models.TextChoices):
    ASKED = "asked", _("With the DINAMIS desk")
    GRANTED = "granted", _("Granted")
    GRANTED_IN_PART = "granted_in_part", _("Granted in part")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_S = QuotaRequestState
DESK, REFERENT, SYSTEM = "desk", "referent", "system"

STEPS = {
    "grant": step(
        _S.ASKED,
        to=_S.GRANTED,
        by=DESK,
        label=_("Grant"),
        books="transfer",
        style="primary",
        consequence=_("The quantity goes to the organisation's allotment now."),
    ),
    "grant_part": step(
        _S.ASKED,
        to=_S.GRANTED_IN_PART,
        by=DESK,
        label=_("Grant a part"),
        books="transfer",
        needs_reason=True,
        consequence=_("The part goes to the organisation's allotment now; the referent reads why."),
    ),
    "refuse": step(
        _S.ASKED,
        to=_S.REFUSED,
        by=DESK,
        label=_("Refuse"),
        needs_reason=True,
        style="stop",
        consequence=_("The referent reads your reason and may ask again."),
    ),
    "withdraw": step(
        _S.ASKED,
        to=_S.WITHDRAWN,
        by=(REFERENT, SYSTEM),
        label=_("Withdraw"),
        style="stop",
        consequence=_("Nobody decides it any more."),
    ),
}

QUOTA_REQUEST = Life(
    name="quota_request",
    title=_("A request for more quota"),
    states=QuotaRequestState,
    initial=_S.ASKED,
    steps=STEPS,
    turns={
        _S.ASKED: DESK,
        _S.GRANTED: "",
        _S.GRANTED_IN_PART: "",
        _S.REFUSED: "",
        _S.WITHDRAWN: "",
    },
)

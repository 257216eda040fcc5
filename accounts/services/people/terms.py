"""The last day of an affiliation: who needs one, and which days it may be."""

import re
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.errors import Invalid

LONGEST = timedelta(days=365 * 6)
PROLONGED_BY = timedelta(days=365)
# Positions that end some day, in French and English, by the beginnings of their words.
_TEMPORARY = re.compile(
    r"\b(doctora|doctoral|phd|th[eè]se|thesis|post-?doc|stag|intern|cdd|contractu|contractor|prestatai"
    r"|sous-?traitan|subcontract|fixed[- ]term|vacatai|apprenti|alternan|en mission|consultant)",
    re.IGNORECASE,
)


def needs_last_day(position: str) -> bool:
    """True for a position that ends some day: doctoral students, contractors, fixed terms."""
    return bool(_TEMPORARY.search(position))


def check_last_day(ends_on: date | None, *, position: str) -> None:
    """Raise Invalid for a day that is missing, past, or further than any contract."""
    today = timezone.localdate()
    if ends_on is None:
        if needs_last_day(position):
            raise Invalid(
                "last_day_missing",
                _("This position ends some day: give the last day of the contract or thesis."),
                field="ends_on",
            )
        return
    if ends_on < today:
        raise Invalid("last_day_past", _("The last day is past."), field="ends_on")
    if ends_on > today + LONGEST:
        raise Invalid(
            "last_day_too_far",
            _("The last day is more than six years away: it can be moved later."),
            field="ends_on",
        )


def prolonged(ends_on: date | None) -> date:
    """One year more than the last day, or than today when that is later."""
    return max(ends_on or timezone.localdate(), timezone.localdate()) + PROLONGED_BY

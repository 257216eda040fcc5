"""How often a programme looks at its place again: every so many weeks or months, or each year in one season."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis.errors import Invalid

MOST_TIMES, MOST_YEARS = 40, 10
MOST_EVERY = 60


class Every(TextChoices):
    WEEKS = "weeks", gettext_lazy("weeks")
    MONTHS = "months", gettext_lazy("months")
    YEARS = "years", gettext_lazy("years, in the same season")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The first window, then the same again every so many weeks, months or years, so many times."""

    starts_on: date
    ends_on: date
    every: int
    unit: str
    times: int

    def windows(self) -> list[tuple[date, date]]:
        """Each window, the first included; raises Invalid where they overlap or last too long."""
        if self.unit not in Every.values or not 1 <= self.every <= MOST_EVERY:
            raise Invalid("rhythm_unknown", _("Say every how many weeks, months or years."))
        if not 2 <= self.times <= MOST_TIMES:
            raise Invalid(
                "times_out_of_range",
                _("A programme has between 2 and %(most)s times.") % {"most": MOST_TIMES},
            )
        if self.starts_on.year > timezone.localdate().year + MOST_YEARS:
            raise _too_long()
        steps = [relativedelta(**{self.unit: self.every * n}) for n in range(self.times)]
        found = [(self.starts_on + one, self.ends_on + one) for one in steps]
        if self.starts_on <= timezone.localdate():
            raise Invalid(
                "window_past", _("The first window begins tomorrow or later."), field="starts_on"
            )
        if found[1][0] <= found[0][1]:
            raise Invalid(
                "windows_overlap",
                _("Each window ends before the next begins: make them shorter, or rarer."),
            )
        if found[-1][0] > self.starts_on + relativedelta(years=MOST_YEARS):
            raise _too_long()
        return found


def _too_long() -> Invalid:
    return Invalid(
        "series_too_long",
        _("A programme lasts %(years)s years at most.") % {"years": MOST_YEARS},
    )

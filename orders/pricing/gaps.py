"""What a version leaves undecided, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.eligibility import Category
from orders.pricing.rules import Gap
from orders.pricing.words import Kind, Mode, Place, Reach

TABLES = {
    "multiplier": gettext_lazy("how often a mode counts"),
    "minimum": gettext_lazy("the minimum area"),
    "delay": gettext_lazy("the usual delay"),
    "unit": gettext_lazy("the unit"),
    "unit_of_quota": gettext_lazy("the quota does not count in the unit"),
    "price": gettext_lazy("the price"),
    "tasking": gettext_lazy("the defaults of tasking"),
    "place": gettext_lazy("the outline of a place"),
    "purses": gettext_lazy("the order of the purses"),
}
ANY = gettext_lazy("any")


def told(gaps: Iterable[Gap]) -> list[str]:
    """One sentence's part for each gap: "the price: research body, Pléiades, tasking, beyond"."""
    return [_told(table, words) for table, words in gaps]


def word(value: str) -> str:
    """A word of the tables as a reader says it; "" is any."""
    if not value:
        return str(ANY)
    for words in (Category, Kind, Mode, Place, Reach):
        if value in words.values:
            return str(words(value).label)
    return value


def _told(table: str, words: tuple[str, ...]) -> str:
    named = ", ".join(word(value) for value in words if value)
    what = str(TABLES[table])
    return _("%(what)s: %(case)s") % {"what": what, "case": named} if named else what

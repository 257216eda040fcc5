"""New tables of the rules on an installation that was loaded before: a version of today has them filled.

What an administrator wrote is carried over row by row; a table that ever had rows is left as it is, for
whoever emptied it meant to.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from orders.models import RuleVersion
from orders.models.rule_rows import RuleRow
from orders.services.rules.rulebook import TABLES, approve, propose

# Makes the rows that the reference has for a table, in a version that is not saved with them yet.
Fill = Callable[[RuleVersion], list[RuleRow]]


def add_new_tables(fills: dict[type[RuleRow], Fill], *, by: Actor) -> RuleVersion | None:
    """Put the rows of tables that no version has ever had in force from today; None when there are none."""
    current = RuleVersion.objects.today()
    new = [model for model in fills if not model.objects.exists()]
    if current is None or not new:
        return None
    today = timezone.localdate()
    names = ", ".join(str(model._meta.verbose_name_plural) for model in new)
    note = _("Tables that are new in this release: %(names)s.") % {"names": names}
    version = RuleVersion.objects.create(
        code=_code(today.isoformat()),
        effective_from=today,
        quote_days=current.quote_days,
        copied_from=current,
        note=note,
        state_since=timezone.now(),
        **by.columns(),
    )
    for model in TABLES.values():
        rows: list[Any] = list(model.objects.filter(version=current).order_by("pk"))
        for row in rows:
            row.pk, row.version = None, version
        rows += fills[model](version) if model in new else []
        model.objects.bulk_create(rows)
    propose(version, by=by, reason=note)
    return approve(version, by=by)


def _code(day: str) -> str:
    """The day, or the day with a letter where a version is called so already."""
    taken = set(RuleVersion.objects.filter(code__startswith=day).values_list("code", flat=True))
    return next(code for code in (day, *(f"{day}-{n}" for n in range(2, 99))) if code not in taken)

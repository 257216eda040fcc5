"""The register of personal data, read from the classification: docs/personal-data.md and the page at /data/."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dinamis.histories import is_append_only
from dinamis.personal_rows import lines_of, models

CATEGORIES = {
    "identity": _("who you are"),
    "contact": _("how to reach you"),
    "professional": _("what you write for your requests"),
    "technical": _("addresses and browsers"),
    "secret": _("digests of passwords and keys"),
    "trace": _("who did what, and when"),
    "place": _("areas you work on"),
}
# The words of the classification, for readers of both languages, and the setting that says how long;
# a word that is missing fails a test.
PERIODS = {
    "while the account lives; four years after its last use once it is closed": (
        _("while the account lives; %(period)s after its last use once it is closed"),
        "accounts",
    ),
    "while the membership lives, then one year": (
        _("while the membership lives, then %(period)s"),
        "dossiers",
    ),
    "ten years from the signature": (_("%(period)s from the signature"), "evidence"),
    "as long as the thing it tells of": (_("as long as the thing it tells of"), ""),
    "one year": ("%(period)s", "trail"),
    "while the session lives": (_("while the session lives"), ""),
    "until it is sent": (_("until the form is sent"), ""),
    "until it ends": (_("until it ends"), ""),
    "an hour, or 30 days after its last use": (_("an hour, or 30 days after its last use"), ""),
    "30 days after it is kept": (_("%(period)s after the mail is sent"), "promises"),
    "while it runs": (_("while the demonstration runs"), ""),
    "while it is a supplier": (_("while it is a supplier"), ""),
    "two days": ("%(period)s", "answers"),
    "seven days": ("%(period)s", "exports"),
}
YEAR = 365.25  # days
HISTORY_STAYS = "stays: a history is never changed"


@dataclass(slots=True)
class Kept:
    """One category and period, and the tables it is found in, by their names for people."""

    category: Any
    period: Any
    tables: list[Any] = field(default_factory=list)


def of_people() -> list[Kept]:
    """For the public page: what is kept, by category and period."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for model in models():
        for line in lines_of(model).values():
            if line.category != "none":
                tables = found[line.category, line.retention]
                if model._meta.verbose_name_plural not in tables:
                    tables.append(model._meta.verbose_name_plural)
    order = list(CATEGORIES)
    return [
        Kept(CATEGORIES[category], period_in_words(period), tables)
        for (category, period), tables in sorted(
            found.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
        )
    ]


def period_in_words(period: str) -> str:
    """A period of the classification as the settings have it, in the reader's language."""
    words, name = PERIODS[period]
    return str(words) % {"period": length_of(name)} if name else str(words)


def length_of(name: str) -> str:
    """How long one setting of RETENTION says, in the reader's words."""
    days = settings.RETENTION[name].days
    years = round(days / YEAR)
    if years and abs(days - years * YEAR) <= 1:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def printed() -> str:
    """The page for programmers and for the data-protection officer: every field that tells of a person."""
    text = [
        "# Personal data: the register",
        "",
        "Printed by `./run manage personal_data` from the `personal.py` of each room; do not edit.",
        "Periods are those of the settings as delivered (`RETENTION_…`, in days: docs/operations.md);",
        "`dinamis.tasks.forget` applies them every night. The last column says what erasing an account",
        "does to the field: `accounts/services/people/erasure.py` reads it.",
    ]
    for model in models():
        rows = [(n, line) for n, line in lines_of(model).items() if line.category != "none"]
        if not rows:
            continue
        text += ["", f"## {model._meta.label}", ""]
        text += [
            "| field | category | why | kept | when erased |",
            "| --- | --- | --- | --- | --- |",
        ]
        frozen = is_append_only(model)
        text += [
            f"| {name} | {line.category} | {line.purpose} | {line.retention} "
            f"| {HISTORY_STAYS if frozen else line.erasing} |"
            for name, line in rows
        ]
    return "\n".join(text) + "\n"

"""What a change would change, in words: field, what stands there, what shall stand there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Change, Organisation, Supervision
from dinamis.formats import day


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: `removed` and `added` are what only one side has; a plain text has one of each."""

    label: str
    removed: list[str]
    added: list[str]


def of(change: Change) -> list[Difference]:
    """The differences in the order of the form."""
    names = [name for name in _LABELS if name in change.after]
    return [_difference(name, change.before.get(name), change.after[name]) for name in names]


_LABELS = {
    "name": lambda: _("Full name of the organisation"),
    "short_name": lambda: _("Short name or acronym"),
    "sector": lambda: _("Sector of activity"),
    "siret": lambda: "SIRET",
    "rnsr": lambda: "RNSR",
    "ror": lambda: "ROR",
    "domains": lambda: _("E-mail domains"),
    "supervisors": lambda: _("Supervising bodies"),
    "legal_name": lambda: _("Legal representative"),
    "legal_position": lambda: _("Position"),
    "legal_email": lambda: _("E-mail address"),
    "referent": lambda: _("Referent"),
}


def _difference(name: str, before: Any, after: Any) -> Difference:
    old, new = _words(name, before), _words(name, after)
    return Difference(
        str(_LABELS[name]()),
        removed=[word for word in old if word not in new],
        added=[word for word in new if word not in old],
    )


def _words(name: str, value: Any) -> list[str]:
    if name == "supervisors":
        return [_body(row) for row in value or []]
    if isinstance(value, list):
        return [str(one) for one in value]
    if name == "sector" and value:
        return [str(Organisation.Sector(value).label)]
    return [str(value)] if value else []


def _body(row: dict[str, str]) -> str:
    """“CNRS (supervising body, 1 January 2020 – …)”."""
    kind = str(Supervision.Kind(row["kind"]).label)
    if not row["since"] and not row["until"]:
        return f"{row['name']} ({kind})"
    since, until = (
        day(date.fromisoformat(row[name])) if row[name] else "…" for name in ("since", "until")
    )
    return f"{row['name']} ({kind}, {since} – {until})"

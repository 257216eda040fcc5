"""A statement as CSV: headers in the reader's language, figures and instants as programs write them."""

import csv
from collections.abc import Callable, Iterable, Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from orders.ledger.models import PARIS, Account
from orders.ledger.reads import Line

BOM = "\ufeff"  # without it spreadsheets misread accents
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """What the csv module writes to, that hands the row straight back."""

    def write(self, row: str) -> str:
        return row


def csv_rows(
    lines: Iterable[Line], *, language: str, name: Callable[[Account], str] = str
) -> Iterator[str]:
    """Yield a CSV document row by row, oldest line first.

    Amounts use a full stop, instants ISO 8601 in the time of Paris. `name` says what an account is
    called; a text that a spreadsheet would take for a formula gets an apostrophe.
    """
    writer = csv.writer(Echo())
    with translation.override(language):
        head = BOM + writer.writerow(_header())
    yield head
    for line in lines:
        with translation.override(language):
            row = writer.writerow([plain(cell) for cell in _cells(line, name)])
        yield row


def _header() -> list[str]:
    return [
        _("Instant"),
        _("Movement"),
        _("From"),
        _("To"),
        _("Amount"),
        _("Change"),
        _("Balance"),
        _("Unit"),
        _("Reason"),
        _("By"),
        _("Version of the rules"),
        _("Deed"),
    ]


def _cells(line: Line, name: Callable[[Account], str]) -> list[object]:
    movement = line.movement
    return [
        movement.at.astimezone(PARIS).isoformat(timespec="microseconds"),
        movement.get_kind_display(),
        name(movement.from_account),
        name(movement.to_account),
        movement.amount,
        line.change,
        line.balance,
        movement.from_account.period.get_unit_display(),
        movement.reason,
        movement.by_name,
        movement.rule_version,
        movement.deed,
    ]


def plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

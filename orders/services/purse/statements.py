"""A statement as a document: a workbook with real figures and instants, and a PDF; the same figures for ever."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from accounts.policies import current_affiliation, may_read_budget
from accounts.services import documents
from dinamis.errors import TooLarge
from orders.ledger import reads
from orders.ledger.export import header
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import PARIS, Account
from orders.ledger.reads import Line, Subject
from orders.models import Line as OrderLine
from orders.services.purse import quota

MOST_ROWS = 100_000  # of a workbook; the CSV is streamed and has no end
MOST_PRINTED = 1000  # newest lines of a PDF
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class About:
    """What a statement is of, and how it is called."""

    subject: Subject
    title: str


def visible_to(user: Any) -> QuerySet[Account]:
    """The accounts whose statement a person reads: all for the budget's readers, else the organisation's own.

    What an organisation holds lies on its lines. A common share is everybody's: its movements name others.
    """
    if may_read_budget(user):
        return Account.objects.all()
    affiliation = current_affiliation(user)
    if affiliation is None:
        return Account.objects.none()
    mine = Account.objects.of(OwnerKind.ORGANISATION, affiliation.organisation_id)
    lines = OrderLine.objects.filter(order__organisation=affiliation.organisation_id)
    held = Account.objects.filter(kind=AccountKind.HELD, owner_key__in=lines.values("reference"))
    return mine | held


def workbook(about: About, *, at: datetime | None, language: str) -> bytes:
    """The statement as XLSX: figures are numbers, instants are dates in the time of Paris, texts stay texts.

    Raises TooLarge beyond MOST_ROWS, where the CSV is the way.
    """
    known = reads.statement(about.subject, at=at, last=1)
    if known.count > MOST_ROWS:
        raise TooLarge(
            "statement_too_long",
            _("This statement has more than %(most)s movements: take the CSV.")
            % {"most": MOST_ROWS},
            most=MOST_ROWS,
        )
    at, lines = reads.lines(about.subject, at=known.at)
    book = Workbook(write_only=True)
    with translation.override(language):
        sheet = book.create_sheet(_("Statement"))
        widths = (20, 12, 30, 30, 14, 14, 14, 10, 40, 24, 12, 36)
        for number, width in enumerate(widths):
            sheet.column_dimensions["ABCDEFGHIJKL"[number]].width = width
        sheet.freeze_panes = "A4"
        sheet.append([_bold(sheet, about.title)])
        sheet.append([_bold(sheet, _("As of")), _instant(sheet, at)])
        sheet.append([_bold(sheet, title) for title in header()])
        for line in lines:
            sheet.append(_cells(sheet, line))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def pdf(about: About, *, at: datetime | None, language: str) -> bytes:
    """The statement as PDF/A: its newest lines, with the totals of all."""
    statement = reads.statement(about.subject, at=at, last=MOST_PRINTED)
    context = {"about": about, "page": _Page(statement), "statement": statement}
    return documents.pdf("statement", context, language)


def names_in(lines: Iterable[Line]) -> dict[int, str]:
    """Account → its name, for every account that these lines touch."""
    ends = [
        account
        for line in lines
        for account in (line.movement.from_account, line.movement.to_account)
    ]
    return quota.names(ends)


class _Page:
    """What depends on the language: read by the template, once its language is active."""

    def __init__(self, statement: reads.Statement) -> None:
        self._statement = statement

    @property
    def names(self) -> dict[int, str]:
        return names_in(self._statement.lines)

    @property
    def totals(self) -> list[tuple[str, Any]]:
        return [(kind.label, sum_) for kind, sum_ in self._statement.totals.items() if sum_]


def _cells(sheet: Any, line: Line) -> list[Any]:
    movement = line.movement
    return [
        _instant(sheet, movement.at),
        _text(sheet, movement.get_kind_display()),
        _text(sheet, end_of(movement.from_account)),
        _text(sheet, end_of(movement.to_account)),
        _figure(sheet, movement.amount),
        _figure(sheet, line.change),
        _figure(sheet, line.balance),
        _text(sheet, movement.from_account.period.get_unit_display()),
        _text(sheet, movement.reason),
        _text(sheet, movement.by_name),
        _text(sheet, movement.rule_version),
        _text(sheet, movement.deed),
    ]


def end_of(account: Account) -> str:
    """What a file calls one end of a movement: its kind, and whose it is where it is somebody's."""
    said = quota.owner_name(account)
    return f"{account.get_kind_display()} ({said})" if said else account.get_kind_display()


def _text(sheet: Any, value: object) -> WriteOnlyCell:
    """A text that no spreadsheet computes, whatever it begins with."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value))[:32_767])
    cell.data_type = "s"
    return cell


def _bold(sheet: Any, value: object) -> WriteOnlyCell:
    cell = _text(sheet, value)
    cell.font = Font(bold=True)
    return cell


def _figure(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "#,##0.00"
    return cell


def _instant(sheet: Any, value: datetime) -> WriteOnlyCell:
    """Spreadsheets know no zones: the time it is in Paris."""
    cell = WriteOnlyCell(sheet, value.astimezone(PARIS).replace(tzinfo=None))
    cell.number_format = "yyyy-mm-dd hh:mm:ss"
    return cell

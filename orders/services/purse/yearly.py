"""A year of the scheme, drawn from the ledger: what each organisation and each theme consumed of each sensor."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from accounts.models import Organisation
from accounts.services import documents
from catalogue.models import Sensor, Theme
from orders.ledger.kinds import AccountKind
from orders.ledger.models import Movement
from orders.models import Contribution, Line, Project, Publication
from orders.pricing.words import Unit

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is of, and what was consumed, sensor by sensor."""

    label: str
    units: dict[str, Decimal]
    projects: int = 0
    publications: int = 0


@dataclass(frozen=True, slots=True)
class Bought:
    """Offers that a contributor bought in the year, and where the attempts went."""

    label: str
    sensor: str
    into: str
    units: dict[str, Decimal]
    eur: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """The report: both tables add up to the same sums, which are the ledger's."""

    year: int
    sensors: tuple[Sensor, ...]
    organisations: tuple[Row, ...]
    themes: tuple[Row, ...]
    total: Row
    bought: tuple[Bought, ...] = ()


def of_year(year: int, organisations: Iterable[int] | None = None) -> Year:
    """Everything consumed in the periods of a year, of all organisations or of some.

    What is consumed is what captures and corrections left in the accounts of consumption. A line under
    a project with several themes counts for each by equal parts, the first taking what is left over.
    """
    touching = Q(to_account__kind=AccountKind.CONSUMED) | Q(from_account__kind=AccountKind.CONSUMED)
    rows = Movement.objects.filter(touching, from_account__period__starts_on__year=year)
    wanted = None if organisations is None else {str(pk) for pk in organisations}
    by_organisation: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    by_line: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    moved = rows.select_related("from_account__period", "to_account").order_by("pk")
    for movement in moved.iterator():
        given, taken = movement.from_account, movement.to_account
        consumed = taken.kind == AccountKind.CONSUMED
        owner = (taken if consumed else given).owner_key
        if wanted is not None and owner not in wanted:
            continue
        sensor = given.period.sensor_id
        amount = movement.amount if consumed else -movement.amount
        by_organisation[owner][sensor] += amount
        by_line[given.owner_key if given.kind == AccountKind.HELD else ""][sensor] += amount
    sensors = tuple(Sensor.objects.all())
    total = _sums(by_organisation.values())
    return Year(
        year=year,
        sensors=sensors,
        organisations=tuple(_organisation_rows(by_organisation)),
        themes=tuple(_theme_rows(by_line, _published(year, organisations))),
        total=Row(_("Total"), total),
        bought=tuple(_bought(year, organisations)),
    )


def _bought(year: int, organisations: Iterable[int] | None) -> Iterator[Bought]:
    """Contributions to the periods of a year, added up by who paid and where they went."""
    rows = Contribution.objects.filter(period__starts_on__year=year)
    if organisations is not None:
        rows = rows.filter(organisation__in=organisations)
    named = ("organisation__name", "period__sensor", "pool__title")
    sums = rows.order_by(*named).values_list(*named).annotate(Sum("attempts"), Sum("eur"))
    for name, sensor, pool, attempts, eur in sums:
        units = {sensor: Decimal(attempts)}
        yield Bought(name, sensor, pool or _("its own quota"), units, eur)


def _sums(parts: Iterable[dict[str, Decimal]]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        for sensor, amount in part.items():
            total[sensor] += amount
    return dict(total)


def _organisation_rows(by_organisation: dict[str, dict[str, Decimal]]) -> Iterator[Row]:
    found = Organisation.objects.in_bulk([int(pk) for pk in by_organisation])
    names = {key: found[int(key)].name for key in by_organisation}
    for key in sorted(by_organisation, key=lambda key: names[key].lower()):
        yield Row(names[key], dict(by_organisation[key]))


def _theme_rows(by_line: dict[str, dict[str, Decimal]], published: dict[str, int]) -> Iterator[Row]:
    lines = Line.objects.filter(reference__in=by_line).select_related("order__project", "sensor")
    project_of = {line.reference: line.order.project for line in lines}
    units: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    projects: dict[str, set[int]] = defaultdict(set)
    themes = _themes_of(project for project in project_of.values() if project)
    whole = {sensor.code for sensor in Sensor.objects.filter(unit=Unit.ATTEMPT)}
    for reference, amounts in by_line.items():
        project = project_of.get(reference)
        codes = (themes.get(project.pk) or [""]) if project else [""]
        for sensor, amount in amounts.items():
            step = Decimal(1) if sensor in whole else CENT
            for code, part in zip(codes, parts(amount, len(codes), step), strict=True):
                units[code][sensor] += part
        if project:
            for code in codes:
                projects[code].add(project.pk)
    for theme in Theme.objects.all():
        if theme.code in units or published.get(theme.code):
            yield Row(
                str(theme),
                dict(units[theme.code]),
                len(projects[theme.code]),
                published.get(theme.code, 0),
            )
    if "" in units:
        yield Row(_("Without a project"), dict(units[""]))


def parts(amount: Decimal, count: int, step: Decimal) -> list[Decimal]:
    """An amount in so many equal parts of whole steps, the first ones taking what is left over."""
    each = (amount / count / step).to_integral_value(ROUND_FLOOR) * step
    left = int((amount - each * count) / step)
    return [each + step if number < left else each for number in range(count)]


def _themes_of(projects: Iterable[Project]) -> dict[int, list[str]]:
    pks = {project.pk for project in projects}
    through = Project.themes.through.objects.filter(project__in=pks).order_by(
        "theme__order", "theme"
    )
    found: dict[int, list[str]] = defaultdict(list)
    for project, theme in through.values_list("project", "theme"):
        found[project].append(theme)
    return found


def _published(year: int, organisations: Iterable[int] | None) -> dict[str, int]:
    """Publications of a year by theme; one on two themes stands under both."""
    rows = Publication.objects.filter(year=year, removed_at=None)
    if organisations is not None:
        rows = rows.filter(project__organisation__in=organisations)
    found: dict[str, int] = defaultdict(int)
    for theme in rows.values_list("project__themes", flat=True):
        found[theme or ""] += 1
    return found


def pdf(report: Year, *, language: str) -> bytes:
    """The report as PDF/A, in one language."""
    return documents.pdf("yearly", {"report": report, "reference": str(report.year)}, language)


def workbook(report: Year) -> bytes:
    """The report as XLSX: one sheet, figures as figures, every text kept from being a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(report.year))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (8, 22, 48), strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate(table(report)):
        cells = []
        for value in row:
            is_text = isinstance(value, str)
            said = ILLEGAL_CHARACTERS_RE.sub("", value) if is_text else value
            one = WriteOnlyCell(sheet, value=said)
            if is_text:
                one.data_type = "s"
            one.font = Font(bold=number == 0)
            cells.append(one)
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def table(report: Year) -> Iterator[list[Any]]:
    """The report as rows, for `dinamis.sheets`."""
    sensors = [f"{sensor} ({sensor.get_unit_display()})" for sensor in report.sensors]
    yield [_("Year"), _("Table"), _("Of"), *sensors, _("Projects"), _("Publications"),
           _("Euros")]  # fmt: skip
    for name, rows in (
        (_("by organisation"), report.organisations),
        (_("by theme"), report.themes),
        (_("in all"), (report.total,)),
    ):
        for row in rows:
            amounts = [row.units.get(sensor.code, ZERO) for sensor in report.sensors]
            yield [report.year, name, row.label, *amounts, row.projects, row.publications, ZERO]
    for one in report.bought:
        amounts = [one.units.get(sensor.code, ZERO) for sensor in report.sensors]
        yield [report.year, _("bought by contributors"), one.label, *amounts, 0, 0, one.eur]

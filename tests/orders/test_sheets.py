"""Every file for spreadsheets, taken by whom it is for, with names that would be formulas."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Affiliation, Organisation, User
from accounts.services.programs import api_keys
from catalogue.models import Download, Platform
from catalogue.services import uses
from dinamis.actors import Actor
from orders.services.lines import lines
from orders.services.purse import payments
from tests.orders import make
from tests.orders.test_paid_lines import beyond  # noqa: F401 a fixture

HOSTILE = "=cmd|' /C calc'!A0"
COMPUTED = tuple("=+-@\t\r\n")


@pytest.fixture
def hostile(request, researcher, laboratory, desk, year) -> None:
    """People, places and words that a spreadsheet would compute."""
    line = request.getfixturevalue("beyond")
    payments.record_order(line, by=Actor.of(desk), order_number=HOSTILE, payer=HOSTILE)
    line = lines.place(
        lines.accept(line, by=Actor.of(desk)), by=Actor.of(desk), supplier_reference="SO-1"
    )
    lines.deliver(
        line,
        product=make.product(line.scene),
        delivered_overlap_km2=Decimal(1200),
        by=Actor.of(desk),
    )
    said = uses.say(researcher, theme="coast", use=HOSTILE, by=Actor.of(researcher))
    product = make.product(make.scene())
    Download.objects.create(user=researcher, product=product, use=said, how="browser")
    api_keys.create(researcher, name=HOSTILE, scopes=["read"], by=Actor.of(researcher))
    for rows, name in (
        (Organisation.objects.filter(pk=laboratory.pk), "name"),
        (User.objects.filter(pk=researcher.pk), "full_name"),
        (Affiliation.objects.filter(user=researcher), "position"),
        (Platform.objects.all(), "name"),
    ):
        rows.update(**{name: HOSTILE})


# The route, who takes it, what stands after its address, how many of its cells are hostile at least.
FILES: dict[str, tuple[str, str, int]] = {
    "organisation_people_csv": ("referent", "", 2),
    "catalogue_csv": ("stranger", "", 1),
    "desk_downloads_csv": ("desk", "", 3),
    "quota_csv": ("researcher", "", 1),
    "quota_period_csv": ("quota_administrator", "", 1),
    "desk_accounts_csv": ("desk", "", 4),
    "yearly_report_csv": ("desk", "", 1),
    "desk_reuse_csv": ("desk", "", 0),
    "organisation_trail": ("referent", "?format=csv", 1),
    "account_trail": ("researcher", "?format=csv", 1),
    "desk_trail_organisation": ("desk", "?format=csv", 1),
    "desk_trail_person": ("desk", "?format=csv", 1),
}


# Workbooks, whose cells bear their kind: a text is never a formula there. See test_statements.
WORKBOOKS = {"yearly_report_xlsx"}


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_a_formula(name, hostile, request, as_, laboratory, researcher, year):
    role, query, least = FILES[name]
    keys: dict[str, list[Any]] = {
        "quota_csv": [year.pk],
        "quota_period_csv": [year.pk],
        "desk_trail_organisation": [laboratory.pk],
        "desk_trail_person": [researcher.pk],
    }
    reader = request.getfixturevalue(role)
    answer = as_(reader).get(reverse(name, args=keys.get(name, [])) + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows[1:] for cell in row]
    assert sum(cell.startswith("'=cmd") for cell in cells) >= least
    formulas = [cell for cell in cells if cell.startswith(COMPUTED) and not is_figure(cell)]
    assert formulas == []
    assert {len(row) for row in rows} == {len(rows[0])}


def is_figure(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_every_route_that_hands_out_a_sheet_is_tried_here():
    named = {route for route in names(get_resolver()) if "csv" in route or "xlsx" in route}
    assert named <= {*FILES, *WORKBOOKS}


def names(resolver: URLResolver) -> list[str]:
    found = []
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found += names(one)
        elif isinstance(one, URLPattern) and one.name:
            found.append(one.name)
    return found

"""Statements as page, CSV, XLSX and PDF: as of any instant, the same for ever, and safe to open."""

import csv
import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dinamis.errors import TooLarge
from orders.ledger import reads
from orders.ledger import services as ledger
from orders.ledger.models import PARIS
from orders.services.purse import quota, statements
from orders.services.purse.statements import About
from orders.views import statements as views
from tests.orders import make


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def purse(laboratory, year):
    """The laboratory's 1,000 km², of which some is held, consumed and adjusted, for reasons of all sorts."""
    account = ledger.account_of(year, "allotment", laboratory.pk, owner_kind="organisation")
    for number, reason in enumerate(("=1+1", "+33 4", "@here", "plain", "é\u00a0; ü")):
        words = {"by": make.BY, "reason": reason}
        ledger.set_allotment(account, Decimal(1001 + number), key=f"size:{number}", **words)
    hold(account, Decimal("62.50"), "L-1")
    return account


def hold(account, amount, line):
    ledger.hold([account], amount, line=line, key=f"hold:{line}", by=make.BY, reason="asked")


def content(answer):
    return b"".join(answer) if answer.streaming else answer.content


def there(account, kind, at=None):
    url = reverse("quota_account_file", args=[account.pk, kind])
    return f"{url}?at={at.isoformat().replace('+', '%2B')}" if at else url


def test_a_workbook_has_real_figures_and_instants_and_texts_that_are_no_formulas(
    client, purse, researcher
):
    client.force_login(researcher)
    answer = client.get(there(purse, "xlsx"))
    assert answer["Content-Type"] == statements.XLSX
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=4))
    lines = reads.statement(purse).lines
    assert len(rows) == len(lines) == 7
    for row, line in zip(rows, lines, strict=True):
        assert (row[4].value, row[5].value, row[6].value) == (
            float(line.movement.amount),
            float(line.change),
            float(line.balance),
        )
        assert {row[number].data_type for number in (4, 5, 6)} == {"n"}
        known = line.movement.at.astimezone(PARIS).replace(tzinfo=None)
        assert abs((row[0].value - known).total_seconds()) < 0.01
        assert (row[0].is_date, row[8].value) == (True, line.movement.reason)
    assert {cell.data_type for row in rows for cell in row} <= {"n", "d", "s", "inlineStr"}


@pytest.mark.usefixtures("typeset")
def test_every_form_says_the_same_for_ever(client, purse, researcher):
    client.force_login(researcher)
    at = reads.statement(purse).at
    before = {kind: content(client.get(there(purse, kind, at))) for kind in ("csv", "xlsx", "pdf")}
    hold(purse, Decimal(100), "L-2")
    after = {kind: content(client.get(there(purse, kind, at))) for kind in ("csv", "xlsx", "pdf")}
    assert before["csv"] == after["csv"]
    values = [
        [[cell.value for cell in row] for row in load_workbook(io.BytesIO(one["xlsx"])).active]
        for one in (before, after)
    ]
    assert values[0] == values[1]
    assert before["pdf"].startswith(b"%PDF")
    rows = list(csv.reader(io.StringIO(before["csv"].decode("utf-8-sig"))))
    assert rows[-1][6] == "942.50"
    assert rows[1][2:4] == ["budget", "allotment (Coast Laboratory)"]
    assert content(client.get(there(purse, "csv"))) != before["csv"]


def test_a_workbook_too_long_says_to_take_the_csv(purse, monkeypatch):
    monkeypatch.setattr(statements, "MOST_ROWS", 6)
    with pytest.raises(TooLarge) as refusal:
        statements.workbook(About(purse, "x"), at=None, language="en")
    assert refusal.value.details == {"most": 6}


def test_a_page_is_turned_until_the_first_movement(client, purse, researcher, monkeypatch):
    monkeypatch.setattr(views, "LAST", 3)
    client.force_login(researcher)
    url, seen = reverse("quota_account", args=[purse.pk]), []
    while url:
        page = client.get(url).content.decode()
        body = page.split("<tbody>")[1].split("</tbody>")[0]
        seen += re.findall(r'<td class="end num"[^>]*>([\d,.]+)</td>', body)
        found = re.search(r'href="(\?at=[^"]+before=[^"]+)"', page)
        url = found and reverse("quota_account", args=[purse.pk]) + found[1].replace("&amp;", "&")
    balances = [line.balance for line in reads.statement(purse).lines[::-1]]
    assert [Decimal(one.replace(",", "")) for one in seen] == balances


def test_others_do_not_see_it_and_the_desk_does(client, purse, stranger, desk, year):
    url = reverse("quota_account", args=[purse.pk])
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.get(there(purse, "pdf")).status_code == 404
    client.force_login(desk)
    assert client.get(url).status_code == 200
    budget = ledger.account_of(year, "budget")
    assert client.get(reverse("quota_account", args=[budget.pk])).status_code == 200


def test_what_is_held_for_a_line_is_read_by_its_organisation_alone(
    client, year, researcher, stranger
):
    line = make.placed(researcher)
    held = ledger.account_of(year, "held", line.reference)
    url = reverse("quota_account", args=[held.pk])
    for who, status in ((researcher, 200), (stranger, 404)):
        client.force_login(who)
        assert client.get(url).status_code == status


def test_an_instant_that_is_none_shows_now(client, purse, researcher):
    client.force_login(researcher)
    for query in ("at=never", "before=never", f"at={datetime.max.isoformat()}"):
        assert client.get(f"{reverse('quota_account', args=[purse.pk])}?{query}").status_code == 200


def test_the_allotment_of_a_project_bears_its_name(researcher, laboratory, year):
    project = make.project(researcher, of=laboratory)
    purse = ledger.account_of(year, "allotment", project.pk, owner_kind="project")
    assert quota.owner_name(purse) == f"{project.reference} · {project.title}"


def test_who_draws_on_a_common_share_reads_what_was_held_not_what_is_left(as_, researcher):
    make.common("research", 500, in_period=make.period())
    make.placed(researcher, make.quote(researcher, km2=150))
    page = as_(researcher).get(reverse("quota")).content.decode()
    assert "Held or consumed at this instant" in page
    assert "Left at this instant" not in page


def test_the_files_of_a_page_are_of_the_instant_that_it_shows(as_, quota_administrator, purse):
    then = timezone.now()
    ledger.set_allotment(purse, Decimal(700), key="later", by=make.BY, reason="More")
    address = f"/quota/budget/{purse.period_id}/?{urlencode({'at': then.isoformat()})}"
    browser = as_(quota_administrator)
    page = unescape(browser.get(address).content.decode())
    shown = re.search(r'href="(/quota/budget/\d+\.csv\?at=[^"]+)"', page)[1]
    assert b"More" not in content(browser.get(shown))
    assert b"More" in content(browser.get(shown.partition("?")[0]))


def test_an_instant_to_come_is_said_and_the_page_is_of_now(as_, quota_administrator, purse):
    later = (timezone.now() + timedelta(days=30)).isoformat()
    page = as_(quota_administrator).get(f"/quota/budget/{purse.period_id}/", {"at": later})
    assert page.status_code == 200
    assert "still to come" in page.content.decode()


def test_a_size_that_is_written_says_what_it_was_so_that_one_can_go_back(
    as_, quota_administrator, purse, laboratory
):
    browser, address = as_(quota_administrator), f"/quota/budget/{purse.period_id}/"

    def write(what, **fields):
        sent = {f"{what}-{name}": value for name, value in fields.items()}
        answer = browser.post(f"{address}{what}", sent | {f"{what}-reason": "Why"}, follow=True)
        return " ".join(unescape(answer.content.decode()).split())

    organisation = {"organisation": laboratory.pk}
    up = write("organisation", **organisation, amount=1100, submission="1")
    assert "1,005 km² before, 1,100 km² now" in up
    down = write("organisation", **organisation, amount=1005, submission="2")
    assert "1,100 km² before, 1,005 km² now" in down
    assert "It has that size already." in write(
        "organisation", **organisation, amount=1005, submission="3"
    )
    assert "9,000 km² now" in write("budget", amount=9000, submission="4")
    assert "9,000 km² before, 10,000 km² now" in write("budget", amount=10_000, submission="5")
    assert "10,000 km² before, 9,500 km² now" in write("budget", amount=9_500, submission="6")

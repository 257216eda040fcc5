"""What the ledger says as of an instant, and that it says the same for ever."""

import csv
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from dinamis import sheets
from orders.ledger import reads, services
from orders.ledger.export import table
from orders.ledger.models import Account
from orders.ledger.summaries import quota_of, summary
from tests.orders.ledger.conftest import BY, balance, key, now, words


@pytest.fixture
def story(period, budget, allotment, common):
    """An allotment used, a common share used, one cut; the instants between, under the deeds' names."""
    at = {"opened": now()}
    services.hold([allotment], Decimal(120), line="L-1", **words("hold"))
    services.hold([common], Decimal(100), line="L-2", **words("hold"))
    at["held"] = now()
    services.settle("L-1", captured=Decimal(112), consumer=1, **words("settle"))
    services.settle("L-2", captured=Decimal(100), consumer=2, **words("settle"))
    at["settled"] = now()
    services.set_allotment(allotment, Decimal(300), **words("cut"))
    at["cut"] = now()
    return at


def test_a_statement_runs_the_balance_of_an_account(story, allotment):
    told = reads.statement(allotment)
    assert [(line.movement.kind, line.change, line.balance) for line in told.lines] == [
        ("transfer", 500, 500),
        ("hold", -120, 380),
        ("release", 8, 388),
        ("adjust", -200, 188),
    ]
    assert (told.opening, told.closing, told.unit, told.count) == (0, 188, "km2", 4)
    assert told.totals == {
        "grant": 0, "transfer": 500, "adjust": 200, "hold": 120, "capture": 0, "release": 8, "expire": 0,
    }  # fmt: skip
    assert reads.balance(allotment) == 188


def test_a_statement_shows_its_newest_lines_with_the_balance_before_them(story, allotment):
    told = reads.statement(allotment, last=2)
    assert [line.balance for line in told.lines] == [388, 188]
    assert (told.opening, told.closing, told.count) == (380, 188, 4)


def test_a_statement_as_of_a_past_instant_stops_there(story, allotment):
    told = reads.statement(allotment, at=story["held"])
    assert (told.closing, told.count, told.at) == (380, 2, story["held"])
    assert reads.statement(allotment, at=story["opened"] - timedelta(days=1)).lines == []


def test_a_statement_of_the_future_is_one_of_now(story, allotment):
    told = reads.statement(allotment, at=now() + timedelta(days=1))
    assert told.at <= now()


def test_a_period_is_told_whole(story, period):
    told = reads.statement(period)
    assert told.count == 9
    assert [line.change for line in told.lines] == [1000, 0, 0, -120, -100, 0, 8, 0, 0]
    assert told.closing == 788
    at, lines = reads.lines(period)
    assert list(lines) == reads.statement(period, at=at).lines


def test_an_owner_is_told_with_what_is_held_for_its_lines(story, period):
    mine = reads.accounts_of(period, "organisation", 1, lines=["L-1"])
    told = reads.statement(mine)
    assert [line.movement.kind for line in told.lines] == [
        "transfer", "hold", "capture", "release", "adjust",
    ]  # fmt: skip
    assert (told.closing, told.is_of_quotas) == (188, True)
    theirs = reads.statement(reads.accounts_of(period, "organisation", 2))
    assert [(line.movement.kind, line.change) for line in theirs.lines] == [("capture", 100)]
    assert not theirs.is_of_quotas  # its 100 km² are consumed, not left


def test_a_statement_has_one_unit(story, attempts):
    with pytest.raises(ValueError, match="one unit"):
        reads.statement(Account.objects.all())


def test_a_summary_accounts_for_every_km2(story, period, allotment, common, budget):
    told = summary(period)
    assert (told.granted, told.free, told.held, told.consumed) == (1000, 788, 0, 212)
    assert told.consumers == {"1": 112, "2": 100}
    rows = {r.account: (r.granted, r.free, r.held, r.consumed) for r in told.rows}
    assert rows[allotment] == (300, 188, 0, 112)
    assert rows[common] == (300, 200, 0, 100)
    assert rows[budget] == (400, 400, 0, 0)
    assert told.row(common).free == 200
    assert [quota_of(row.account) for row in told.rows] == told.rows
    with pytest.raises(KeyError):
        told.row(services.account_of(period, "source"))


def test_a_summary_as_of_a_past_instant_is_that_of_then(story, period, allotment, common):
    told = summary(period, at=story["held"])
    assert (told.granted, told.free, told.held, told.consumed) == (1000, 780, 220, 0)
    assert (told.row(allotment).held, told.row(common).held) == (120, 100)
    before = summary(period, at=story["settled"])
    services.transfer(allotment, Decimal(1), to_account=common, **words())
    assert summary(period, at=story["settled"]) == before


def test_a_correction_shows_on_the_purse_that_gets_it_back(story, period, allotment):
    account = services.account_of(period, "consumed", 1)
    services.adjust(account, Decimal(12), to_account=allotment, **words())
    told = summary(period)
    row = told.row(allotment)
    assert (row.granted, row.free, row.consumed, told.consumers["1"]) == (300, 200, 100, 100)
    services.adjust(allotment, Decimal(2), to_account=account, **words())
    assert summary(period).row(allotment).consumed == 102
    assert quota_of(allotment) == summary(period).row(allotment)


@pytest.mark.django_db(transaction=True)
def test_a_read_waits_for_a_booking_under_way_and_then_covers_it(period, budget):
    """Without the lock the read's instant would be later than the movement's, and miss it."""
    allotment = services.account_of(period, "allotment", 1)
    booked, told = threading.Event(), []

    def read() -> None:
        booked.wait(10)
        try:
            told.append(reads.statement(allotment))
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    with transaction.atomic():
        moved = services.transfer(budget, Decimal(5), to_account=allotment, **words())
        booked.set()
        reader.join(0.4)
        assert not told
    reader.join(10)
    [statement] = told
    assert statement.closing == 5
    assert statement.at > moved.at
    assert reads.statement(allotment, at=statement.at) == statement


def test_csv_says_everything_in_the_readers_language_and_starts_no_formula(story, allotment):
    services.transfer(
        allotment,
        Decimal(1),
        to_account=services.account_of(allotment.period, "allotment", 2),
        key=key("=share"),
        by=BY,
        reason="=1+1",
    )
    at, lines = reads.lines(allotment)
    rows = table(lines, name=lambda account: f"#{account.kind}")
    text = "".join(sheets.lines(rows, language="en"))
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert len(rows) == 5
    assert rows[1]["Amount"] == "120.00"
    assert (rows[1]["Change"], rows[1]["Balance"]) == ("-120.00", "380.00")
    assert (rows[1]["From"], rows[1]["To"]) == ("#allotment", "#held")
    assert rows[1]["Instant"].startswith(str(at.year))
    assert rows[-1]["Reason"] == "'=1+1"
    assert rows[-1]["Deed"].startswith("'=share")
    assert balance(allotment) == 187

"""A quota's curve is what its movements make of it, and its forecast what the rules' weights make of the rest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.ledger.burning import days
from orders.ledger.models import Account
from orders.ledger.summaries import quota_of, summary
from orders.models import PendingWeight
from orders.services.lines import lines, orders
from orders.services.purse import burn_chart, forecasts
from tests.orders import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def purse(laboratory):
    return make.allotment(laboratory, 1_000, in_period=make.period(budget=10_000))


def last(*accounts):
    return list(days(accounts))[-1]


def test_the_last_day_is_what_the_purse_says_now(purse, researcher, desk):
    make.with_supplier(researcher, desk)
    make.placed(researcher, make.quote(researcher, km2=120))
    row = quota_of(purse)
    assert row.held > 0
    assert (last(purse).granted, last(purse).held, last(purse).consumed) == (
        row.granted,
        row.held,
        row.consumed,
    )


def test_captures_releases_and_corrections_are_told_apart(purse):
    words = {"by": make.BY, "reason": "test"}
    ledger.hold([purse], Decimal(300), line="C-1/1", key="h", **words)
    ledger.capture("C-1/1", Decimal(200), consumer=purse.owner_key, key="c", **words)
    ledger.release("C-1/1", key="r", **words)
    consumed = Account.objects.get(kind="consumed")
    ledger.adjust(consumed, Decimal(50), to_account=purse, key="a", **words)
    found = last(purse)
    assert (found.granted, found.held, found.consumed) == (1_000, 0, 150)
    assert quota_of(purse).granted == 1_000


def test_all_quotas_of_a_period_are_read_as_one(purse, park, researcher):
    make.allotment(park, 2_000, in_period=purse.period)
    make.placed(researcher)
    found, whole = last(*purse.period.accounts.quotas()), summary(purse.period)
    assert (found.granted, found.held) == (whole.granted, whole.held)
    assert found.granted == 10_000


def pending(forecast):
    return {one.stage: (one.count, one.units, one.weighted) for one in forecast.pending}


def test_what_is_asked_counts_by_the_weights_of_the_rules(purse, researcher, laboratory):
    make.quote(researcher, km2=200)
    drafted = make.draft(researcher, make.quote(researcher, km2=300))
    forecast = forecasts.of_account(purse)
    units = drafted.lines.get().quote.quota_units
    found = pending(forecast)
    assert found["draft"] == (1, units, (units * Decimal("0.3")).quantize(Decimal("0.01")))
    assert found["quote"][0] == 1
    assert found["waiting"] == (0, 0, 0)
    assert forecast.expected == sum(one[2] for one in found.values())
    make.rewrite(PendingWeight, {"stage": "draft"}, percent=100)
    assert pending(forecasts.of_account(purse))["draft"][2] == units


def test_a_line_on_the_waiting_list_is_nearly_certain(purse, researcher):
    order = make.draft(researcher, make.quote(researcher, km2=390))
    make._share(purse, 100)
    line = lines.submit_or_wait(order.lines.get(), by=Actor.of(researcher))
    assert line.approval == "waiting_quota"
    forecast = forecasts.of_account(purse)
    assert pending(forecast)["waiting"][:2] == (1, line.quote.quota_units)
    assert forecast.left < 0


def test_what_others_ask_is_not_this_purses(purse, other_researcher, park, researcher):
    make.allotment(park, 2_000, in_period=purse.period)
    make.quote(other_researcher, km2=200)
    assert pending(forecasts.of_account(purse))["quote"][0] == 0
    assert pending(forecasts.of_period(purse.period))["quote"][0] == 1


def test_an_expired_quote_counts_no_more(purse, researcher):
    quote = make.quote(researcher, km2=200)
    with time_machine.travel(quote.expires_at + timedelta(seconds=1), tick=False):
        assert pending(forecasts.of_account(purse))["quote"][0] == 0


def test_a_sent_order_is_held_and_not_pending(purse, researcher):
    order = make.draft(researcher, make.quote(researcher, km2=200))
    orders.submit(order, by=Actor.of(researcher))
    forecast = forecasts.of_account(purse)
    assert forecast.now.held == forecast.expected == order.lines.get().quote.quota_units


def test_the_table_has_the_end_of_each_month_and_today(purse):
    forecast = forecasts.of_account(purse)
    today = timezone.localdate()
    ends = [one.day for one in forecast.months]
    assert len(ends) == today.month
    assert (ends[0].day, ends[-1]) == (31 if today.month > 1 else today.day, today)
    assert forecast.months[-1].granted == 1_000


def test_the_curve_stays_inside_its_frame(purse, researcher):
    make.placed(researcher)
    chart = burn_chart.drawn(forecasts.of_account(purse))
    shapes = (chart.consumed, chart.committed, chart.granted, chart.forecast)
    for point in " ".join(shapes).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= chart.width
        assert 0 <= y <= chart.axis
    assert len(chart.months) == 12


def test_a_quota_that_nothing_was_given_to_has_no_curve(laboratory):
    account = ledger.account_of(make.period(), "allotment", laboratory.pk)
    assert burn_chart.drawn(forecasts.of_account(account)) is None


def test_the_page_shows_curve_months_and_weights(as_, researcher, purse):
    make.draft(researcher, make.quote(researcher, km2=300))
    page = as_(researcher).get(f"/quota/accounts/{purse.pk}/forecast").content.decode()
    assert '<svg class="burn"' in page
    assert "Month by month" in page
    assert "On the waiting list" in page


def test_an_account_that_is_no_quota_has_no_forecast(as_, quota_administrator, purse):
    source = Account.objects.get(kind="source")
    assert as_(quota_administrator).get(f"/quota/accounts/{source.pk}/forecast").status_code == 404


def test_months_of_a_year_that_begins_elsewhere():
    assert forecasts._month_ends(date(2026, 4, 1), date(2026, 6, 30)) == [
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 30),
    ]

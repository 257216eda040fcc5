"""Sums of long accounts: the same as adding everything up, page after page, and a forged one is found."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.ledger import milestones, reads, services
from orders.ledger.check import faults
from orders.ledger.models import Account, Milestone, Movement
from orders.ledger.reads import Cursor
from orders.ledger.summaries import quotas_now, summary
from tests.orders.ledger.conftest import balance, by_hand, now, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(period, budget):
    """An allotment with 25 movements of every usual kind."""
    account = services.account_of(period, "allotment", 1)
    services.set_allotment(account, Decimal(700), **words("allot"))
    for number in range(8):
        services.hold([account], Decimal(20 + number), line=f"L-{number}", **words())
        services.settle(f"L-{number}", captured=Decimal(15), consumer=1, **words())
    services.set_allotment(account, Decimal(650), **words("allot"))
    for number in range(7):
        services.hold([account], Decimal(5), line=f"M-{number}", **words())
    return account


def by_adding_up(account, at):
    """The balance without a milestone, one movement after the other."""
    moved = Movement.objects.touching(account).filter(at__lte=at)
    return sum((m.amount if m.to_account == account else -m.amount for m in moved), Decimal(0))


def test_they_are_written_for_long_accounts_once(busy, budget):
    assert milestones.write(every=10) == 2
    assert milestones.write(every=10) == 0
    assert set(Milestone.objects.values_list("account", flat=True)) == {busy.pk}
    counts = [sum(m.count for m in Milestone.objects.filter(at=at)) for at in instants()]
    assert counts == [10, 20]
    services.hold([busy], Decimal(1), line="N-1", **words())
    services.hold([busy], Decimal(1), line="N-2", **words())
    milestones.write(every=5)
    assert sum(m.count for m in busy.milestones.filter(at=instants()[-1])) == 25


def instants():
    return sorted(set(Milestone.objects.values_list("at", flat=True)))


def test_balances_and_statements_are_those_of_adding_up_at_every_instant(busy):
    moved = list(Movement.objects.touching(busy).in_order())
    edges = [m.at + timedelta(microseconds=step) for m in moved for step in (-1, 0, 1)]
    plain = [(by_adding_up(busy, at), reads.statement(busy, at=at)) for at in edges]
    milestones.write(every=4)
    for at, (expected, statement) in zip(edges, plain, strict=True):
        assert reads.balance_at(busy, at) == expected == statement.closing
        assert reads.statement(busy, at=at) == statement


@pytest.mark.parametrize("every", [1000, 4])
def test_a_statement_is_read_page_after_page_with_its_running_balance(busy, period, every):
    milestones.write(every=every)
    for of in (busy, Account.objects.filter(pk=busy.pk), period):
        whole = reads.statement(of)
        at, cursor, read = whole.at, None, []
        while True:
            page = reads.statement(of, at=at, last=7, before=cursor)
            read = page.lines + read
            assert (page.closing, page.count) == (whole.closing, whole.count)
            if page.earlier is None:
                break
            cursor = Cursor.read(str(page.earlier))
        assert read == whole.lines
        assert page.opening == 0


@pytest.mark.parametrize("text", ["", "1", "a.b", "-1.2", "9" * 50, "1.2.3", "9" * 30 + ".1"])
def test_what_names_no_movement_is_no_cursor(text):
    assert Cursor.read(text) is None


def test_several_accounts_and_a_whole_period_read_the_same_with_and_without_them(busy, period):
    moved = list(Movement.objects.touching(busy).in_order())
    edges = [m.at + timedelta(microseconds=step) for m in moved[::3] for step in (-1, 0)]
    others = reads.accounts_of(period, "organisation", 1, lines=[f"L-{n}" for n in range(8)])
    assert others.count() > 2
    scopes = (others, period)
    plain = [reads.statement(of, at=at, last=5) for at in edges for of in scopes]
    for at in edges:
        whole = reads.statement(period, at=at)
        assert whole.count == Movement.objects.filter(at__lte=at).count() == len(whole.lines)
        assert whole.closing == sum((one.change for one in whole.lines), Decimal(0))
        assert sum(whole.totals.values()) == sum(one.movement.amount for one in whole.lines)
    milestones.write(every=4)
    assert [reads.statement(of, at=at, last=5) for at in edges for of in scopes] == plain
    few = CaptureQueriesContext(connection)
    with few:
        reads.statement(period, last=5)
    assert not any("SUM(" in one["sql"] for one in few.captured_queries)


def test_a_milestone_with_the_number_of_its_account_is_not_taken_for_every_account_s(busy, period):
    """Both are counted from one: now and then a milestone has the number of the account that it sums."""
    at = reads.statement(period).at
    plain = reads.statement(period, at=at, last=5)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('orders_milestone', 'id'), %s, false)", [busy.pk]
        )
    milestones.write(every=10)
    assert Milestone.objects.filter(pk=busy.pk, account=busy).exists()
    assert reads.statement(period, at=at, last=5) == plain


def test_a_milestone_is_never_changed_and_a_forged_one_is_found(busy):
    milestones.write(every=10)
    assert faults() == []
    row = Milestone.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    by_hand("orders_milestone", "count = count + 1", row)
    assert [fault.code for fault in faults()] == ["milestone_differs"]


def test_a_look_at_all_quotas_says_what_the_summary_says(busy, period, common):
    services.hold([common], Decimal(30), line="C-1", **words())
    services.capture("C-1", Decimal(12), consumer=2, **words())
    used = services.account_of(period, "consumed", 2)
    services.adjust(used, Decimal(2), to_account=common, **words())
    services.transfer(common, Decimal(40), to_account=busy, **words())
    rows = [(row.account, row.free, row.held, row.consumed) for row in quotas_now(period)]
    expected = summary(period).rows
    assert rows == [(row.account, row.free, row.held, row.consumed) for row in expected]


def test_what_is_booked_later_changes_no_past_balance(busy):
    before = now()
    past = reads.balance_at(busy, before)
    milestones.write(every=10)
    services.hold([busy], Decimal(3), line="N-1", **words())
    milestones.write(every=2)
    assert reads.balance_at(busy, before) == past
    assert reads.balance_at(busy, now()) == balance(busy) == past - 3

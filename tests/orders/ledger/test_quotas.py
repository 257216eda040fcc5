"""The quota administrator's verbs: budgets and allotments brought to a size, and how far a cut can go."""

from decimal import Decimal

import pytest

from orders.ledger import services
from orders.ledger.errors import CutTooDeep, KeyReused, QuotaTooSmall
from orders.ledger.models import Movement
from orders.ledger.sums import allotted, budgeted
from tests.orders.ledger.conftest import BY, balance, key, words


def test_a_budget_grows_by_a_grant_and_shrinks_by_an_adjustment(period, budget):
    [more] = services.set_budget(period, Decimal(1500), **words())
    assert (more.kind, more.amount, balance(budget)) == ("grant", 500, 1500)
    [less] = services.set_budget(period, Decimal(1200), **words())
    assert (less.kind, less.amount, balance(budget)) == ("adjust", 300, 1200)
    assert services.set_budget(period, Decimal(1200), **words()) == []
    assert budgeted(period) == 1200


def test_a_budget_is_not_cut_below_what_was_given_on(period, budget, allotment):
    with pytest.raises(CutTooDeep) as refusal:
        services.set_budget(period, Decimal(499), **words())
    assert refusal.value.details == {"available": "500.00", "required": "501.00", "unit": "km2"}
    assert (budgeted(period), balance(budget)) == (1000, 500)


def test_an_allotment_is_first_given_then_adjusted(period, budget):
    account = services.account_of(period, "allotment", 7)
    [given] = services.set_allotment(account, Decimal(400), **words())
    [more] = services.set_allotment(account, Decimal(600), **words())
    [less] = services.set_allotment(account, Decimal(100), **words())
    assert [m.kind for m in (given, more, less)] == ["transfer", "adjust", "adjust"]
    assert [m.amount for m in (given, more, less)] == [400, 200, 500]
    assert (balance(account), balance(budget), allotted(account)) == (100, 900, 100)


def test_an_allotment_counts_what_is_held_and_consumed_and_is_not_cut_below_it(period, allotment):
    services.hold([allotment], Decimal(300), line="L-1", **words())
    services.capture("L-1", Decimal(110), consumer=1, **words())
    with pytest.raises(CutTooDeep) as refusal:
        services.set_allotment(allotment, Decimal(299), **words())
    assert refusal.value.code == "cut_too_deep"
    assert refusal.value.details == {"available": "200.00", "required": "201.00", "unit": "km2"}
    assert (allotted(allotment), balance(allotment)) == (500, 200)
    services.set_allotment(allotment, Decimal(300), **words())
    assert (allotted(allotment), balance(allotment)) == (300, 0)


def test_an_allotment_beyond_the_budget_is_refused(period, budget, allotment):
    with pytest.raises(QuotaTooSmall) as refusal:
        services.set_allotment(allotment, Decimal(1001), **words())
    assert refusal.value.code == "quota_too_small"
    assert refusal.value.details == {"available": "500.00", "required": "501.00", "unit": "km2"}
    assert (balance(budget), balance(allotment)) == (500, 500)


def test_a_size_is_set_once_per_key_and_a_retry_after_other_changes_is_harmless(
    period, budget, allotment
):
    name = key("allot")
    first = services.set_allotment(allotment, Decimal(700), key=name, by=BY, reason="more")
    services.set_allotment(allotment, Decimal(650), **words())
    again = services.set_allotment(allotment, Decimal(700), key=name, by=BY, reason="more")
    assert first == again
    assert balance(allotment) == 650
    with pytest.raises(KeyReused):
        services.set_allotment(allotment, Decimal(800), key=name, by=BY, reason="more")
    assert balance(allotment) == 650


def test_an_allotment_may_end_at_nothing(period, budget, allotment):
    services.set_allotment(allotment, Decimal(0), **words())
    assert (balance(allotment), balance(budget)) == (0, 1000)


def test_the_reserve_lends_to_a_common_share(period, budget, common):
    reserve = services.account_of(period, "reserve")
    services.transfer(budget, Decimal(100), to_account=reserve, **words())
    services.set_allotment(common, Decimal(350), counterpart=reserve, **words())
    assert (balance(reserve), balance(common), balance(budget)) == (50, 350, 600)


def test_organisations_share_with_each_other(period, allotment):
    friend = services.account_of(period, "allotment", 2)
    moved = services.transfer(allotment, Decimal(80), to_account=friend, **words())
    assert (moved.kind, balance(allotment), balance(friend)) == ("transfer", 420, 80)
    with pytest.raises(QuotaTooSmall) as refusal:
        services.transfer(friend, Decimal(81), to_account=allotment, **words())
    assert refusal.value.details["available"] == "80.00"


def test_a_contributor_fills_a_pool_from_outside(attempts):
    pool = services.account_of(attempts, "pool", "coast")
    moved = services.contribute(pool, Decimal(20), **words(reason="20 k€ for 20 attempts"))
    assert (moved.kind, balance(pool)) == ("grant", 20)
    assert budgeted(attempts) == 20
    assert Movement.objects.count() == 2


def test_a_project_has_its_own_allotment(period, budget):
    project = services.account_of(period, "allotment", "P-1", owner_kind="project")
    services.set_allotment(project, Decimal(10), **words())
    assert (project.owner_kind, balance(project), balance(budget)) == ("project", 10, 990)

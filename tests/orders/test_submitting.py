"""Submitting: what is held where, what is refused, and that a refusal changes nothing."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Affiliation
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.ledger import services as ledger
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account
from orders.models import Line, Order, OrderPreference, PurseOrder
from orders.services.lines import lines, orders
from orders.services.purse import payments, serving
from tests.orders import make
from tests.orders.journeys import at_once, held


def balance(account: Account) -> Decimal:
    return Account.objects.get(pk=account.pk).balance


def purse(kind: str) -> Account:
    return Account.objects.get(kind=kind)


def test_a_submitted_order_holds_its_km2_on_the_allotment_of_the_organisation(researcher, year):
    shared = make.common("research", 500, in_period=year)
    line = make.placed(researcher, make.quote(researcher, km2=150))
    assert (line.approval, line.money) == ("submitted", "held")
    assert held(line) == line.quote.units == line.area_km2
    assert balance(purse("allotment")) == 1000 - line.quote.units
    assert balance(shared) == 500


def test_where_the_organisation_has_no_allotment_the_common_share_of_its_category_carries(
    researcher, laboratory
):
    year = make.period()
    make.allotment(make.organisation("Another"), 700, in_period=year)
    shared = make.common("research", 500, in_period=year)
    line = make.placed(researcher)
    assert line.quote.purse == "common"
    assert balance(shared) == 500 - line.quote.units
    assert held(line) == line.quote.units


def test_a_small_allotment_does_not_fall_through_to_the_common_share(researcher, laboratory):
    year = make.period()
    make.allotment(laboratory, 50, in_period=year)
    shared = make.common("research", 500, in_period=year)
    with pytest.raises(QuotaTooSmall):
        make.placed(researcher)
    assert balance(shared) == 500


def test_it_falls_through_where_the_rules_say_so(researcher, laboratory):
    make.rewrite(PurseOrder, {"purse": "organisation"}, else_next=True)
    year = make.period()
    make.allotment(laboratory, 50, in_period=year)
    shared = make.common("research", 500, in_period=year)
    quoted = make.quote(researcher)
    assert (quoted.purse, quoted.purse_before, quoted.is_short) == ("common", 500, False)
    line = make.placed(researcher, quoted)
    assert balance(shared) == 500 - line.quote.units


def test_a_quote_that_was_too_small_names_the_purse_that_carried_it_in_the_end(
    researcher, laboratory
):
    small = make.allotment(laboratory, 50, in_period=make.period())
    asked = make.quote(researcher)
    assert "The quota is too small" in {row.label for row in asked.rows}
    order = orders.submit(make.draft(researcher, asked), by=Actor.of(researcher), wait=True)
    ledger.set_allotment(small, Decimal(400), key="more", by=make.BY, reason="More.")
    serving.serve(small.pk)
    quote = order.lines.get().quote
    assert (quote.purse_before, quote.purse_after) == (400, 400 - quote.units)
    assert f"Carried by the allotment of {laboratory}" in {row.label for row in quote.rows}


def test_a_quota_too_small_says_available_and_required_and_changes_nothing(researcher, laboratory):
    make.allotment(laboratory, 120, in_period=make.period())
    existing = make.product(make.scene(), km2=30)
    quote = make.quote(researcher, km2=150)
    order = make.draft(researcher, quote)
    with pytest.raises(QuotaTooSmall) as refused:
        orders.submit(order, by=Actor.of(researcher))
    details = refused.value.details
    assert (details["available"], details["required"]) == ("120.00", str(quote.units))
    assert str(quote.units).split(".")[0] in str(refused.value.sentence)
    assert refused.value.ways_on[0].url == f"/catalogue/products/{existing.pk}/"
    assert not re.search(
        r"\d{4}-\d\d-\d\d", refused.value.ways_on[0].label
    )  # days as people say them
    line = order.lines.get()
    assert (line.approval, line.money, held(line)) == ("draft", "none", 0)
    assert [event.step for event in line.events.all()] == ["draft"]
    assert balance(purse("allotment")) == 120


def test_without_an_open_period_the_refusal_says_so(researcher):
    order = make.draft(researcher)
    with pytest.raises(NotNow) as refused:
        orders.submit(order, by=Actor.of(researcher))
    assert refused.value.code == "no_quota_open"


@pytest.mark.parametrize(("second", "drawn"), [(-1, 0), (0, 1)])
def test_a_request_sent_as_the_year_changes_draws_on_the_year_of_its_second(
    researcher, laboratory, second, drawn
):
    """Quoted days before, sent in the last second of the year in Paris or in the first of the next."""
    this = timezone.localdate().year
    ending = make.period()
    years = [ending, ledger.open_period(ending.sensor, year=this + 1, by=make.BY)]
    ledger.grant_budget(years[1], Decimal(1000), key="next", by=make.BY, reason="next year's")
    quotas = [make.allotment(laboratory, 500, in_period=one) for one in years]
    midnight = datetime(this, 12, 31, 23, tzinfo=UTC)
    with time_machine.travel(midnight - timedelta(days=2), tick=False):
        quoted = make.quote(researcher)
    with time_machine.travel(midnight + timedelta(seconds=second), tick=False):
        line = make.placed(researcher, quoted)
    kept = [500, 500]
    kept[drawn] -= line.quote.units
    assert [balance(one) for one in quotas] == kept
    assert held(line) == line.quote.units


def test_an_expired_quote_is_refused_and_nothing_is_held(researcher, year):
    order = make.draft(researcher)
    with time_machine.travel(timezone.now() + timedelta(days=31)), pytest.raises(NotNow) as refused:
        orders.submit(order, by=Actor.of(researcher))
    assert refused.value.code == "quote_expired"
    assert held(order.lines.get()) == 0


def test_one_line_that_cannot_be_submitted_stops_all_of_its_order(researcher, laboratory):
    make.allotment(laboratory, 320, in_period=make.period())
    three = [make.quote(researcher, km2=150) for _ in range(3)]
    order = make.draft(researcher, *three)
    with pytest.raises(QuotaTooSmall):
        orders.submit(order, by=Actor.of(researcher))
    assert {line.approval for line in order.lines.all()} == {"draft"}
    assert balance(purse("allotment")) == 320


def test_spot_needs_its_licence_signed_before_ordering_and_pleiades_does_not(
    laboratory, year, spot_year
):
    unsigned = make.person("erin")
    make.attached(unsigned, laboratory)
    assert make.placed(unsigned).money == "held"
    order = make.draft(unsigned, make.tasking_quote(unsigned))
    with pytest.raises(NotNow) as refused:
        orders.submit(order, by=Actor.of(unsigned))
    assert (refused.value.code, refused.value.details["licence"]) == (
        "licence_not_signed",
        "spot67",
    )
    assert held(order.lines.get()) == 0
    make.signed(unsigned)
    orders.submit(order, by=Actor.of(unsigned))
    assert held(order.lines.get()) == 3


def test_whoever_has_left_the_organisation_can_no_longer_submit(researcher, year):
    order = make.draft(researcher)
    Affiliation.objects.filter(user=researcher).update(state="ended", is_current=False)
    with pytest.raises(NotAllowed) as refused:
        orders.submit(order, by=Actor.of(researcher))
    assert refused.value.code == "no_active_affiliation"


def test_the_referent_agrees_first_where_the_organisation_asks_for_it(
    researcher, referent, laboratory, year
):
    OrderPreference.objects.create(organisation=laboratory, referent_approves=True)
    line = make.placed(researcher)
    assert line.approval == "awaiting_referent"
    assert make.placed(referent).approval == "submitted"
    assert lines.approve(line, by=Actor.of(referent)).approval == "submitted"


def test_a_european_scientist_pays_and_no_quota_is_touched(desk, year):
    abroad = make.person("frida")
    make.attached(abroad, make.organisation("Istituto", "european_scientist"))
    line = make.placed(abroad, make.quote(abroad, km2=50))
    assert (line.money, line.quote.price_eur, held(line)) == ("due", Decimal("406.00"), 0)
    lines.accept(line, by=Actor.of(desk))
    with pytest.raises(NotNow) as refused:
        lines.place(line, by=Actor.of(desk), supplier_reference="SO-2")
    assert refused.value.code == "order_number_awaited"
    ordered = payments.record_order(line, by=Actor.of(desk), order_number="4500017")
    assert (ordered.money, ordered.payer) == ("ordered", "Istituto")
    assert lines.place(line, by=Actor.of(desk), supplier_reference="SO-2").supply == "placed"


def test_a_bill_is_void_once_the_line_is_withdrawn(year):
    abroad = make.person("frida")
    make.attached(abroad, make.organisation("Istituto", "european_scientist"))
    line = lines.withdraw(make.placed(abroad), by=Actor.of(abroad))
    assert (line.approval, line.money) == ("withdrawn", "void")


def test_the_same_form_sent_again_is_the_same_order(researcher, year):
    quote = make.quote(researcher)
    first = make.draft(researcher, quote, submission="form")
    again = make.draft(researcher, quote, submission="form")
    assert first == again
    orders.submit(first, by=Actor.of(researcher))
    orders.submit(first, by=Actor.of(researcher))
    assert held(first.lines.get()) == quote.units


def test_a_quote_serves_once(researcher, year):
    quote = make.quote(researcher)
    make.draft(researcher, quote)
    with pytest.raises(NotNow) as refused:
        make.draft(researcher, quote)
    assert refused.value.code == "quote_used"
    assert Order.objects.count() == 1


def test_the_quote_of_another_does_not_exist(researcher, stranger, year):
    with pytest.raises(NotFound):
        make.draft(stranger, make.quote(researcher))
    assert not Order.objects.exists()


@pytest.mark.parametrize("words", [{"title": " "}, {"purpose": ""}, {"submission": ""}])
def test_an_order_needs_its_words(researcher, words):
    asked = {"title": "t", "purpose": "p", "submission": "s"} | words
    with pytest.raises(Invalid):
        orders.draft([make.quote(researcher)], **asked, by=Actor.of(researcher))
    assert not Order.objects.exists()


def test_references_name_the_order_and_its_lines(researcher, year):
    order = make.draft(researcher, make.quote(researcher), make.quote(researcher))
    assert order.reference.startswith(f"C-{timezone.localdate().year}-")
    assert [line.reference for line in order.lines.all()] == [
        f"{order.reference}-1",
        f"{order.reference}-2",
    ]


def both_look_before_either_is_done():
    """Two holds begin together and end late: each looks at a balance that the other has not changed yet."""
    both, plain = threading.Barrier(2), ledger.hold

    def held_late(*args, **words):
        both.wait(timeout=10)
        try:
            return plain(*args, **words)
        finally:
            time.sleep(0.5)

    return mock.patch.object(ledger, "hold", held_late)


def race(users) -> list[object]:
    drafts = [make.draft(user, make.quote(user, km2=60)) for user in users]
    acts = [
        lambda order=order, user=user: orders.submit(order, by=Actor.of(user))
        for order, user in zip(drafts, users, strict=True)
    ]
    with both_look_before_either_is_done():
        return at_once(*acts)


@pytest.mark.django_db(transaction=True)
def test_two_orders_racing_for_the_last_km2_do_not_both_win(researcher, referent, laboratory):
    make.allotment(laboratory, 150, in_period=make.period())
    results = race([researcher, referent])
    assert sorted(type(result).__name__ for result in results) == ["Order", "QuotaTooSmall"]
    assert sorted(Line.objects.values_list("approval", flat=True)) == ["draft", "submitted"]
    assert balance(purse("allotment")) == 50


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_constraint_both_win(researcher, referent, laboratory):
    make.allotment(laboratory, 150, in_period=make.period())
    rule = "orders_account DROP CONSTRAINT quota_not_overdrawn"
    back = (
        "orders_account ADD CONSTRAINT quota_not_overdrawn"
        " CHECK (kind = 'source' OR balance >= 0) NOT VALID"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {rule}")
    try:
        results = race([researcher, referent])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {back}")
    assert [type(result).__name__ for result in results] == ["Order", "Order"]
    assert balance(purse("allotment")) == -50


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_order(researcher, year):
    quote = make.quote(researcher)

    def click() -> Order:
        return orders.place(
            [quote], title="t", purpose="p", submission="form", by=Actor.of(researcher)
        )

    results = at_once(*[click] * 6)
    assert {result.pk for result in results} == {Order.objects.get().pk}
    line = Line.objects.get()
    assert (line.approval, held(line)) == ("submitted", quote.units)
    assert line.events.filter(step="submit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_quote_in_two_forms_at_once_serves_one_of_them(researcher, year):
    quote = make.quote(researcher)

    def send(form: str) -> Order:
        return orders.place(
            [quote], title="t", purpose="p", submission=form, by=Actor.of(researcher)
        )

    results = at_once(lambda: send("one"), lambda: send("two"))
    assert sorted(type(result).__name__ for result in results) == ["NotNow", "Order"]
    assert Order.objects.count() == Line.objects.count() == 1


def test_reading_passes_one_gate(researcher, referent, stranger, desk, year):
    line = make.placed(researcher)
    for user, seen in ((researcher, 1), (referent, 1), (desk, 1), (stranger, 0)):
        assert Order.objects.visible_to(user).count() == seen
        assert Line.objects.visible_to(user).count() == seen
    assert type(line.quote).objects.visible_to(stranger).count() == 0


def test_quoting_books_nothing(researcher, year):
    quotes_before = balance(purse("allotment"))
    quote = make.quote(researcher, km2=150)
    assert balance(purse("allotment")) == quotes_before == quote.purse_before == 1000
    assert quote.purse_after == 1000 - quote.units

"""Beyond the quota: shares held and paid, an order number before anything is placed, the accounts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.models import Line, RuleVersion
from orders.services.asking import quotes
from orders.services.lines import lines
from orders.services.lines.reading import sentence
from orders.services.purse import payments
from orders.services.rules.rulebook import approve, copy, propose
from tests.orders import make
from tests.orders.journeys import consumed, held


@pytest.fixture
def beyond(researcher, year) -> Line:
    """A submitted line of 1,200 km² on an allotment of 1,000: the rest is co-funded."""
    scene = make.scene(km2=1300)
    quote = make.quote(researcher, of=scene, km2=1200)
    assert quote.is_short
    return make.placed(researcher, quotes.beyond(quote, by=Actor.of(researcher)))


def test_what_the_quota_does_not_carry_is_paid(beyond):
    quote = beyond.quote
    assert (quote.terms, quote.quota_units) == ("cofunded", 1000)
    assert quote.paid_units == quote.units - 1000
    assert quote.price_eur == quote.paid_units * Decimal("1.00")
    assert (beyond.money, held(beyond)) == ("due", 1000)
    ids = [step["id"] for step in quote.explained]
    assert ids[-4:] == ["carried_by_organisation", "share_beyond", "price_cofunded", "to_pay"]


def test_within_the_quota_nothing_is_paid_even_if_one_would(researcher, year):
    quote = quotes.beyond(make.quote(researcher, km2=150), by=Actor.of(researcher))
    assert (quote.terms, quote.paid_units, quote.price_eur) == ("quota", 0, 0)


def test_another_s_quote_is_not_asked_beyond(stranger, researcher, year):
    with pytest.raises(NotFound):
        quotes.beyond(make.quote(researcher), by=Actor.of(stranger))


def test_spot_is_not_sold_beyond_the_quota_and_the_contributions_are_told(researcher, spot_year):
    quote = make.tasking_quote(researcher, km2=80_000, tries=3)
    assert quote.is_short
    with translation.override("en"), pytest.raises(NotNow) as refused:
        quotes.beyond(quote, by=Actor.of(researcher))
    assert refused.value.code == "not_sold_beyond_the_quota"
    assert refused.value.details["offers"][0] == {"eur": "20000.00", "attempts": 20}
    assert "€20,000 brings 20 attempts, about 70,000" in str(refused.value.sentence)
    assert quotes.beyond_the_quota(quote) is None


def test_nothing_is_placed_before_the_number(beyond, desk):
    by = Actor.of(desk)
    line = lines.accept(beyond, by=by)
    with pytest.raises(NotNow) as refused:
        lines.place(line, by=by, supplier_reference="SO-9")
    assert refused.value.code == "order_number_awaited"
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(supply="placed")
    line = payments.record_order(line, by=by, order_number=" 45-17 ", payer="University")
    assert (line.money, line.order_number, line.payer) == ("ordered", "45-17", "University")
    assert lines.place(line, by=by, supplier_reference="SO-9").supply == "placed"


def test_the_accounts_are_typed_by_the_desk_and_every_step_is_kept(beyond, desk, researcher):
    by = Actor.of(desk)
    with pytest.raises(NotAllowed):
        payments.record_order(beyond, by=Actor.of(researcher), order_number="1")
    with pytest.raises(Invalid):
        payments.record_order(beyond, by=by, order_number="  ")
    with pytest.raises(NotNow):
        payments.record_invoice(beyond, by=by, invoice_reference="F-1")
    payments.record_order(beyond, by=by, order_number="45-17")
    payments.record_order(beyond, by=by, order_number="45-18")
    payments.record_invoice(beyond, by=by, invoice_reference="F-1")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        payments.record_payment(beyond, by=by, paid_on=tomorrow)
    assert refused.value.code == "paid_on_future"
    paid = payments.record_payment(beyond, by=by, paid_on="2026-01-05")
    assert (paid.money, paid.paid_on, paid.order_number) == ("paid", date(2026, 1, 5), "45-18")
    typed = [
        (event.step, event.facts.get("order_number"))
        for event in payments.history(paid).exclude(step="bill")
    ]
    assert typed == [
        ("record_order", "45-17"),
        ("record_order", "45-18"),
        ("record_invoice", None),
        ("record_payment", None),
    ]


def test_a_paid_line_that_fails_is_owed_back_and_its_hold_returns(beyond, desk):
    by = Actor.of(desk)
    line = lines.accept(beyond, by=by)
    line = payments.record_order(line, by=by, order_number="45-17")
    line = payments.record_payment(line, by=by, paid_on="2026-01-05")
    line = lines.place(line, by=by, supplier_reference="SO-9")
    line = lines.fail(line, by=by, reason="Lost in space.")
    assert (line.money, held(line), consumed(line)) == ("to_refund", 0, 0)
    line = payments.record_refund(line, by=by, reason="Transfer 5")
    assert line.money == "refunded"
    with pytest.raises(NotNow):
        payments.record_refund(line, by=by, reason="Twice")


@pytest.mark.parametrize(("delivered", "counted"), [("1200", "1000"), ("400", "400")])
def test_a_delivery_counts_the_quota_s_share_first(beyond, desk, delivered, counted):
    by = Actor.of(desk)
    line = payments.record_order(lines.accept(beyond, by=by), by=by, order_number="45-17")
    line = lines.place(line, by=by, supplier_reference="SO-9")
    line = lines.deliver(
        line,
        product=make.product(line.scene),
        delivered_overlap_km2=Decimal(delivered),
        by=by,
    )
    assert (line.supply, line.money) == ("delivered", "ordered")
    assert (consumed(line), held(line)) == (Decimal(counted), 0)


def test_a_line_withdrawn_owes_nothing_and_holds_nothing(beyond, researcher):
    line = lines.withdraw(beyond, by=Actor.of(researcher))
    assert (line.money, held(line)) == ("void", 0)


def test_the_sentence_says_that_a_number_is_awaited(beyond, desk, researcher):
    line = lines.accept(beyond, by=Actor.of(desk))
    with translation.override("en"):
        assert "order number" in sentence(line, researcher).text
        assert "nothing is placed before the number" in sentence(line, desk).detail


def test_the_accountants_have_every_paid_line_as_csv(client, beyond, desk, researcher):
    payments.record_order(beyond, by=Actor.of(desk), order_number="=45-17", payer="University")
    client.force_login(desk)
    answer = client.get(reverse("desk_accounts_csv"), headers={"accept-language": "en"})
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("Line,Ordered on,Organisation")
    assert f"{beyond.reference}," in row
    assert ",'=45-17,University," in row
    assert f",{beyond.quote.price_eur},Ordered by the payer," in row
    page = client.get(reverse("desk_accounts") + "?money=ordered").content.decode()
    assert beyond.reference in page
    client.force_login(researcher)
    assert client.get(reverse("desk_accounts_csv")).status_code == 403


def test_a_quote_keeps_its_version_when_the_rules_change_before_it_is_sent(researcher, year):
    quote = make.quote(researcher, km2=63)
    said = [(row.label, row.amount) for row in quote.rows]
    one, other = make.person("adele", "administrator"), make.person("basile", "administrator")
    draft = copy(
        RuleVersion.objects.get(code="2026-01"),
        code="today",
        effective_from=timezone.localdate(),
        by=Actor.of(one),
    )
    draft.minimumarea_rows.update(km2=400)
    approve(propose(draft, by=Actor.of(one), reason="Dearer."), by=Actor.of(other))
    line = make.placed(researcher, quote)
    assert (line.quote.rule_version.code, held(line)) == ("2026-01", 100)
    quote.refresh_from_db()
    assert [(row.label, row.amount) for row in quote.rows] == said
    assert make.quote(researcher, km2=63).units == 400


def test_the_number_typed_in_the_queue_leaves_its_line_open_to_be_placed(beyond, desk, as_):
    line = lines.accept(beyond, by=Actor.of(desk))
    there = reverse("line_step", args=[line.order.reference, line.number, "record_order"])
    answer = as_(desk).post(there, {"order_number": "BC-1", "payer": "Us", "back": "place"})
    queue = reverse("desk_lines", args=["place"])
    assert answer["Location"] == f"{queue}?line={line.reference}"

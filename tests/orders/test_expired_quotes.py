"""A quote whose day is over while its reader types: the same is asked again with one button, the words kept."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from orders.models import Quote
from tests.orders import make

pytestmark = pytest.mark.django_db

TYPED = {"title": "Estuary", "purpose": "To follow the swell.", "submission": "once"}


def over(*found: Quote) -> None:
    """The quotes were made forty days ago."""
    now = timezone.now()
    for quote in found:
        Quote.objects.filter(pk=quote.pk).update(
            made_at=now - timedelta(days=40), expires_at=now - timedelta(days=10)
        )


def test_an_expired_quote_is_asked_for_again_and_what_was_typed_goes_along(
    as_, researcher, laboratory
):
    make.allotment(laboratory, 500, in_period=make.period())
    quote = make.quote(researcher)
    over(quote)
    browser, address = as_(researcher), f"/orders/quotes/{quote.key}/"
    refused = browser.post(address, TYPED)
    assert refused.status_code == 409
    assert b'name="again"' in refused.content
    answer = browser.post(address, {**TYPED, "again": "1"})
    renewed = Quote.objects.exclude(pk=quote.pk).get()
    assert answer["location"] == f"/orders/quotes/{renewed.key}/"
    assert (renewed.units, renewed.scene, renewed.options) == (
        quote.units, quote.scene, quote.options,
    )  # fmt: skip
    page = browser.get(answer["location"]).content.decode()
    assert 'value="Estuary"' in page
    assert "To follow the swell." in page
    assert 'name="again"' not in page
    sent = browser.post(answer["location"], TYPED)
    assert re.fullmatch(r"/orders/C-\d{4}-\d{4}/", sent["location"])


def test_several_that_have_expired_are_asked_for_again_together(as_, researcher, laboratory):
    make.allotment(laboratory, 500, in_period=make.period())
    found = [make.quote(researcher, km2=km2) for km2 in (120, 130)]
    over(found[0])
    query = urlencode([("key", str(one.key)) for one in found])
    answer = as_(researcher).post(f"/orders/quotes/?{query}", {**TYPED, "again": "1"})
    renewed = Quote.objects.exclude(pk__in=[one.pk for one in found]).order_by("pk")
    assert [one.units for one in renewed] == [one.units for one in found]
    assert answer["location"].count("key=") == 2


def test_a_window_that_has_passed_is_said_on_the_page(as_, researcher, spot_year):
    quote = make.tasking_quote(researcher, days=30)
    over(quote)
    today = timezone.localdate()
    Quote.objects.filter(pk=quote.pk).update(
        window_starts_on=today - timedelta(days=60), window_ends_on=today - timedelta(days=30)
    )
    answer = as_(researcher).post(f"/orders/quotes/{quote.key}/", {**TYPED, "again": "1"})
    assert answer.status_code == 422
    assert Quote.objects.count() == 1


def test_nothing_of_another_is_asked_for_again(as_, researcher, other_researcher, year):
    quote = make.quote(researcher)
    over(quote)
    answer = as_(other_researcher).post(f"/orders/quotes/{quote.key}/", {"again": "1"})
    assert answer.status_code == 404
    assert Quote.objects.count() == 1

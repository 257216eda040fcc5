"""What members already have: used instead, or subtracted; counted once for the scheme."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from orders.models import Quote, Reuse
from orders.services.asking import quotes, reuse
from orders.services.lines import lines, orders
from tests.orders import make
from tests.orders.journeys import held

AWAY = (2.0, 47.0)


def shifted(km2: float, east: float):
    """A square beside AWAY, so many degrees to its east."""
    return make.square(km2, at=(AWAY[0] + east, AWAY[1]))


@pytest.fixture
def product(year):
    """An image over the western half, or so, of what is asked."""
    found = make.product(make.scene(km2=900, at=AWAY))
    type(found).objects.filter(pk=found.pk).update(footprint=shifted(900, -0.2))
    found.refresh_from_db()
    return found


@pytest.fixture
def quote(researcher, product) -> Quote:
    return make.quote(researcher, of=make.scene(km2=2500, at=AWAY), area=shifted(400, 0))


def test_the_covered_part_is_subtracted_and_the_sum_says_so(researcher, product, quote):
    told = quote.available[0]
    rest = quotes.without(quote, [product.pk], by=Actor.of(researcher))
    assert rest.asked_km2 == quote.area_km2
    assert rest.subtracted_km2 == rest.asked_km2 - rest.area_km2
    assert abs(rest.subtracted_km2 - Decimal(told["overlap_km2"])) <= Decimal("0.02")
    assert rest.area_km2 == geo.area_km2(rest.area)
    assert not rest.area.overlaps(product.footprint) or geo.overlap_km2(
        rest.area, product.footprint
    ) <= Decimal("0.01")
    rows = {row.id: row for row in rest.rows}
    assert rows["subtracted"].label == "Already with a member, subtracted"
    assert rows["subtracted"].amount.startswith("− ")
    assert rest.units == rest.area_km2 < quote.units
    assert rest.available == []


def test_the_minimum_still_applies_to_the_rest(researcher, product):
    whole = make.quote(researcher, of=make.scene(km2=2500, at=AWAY), area=shifted(150, 0))
    rest = quotes.without(whole, [product.pk], by=Actor.of(researcher))
    assert rest.area_km2 < 100 == rest.units
    assert [row.id for row in rest.rows][:3] == ["area_asked", "subtracted", "raised_to_minimum"]


def test_nothing_is_ordered_where_members_have_all_of_it(researcher, year):
    covered = make.product(make.scene(km2=900, at=AWAY))
    whole = make.quote(researcher, of=make.scene(km2=2500, at=AWAY), area=shifted(150, 0))
    with pytest.raises(Invalid) as refused:
        quotes.without(whole, [covered.pk], by=Actor.of(researcher))
    assert refused.value.code == "nothing_left"


def test_a_tasking_is_asked_for_the_rest_too(researcher, spot_year):
    scene = make.scene(platform="SPOT6", km2=3600)
    make.product(scene, km2=400, licence="spot67")
    whole = make.tasking_quote(researcher, km2=3700, tries=1)
    rest = quotes.without(whole, [int(whole.available[0]["product"])], by=Actor.of(researcher))
    assert rest.area_km2 == rest.asked_km2 - rest.subtracted_km2 < whole.area_km2
    assert rest.units <= whole.units


def test_an_image_that_was_not_offered_is_not_subtracted(researcher, stranger, quote, product):
    other = make.product(make.scene())
    for by, chosen in ((researcher, [other.pk]), (stranger, [product.pk])):
        with pytest.raises(NotFound):
            quotes.without(quote, chosen, by=Actor.of(by))
    assert Quote.objects.count() == 1


def test_what_was_subtracted_is_counted_when_it_is_sent_not_before(researcher, product, quote):
    rest = quotes.without(quote, [product.pk], by=Actor.of(researcher))
    order = make.draft(researcher, rest)
    assert not Reuse.objects.exists()
    line = orders.submit(order, by=Actor.of(researcher)).lines.get()
    assert (line.without, held(line)) == ([product.pk], rest.units)
    [made] = Reuse.objects.all()
    assert (made.kind, made.km2, made.line) == ("subtracted", rest.subtracted_km2, line)
    assert made.units == quote.units - rest.units


def test_a_quote_made_again_subtracts_again_from_the_area_asked_first(researcher, product, quote):
    rest = quotes.without(quote, [product.pk], by=Actor.of(researcher))
    line = make.draft(researcher, rest).lines.get()
    again = quotes.renew(line, by=Actor.of(researcher))
    assert (again.asked_km2, again.subtracted_km2) == (rest.asked_km2, rest.subtracted_km2)
    assert (again.area_km2, again.without) == (rest.area_km2, [product.pk])
    type(product).objects.filter(pk=product.pk).update(state="withdrawn")
    assert quotes.renew(line, by=Actor.of(researcher)).area_km2 == quote.area_km2


def test_an_image_used_instead_is_counted_once_and_orders_nothing(researcher, product, quote):
    for _click in range(2):
        reuse.instead(quote, product=product, by=Actor.of(researcher))
    [made] = Reuse.objects.all()
    told = quote.available[0]
    assert (made.kind, made.product, made.units) == ("instead", product, quote.quota_units)
    assert made.km2 == Decimal(told["overlap_km2"])
    make.placed(researcher, other := make.quote(researcher, of=quote.scene, area=quote.area))
    with pytest.raises(NotNow):
        reuse.instead(other, product=product, by=Actor.of(researcher))


def test_the_conversion_of_a_waiting_line_is_counted(researcher, quote, product):
    line = make.placed(researcher, quote)
    lines.offer(line, product=product, overlap_km2=Decimal(120), by=make.BY)
    lines.convert(line, by=Actor.of(researcher))
    [made] = Reuse.objects.all()
    assert (made.kind, made.km2, made.units) == ("converted", 120, quote.quota_units)


def test_the_desk_reads_what_was_saved(as_, researcher, desk, quote, product):
    client = as_(researcher)
    page = client.get(reverse("quote", args=[quote.key])).content.decode()
    assert "Use it instead" in page
    there = reverse("quote_subtract", args=[quote.key])
    answer = client.post(there, {"product": [product.pk]})
    made = Quote.objects.exclude(pk=quote.pk).get()
    assert answer.url == reverse("quote", args=[made.key])
    page = client.get(answer.url).content.decode()
    assert "Already with a member, subtracted" in page
    assert '"charged"' in page
    client.post(reverse("quote_existing", args=[quote.key, product.pk]))
    total = Reuse.objects.aggregate(Sum("units"))["units__sum"]
    page = as_(desk).get(reverse("desk_reuse")).content.decode()
    assert "Used instead of ordering" in page
    assert f"{total:.2f}".rstrip("0").rstrip(".") in page
    sheet = as_(desk).get(reverse("desk_reuse_csv")).getvalue().decode()
    assert sheet.splitlines()[0].endswith(
        'Sensor,What was chosen,Times,"Existing, in km²",Not counted,Unit'
    )
    assert "Used instead of ordering" in sheet or "used instead" in sheet.lower()


def test_the_years_of_what_was_saved_are_written_as_years(as_, researcher, desk, quote, product):
    """Not "2 026", which is no year and leads nowhere."""
    as_(researcher).post(reverse("quote_existing", args=[quote.key, product.pk]))
    desk.language = "fr"
    desk.save()
    year = Reuse.objects.get().at.year
    page = as_(desk).get(reverse("desk_reuse")).content.decode()
    assert f'href="?year={year}"' in page
    assert f"{str(year)[0]} {str(year)[1:]}" not in page.replace("\xa0", " ").replace("\u202f", " ")

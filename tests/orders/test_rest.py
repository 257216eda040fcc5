"""A partial image: what is covered and what remains, km² of each; the rest asked in one click; all asked again."""

from decimal import Decimal

import pytest
import shapely
from django.utils import timezone

from dinamis import geo
from dinamis.errors import NotAllowed, NotNow
from orders.models import Line, Quote
from orders.services.lines import lines
from orders.services.tasking import acquisitions, rest
from tests.orders import make
from tests.orders.journeys import Cast, attempt, proposal


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


def half(line: Line):
    west, south, east, north = line.area.extent
    return geo.to_geos(
        geo.to_shapely(line.area).intersection(shapely.box(west, south, (west + east) / 2, north)),
        multi=True,
    )


@pytest.fixture
def partial(cast) -> Line:
    """A tasking delivered with an image of its western half."""
    line = make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))
    shape = half(line)
    image = acquisitions.propose(
        attempt(line, cast), proposal(footprint=geo.to_shapely(shape)), by=cast.by_desk
    )
    acquisitions.accept(image, by=cast.by_owner)
    product = make.product(make.scene(platform="SPOT6", km2=900), licence="spot67")
    type(product).objects.filter(pk=product.pk).update(footprint=shape)
    product.refresh_from_db()
    covered = geo.overlap_km2(line.area, shape)
    lines.deliver(
        Line.objects.get(pk=line.pk),
        product=product,
        delivered_overlap_km2=covered,
        by=cast.by_desk,
    )
    return Line.objects.get(pk=line.pk)


def test_covered_and_remaining_make_the_area(partial):
    found = rest.coverage(partial)
    assert found.is_partial
    assert found.percent == pytest.approx(50, abs=1)
    together = found.covered_km2 + found.remaining_km2
    assert together == pytest.approx(partial.area_km2, abs=Decimal("0.05"))


def test_the_rest_is_quoted_over_what_remains_in_a_window_as_long_and_books_nothing(cast, partial):
    (quote,) = rest.ask_for_rest(partial, by=cast.by_owner)
    found = rest.coverage(partial)
    assert quote.area_km2 == pytest.approx(found.remaining_km2, abs=Decimal("0.05"))
    assert geo.overlap_km2(quote.area, partial.product.footprint) < Decimal("0.1")
    asked = partial.window_ends_on - partial.window_starts_on
    assert quote.window_ends_on - quote.window_starts_on == asked
    assert quote.window_starts_on > timezone.localdate()
    assert (quote.max_cloud, quote.tries) == (partial.max_cloud, partial.tries)


def test_only_the_requester_asks_for_the_rest_and_only_where_something_remains(cast, partial):
    with pytest.raises(NotAllowed):
        rest.ask_for_rest(partial, by=cast.by_desk)
    waiting = make.placed(cast.owner, make.tasking_quote(cast.owner))
    with pytest.raises(NotNow):
        rest.ask_for_rest(waiting, by=cast.by_owner)


def test_the_page_shows_the_coverage_and_asks_for_the_rest_in_one_click(as_, cast, partial):
    client, address = as_(cast.owner), f"/orders/{partial.order.reference}/"
    page = client.get(address)
    assert b"Ask for the rest" in page.content
    before = Quote.objects.count()
    sent = client.post(f"{address}lines/1/rest")
    assert sent.status_code == 302
    assert Quote.objects.count() == before + 1
    assert client.get(sent.url).status_code == 200


def test_the_same_is_asked_again_with_all_but_the_days(as_, cast, partial):
    client = as_(cast.owner)
    sent = client.post(f"/orders/{partial.order.reference}/lines/1/again")
    form = client.get(sent.url).context["form"]
    assert str(form["max_cloud"].value()) == str(partial.max_cloud)
    assert str(form["tries"].value()) == str(partial.tries)

"""Quotes: what is clipped, provisional, offered, explained; scenes completed later; images that appear."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Affiliation
from catalogue.models import Scene
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.events import emit
from orders import options
from orders.models import Offer, Quote
from orders.services.lines import lines
from tests.orders import make
from tests.orders.journeys import held


def ids(quote) -> list[str]:
    return [step["id"] for step in quote.explained]


def test_an_area_larger_than_the_scene_is_clipped_to_it_and_said(researcher, year):
    quote = make.quote(researcher, of=make.scene(km2=200), km2=500)
    assert abs(quote.area_km2 - 200) < 1
    assert quote.units == quote.area_km2
    assert ids(quote)[:2] == ["area_asked", "clipped_to_scene"]


def test_the_whole_image_is_its_footprint(researcher, year):
    quote = make.quote(researcher, of=make.scene(km2=400), area=None)
    assert quote.whole_scene
    assert abs(quote.area_km2 - 400) < 1


def test_an_area_beside_the_scene_is_refused(researcher, year):
    with pytest.raises(Invalid) as refused:
        make.quote(researcher, area=make.square(50, at=(2.3, 48.8)))
    assert refused.value.code == "area_outside_scene"


def test_an_area_that_crosses_itself_is_never_priced(researcher, year):
    bow_tie = GEOSGeometry("POLYGON((-52.4 4.8,-52.2 5,-52.2 4.8,-52.4 5,-52.4 4.8))", srid=4326)
    with pytest.raises(Invalid):
        make.quote(researcher, area=bow_tie)


def test_a_single_image_cannot_be_produced_in_stereo_and_a_pair_counts_twice(researcher, year):
    with pytest.raises(Invalid) as refused:
        make.quote(researcher, mode="stereo")
    assert refused.value.code == "scene_is_not_stereo"
    quote = make.quote(researcher, of=make.scene(stereo="stereo"), km2=50, mode="stereo")
    assert (quote.units, quote.least_units, quote.factor) == (200, 200, 2)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"colour": "blue"}, "option_unknown"),
        ({"level": "raw"}, "option_not_offered"),
        ({"bits": "8"}, "bits_too_few"),
        ({"level": "primary", "epsg": "2154"}, "projection_for_primary"),
        ({"epsg": "Lambert"}, "epsg_malformed"),
    ],
)
def test_options_that_do_not_exist_or_do_not_agree_are_refused(wanted, code):
    with pytest.raises(Invalid) as refused:
        options.completed(wanted)
    assert refused.value.code == code


def test_options_are_completed_and_told():
    full = options.completed({"bits": 8, "radiometry": "display", "epsg": 2154})
    assert full["level"] == "ortho"
    with translation.override("en"):
        assert ("Bits per value", "8 bits") in options.told(full)
        assert ("EPSG code", "2154") in options.told(full)


def test_what_a_member_already_has_is_offered_before_quota_is_spent(researcher, year):
    near, far = make.product(make.scene(), km2=75), make.scene()
    make.product(far, km2=20)
    quote = make.quote(researcher, km2=150)
    assert quote.available[0]["product"] == str(near.pk)
    assert len(quote.available) == 2
    assert Decimal(quote.available[0]["share"]) == pytest.approx(Decimal(50), abs=1)
    assert "already_available" in ids(quote)


def test_a_purse_too_small_is_told_in_the_quote(researcher, laboratory):
    make.allotment(laboratory, 50, in_period=make.period())
    quote = make.quote(researcher)
    assert "purse_too_small" in ids(quote)
    assert quote.purse_after < 0


def test_the_sum_reads_in_both_languages(researcher, year):
    quote = make.quote(researcher, km2=50)
    with translation.override("en"):
        rows = {row.id: row for row in quote.rows}
        assert rows["carried_by_organisation"].label == (
            "Carried by the allotment of Coast Laboratory"
        )
        assert rows["carried_by_organisation"].why.startswith(
            "1,000\u00a0km² before, 900\u00a0km² after."
        )
        assert rows["to_pay"].amount == "€0.00"
    with translation.override("fr"):
        assert {row.id: row for row in quote.rows}["to_pay"].amount == "0,00\u00a0€"


def test_a_category_without_the_service_is_told_so(reference):
    abroad = make.person("greta")
    make.attached(abroad, make.organisation("Faraway", "foreign_scientist"))
    with pytest.raises(NotAllowed) as refused:
        make.quote(abroad)
    assert refused.value.code == "not_offered_to_category"
    assert refused.value.ways_on


def test_whoever_belongs_nowhere_gets_no_quote(reference):
    with pytest.raises(NotAllowed) as refused:
        make.quote(make.person("henri"))
    assert refused.value.code == "no_active_affiliation"


def completed(scene: Scene, km2: float) -> None:
    """The desk completes a scene, as catalogue.services.scenes tells it."""
    with transaction.atomic():
        Scene.objects.filter(pk=scene.pk).update(
            footprint=make.square(km2), footprint_source="supplier", completeness="complete"
        )
        emit("scene.completed", scene=Scene.objects.get(pk=scene.pk), by=make.BY)


@pytest.fixture
def unknown(reference) -> Scene:
    return make.scene(complete=False)


def test_the_quote_of_an_unknown_image_is_provisional_and_the_desk_cannot_accept_it(
    researcher, desk, year, unknown
):
    quote = make.quote(researcher, of=unknown, km2=150)
    assert quote.is_provisional
    assert "provisional" in ids(quote)
    line = make.placed(researcher, quote)
    with pytest.raises(NotNow) as refused:
        lines.accept(line, by=Actor.of(desk))
    assert refused.value.code == "quote_is_provisional"


def test_a_completed_scene_that_serves_less_gives_the_difference_back(
    researcher, desk, year, unknown
):
    line = make.placed(researcher, make.quote(researcher, of=unknown, km2=300))
    assert abs(held(line) - 300) < 1
    completed(unknown, 180)
    line.refresh_from_db()
    assert (line.approval, line.quote.is_provisional) == ("submitted", False)
    assert held(line) == line.quote.units == line.area_km2
    assert abs(held(line) - 180) < 1
    assert lines.accept(line, by=Actor.of(desk)).approval == "accepted"


def test_a_completed_scene_that_counts_more_waits_for_the_requester(researcher, year, unknown):
    line = make.placed(researcher, make.quote(researcher, of=unknown, area=None))
    before = held(line)
    completed(unknown, 600)
    line.refresh_from_db()
    assert (line.approval, held(line)) == ("to_confirm", before)
    line = lines.confirm(line, by=Actor.of(researcher))
    assert line.approval == "submitted"
    assert held(line) == line.quote.units > before
    assert line.proposed_quote is None


def test_a_new_quote_that_the_quota_cannot_carry_is_not_confirmed(researcher, laboratory, unknown):
    make.allotment(laboratory, 450, in_period=make.period())
    line = make.placed(researcher, make.quote(researcher, of=unknown, area=None))
    before = held(line)
    completed(unknown, 600)
    with pytest.raises(NotNow) as refused:
        lines.confirm(line, by=Actor.of(researcher))
    assert refused.value.code == "quota_too_small"
    line.refresh_from_db()
    assert (line.approval, held(line)) == ("to_confirm", before)


def test_a_completed_scene_beside_the_area_asks_the_requester(researcher, year, unknown):
    line = make.placed(researcher, make.quote(researcher, of=unknown, km2=150))
    with transaction.atomic():
        Scene.objects.filter(pk=unknown.pk).update(
            footprint=make.square(400, at=(-52.9, 4.2)),
            footprint_source="supplier",
            completeness="complete",
        )
        emit("scene.completed", scene=Scene.objects.get(pk=unknown.pk), by=make.BY)
    line.refresh_from_db()
    assert line.approval == "to_complete"
    assert "does not touch" in line.events.get(step="ask_to_complete").reason


def test_a_draft_takes_the_new_quote_at_once(researcher, year, unknown):
    line = make.draft(researcher, make.quote(researcher, of=unknown, area=None)).lines.get()
    completed(unknown, 600)
    line.refresh_from_db()
    assert (line.approval, line.quote.is_provisional) == ("draft", False)
    assert abs(line.quote.units - 600) < 1


def published(product) -> None:
    with transaction.atomic():
        emit("product.published", product=product, by=make.BY)


def test_an_image_that_appears_is_offered_to_the_lines_that_wait_and_frees_their_quota(
    researcher, stranger, year
):
    line = make.placed(researcher, make.quote(researcher, km2=150))
    elsewhere = make.quote(
        researcher, of=make.scene(at=(2.3, 48.8)), area=make.square(120, at=(2.3, 48.8))
    )
    other = make.placed(researcher, elsewhere)
    product = make.product(make.scene())
    published(product)
    published(product)
    offer = Offer.objects.get()
    assert (offer.line, offer.product, offer.overlap_km2) == (line, product, line.area_km2)
    assert not other.offers.exists()
    with pytest.raises(NotAllowed):
        lines.convert(line, by=Actor.of(stranger))
    line = lines.convert(line, by=Actor.of(researcher))
    assert (line.approval, line.supply, line.money) == ("converted", "stopped", "released")
    assert (line.product, held(line)) == (product, 0)


def test_the_page_of_a_line_lists_what_is_offered_and_the_chosen_image_is_taken(
    as_, researcher, stranger, year
):
    line = make.placed(researcher, make.quote(researcher, km2=150))
    first, second = (make.product(make.scene()) for _ in range(2))
    for one in (first, second):
        published(one)
    page = as_(researcher).get(line.get_absolute_url())
    [shown] = page.context["lines"]
    assert {one.product for one in shown.offers} == {first, second}
    assert "convert" not in {one.name for one in shown.steps}
    take = reverse("line_step", args=[line.order.reference, line.number, "convert"])
    assert as_(stranger).post(take, {"product": second.pk}).status_code == 404
    for wrong in ("x", make.product(make.scene(at=(2.3, 48.8))).pk):
        assert as_(researcher).post(take, {"product": wrong}).status_code == 409
    assert as_(researcher).post(take, {"product": second.pk}).status_code == 302
    line.refresh_from_db()
    assert (line.approval, line.product, held(line)) == ("converted", second, 0)


def test_nothing_is_offered_to_a_line_that_the_supplier_has(researcher, desk, year):
    make.with_supplier(researcher, desk)
    published(make.product(make.scene()))
    assert not Offer.objects.exists()


def test_whoever_leaves_takes_no_quota_along(researcher, desk, year):
    draft = make.draft(researcher).lines.get()
    waiting = make.placed(researcher)
    accepted = lines.accept(make.placed(researcher), by=Actor.of(desk))
    placed = make.with_supplier(researcher, desk)
    affiliation = Affiliation.objects.get(user=researcher)
    Affiliation.objects.filter(pk=affiliation.pk).update(state="ended", is_current=False)
    with transaction.atomic():
        emit("affiliation.ended", affiliation=affiliation, by=make.BY)
    for line in (draft, waiting, accepted):
        line.refresh_from_db()
        assert (line.approval, held(line)) == ("withdrawn", 0)
    placed.refresh_from_db()
    assert (placed.approval, placed.supply) == ("accepted", "placed")
    assert held(placed) == placed.quote.units


UNKNOWN = "DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804"


def rows_of_every_table() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize(
    "headers", [{}, {"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_an_image_that_nobody_knows_writes_nothing(
    as_, researcher, year, method, headers
):
    client = as_(researcher)
    address = f"{reverse('order_new')}?identifier={UNKNOWN}"
    getattr(client, method)(address)  # whatever a first page of a session writes
    before = rows_of_every_table()
    with CaptureQueriesContext(connection) as asked:
        answer = getattr(client, method)(address, headers=headers)
    assert answer.status_code == 200
    if method == "get":
        assert UNKNOWN in answer.content.decode()
        assert "We only know the name of this image." in answer.content.decode()
        assert reverse("compare") not in answer.content.decode()
    written = [
        one["sql"] for one in asked if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert written == []
    assert rows_of_every_table() == before
    assert not Scene.objects.filter(item_id=UNKNOWN).exists()


def test_asking_for_the_quote_adds_the_image_and_an_error_adds_nothing(as_, researcher, year):
    client = as_(researcher)
    address = f"{reverse('order_new')}?identifier={UNKNOWN}"
    assert client.post(address, {"mode": "none of these"}).status_code == 422
    assert not Scene.objects.exists()
    assert client.post(address, {"mode": "mono", **options.DEFAULTS}).status_code == 302
    quote = Quote.objects.get()
    assert (quote.scene.item_id, quote.is_provisional) == (UNKNOWN, True)
    assert [event.kind for event in quote.scene.events.all()] == ["added"]
    malformed = client.get(f"{reverse('order_new')}?identifier={'x' * 5000}")
    assert malformed.status_code == 422

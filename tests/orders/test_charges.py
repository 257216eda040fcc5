"""The charge explained: who reads it, what it says for ever, its PDF; options side by side, stored nowhere."""

import json
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from catalogue.models import Identifier
from catalogue.services import areas
from dinamis import formats, geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import Line, Quote
from orders.services.asking import dry_runs, quotations, quotes
from orders.services.asking.wishes import Production
from orders.services.projects import project_decisions
from tests.orders import make
from tests.orders import project_making as making


def test_the_same_page_serves_requester_referent_and_desk_and_nobody_else(
    client, researcher, referent, desk, stranger, year
):
    line = make.placed(researcher, make.quote(researcher, km2=63))
    address = reverse("charge", args=[line.quote.key])
    pages = []
    for person in (researcher, referent, desk):
        client.force_login(person)
        pages.append(client.get(address, headers={"accept-language": "en"}).content.decode())
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    for page in pages:
        assert "Raised to the minimum" in page
        assert "Quota before: 1,000\u00a0km²; after: 900\u00a0km²" in page
        assert "2026-01" in page


def test_a_quote_that_is_not_sent_is_its_requester_s_alone(client, researcher, referent, year):
    quote = make.quote(researcher)
    client.force_login(referent)
    assert client.get(reverse("charge", args=[quote.key])).status_code == 404


def test_the_map_has_the_area_asked_and_the_part_that_counts(client, researcher, year):
    quote = make.quote(researcher, of=make.scene(km2=200), km2=500)
    client.force_login(researcher)
    shapes = client.get(reverse("charge", args=[quote.key])).context["shapes"]
    assert {"area", "charged", "footprints"} <= set(shapes)
    assert shapes["area"] != shapes["charged"]
    assert quote.asked_km2 > quote.area_km2


@pytest.mark.usefixtures("typeset")
def test_the_quotation_is_a_pdf_with_its_number_validity_and_terms(client, researcher, year):
    quote = make.quote(researcher, km2=63)
    with translation.override("en"):
        said = render_to_string("documents/quotation.html", quotations.context(quote))
        until = formats.instant(quote.expires_at)
    for words in (quote.reference, until, "This quotation books nothing", "2026-01", "€0.00"):
        assert words in said
    client.force_login(researcher)
    answer = client.get(reverse("charge_pdf", args=[quote.key]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert quote.reference in answer["Content-Disposition"]


def test_the_shares_make_the_quote(researcher, year):
    quote = make.quote(researcher, of=make.scene(km2=1300), km2=1200)
    quote = quotes.beyond(quote, by=Actor.of(researcher))
    shares = {one.kind: one for one in quotations.shares(quote)}
    assert shares["free"].units + shares["paid"].units == quote.units
    assert sum(one.eur for one in shares.values()) == quote.price_eur + quote.cofunded_eur


def test_options_are_worked_out_side_by_side_and_nothing_is_stored(researcher, year):
    scene = make.scene(stereo="tri_stereo")
    modes = ("mono", "stereo", "tri_stereo")
    wishes = [(mode, Production(scene, make.square(63), mode)) for mode in modes]
    before = (Quote.objects.count(), Line.objects.count())
    found = dry_runs.options(wishes, by=Actor.of(researcher))
    assert [one.found.priced.units for one in found] == [100, 200, 300]
    assert [one.is_cheapest for one in found] == [True, False, False]
    assert [one.after for one in found] == [900, 800, 700]
    assert [purse.balance for purse in found[0].purses] == [1000]
    assert (Quote.objects.count(), Line.objects.count()) == before


def test_one_option_refused_stops_no_other(researcher, year):
    scene = make.scene()
    wishes = [(mode, Production(scene, make.square(63), mode)) for mode in ("stereo", "mono")]
    refused, possible = dry_runs.options(wishes, by=Actor.of(researcher))
    assert refused.refused.code == "scene_is_not_stereo"
    assert possible.is_cheapest


def test_what_its_purse_does_not_carry_is_never_the_cheapest(researcher, year):
    wish = Production(make.scene(km2=1300), make.square(1200))
    (one,) = dry_runs.options([("too much", wish)], by=Actor.of(researcher))
    assert one.after < 0
    assert not one.is_cheapest


def test_no_more_than_twelve_options_at_once(researcher, year):
    wish = Production(make.scene(), make.square(63))
    with pytest.raises(Invalid) as refused:
        dry_runs.options([("one", wish)] * 13, by=Actor.of(researcher))
    assert refused.value.details["most"] == 12


def test_a_program_compares_without_booking(client, researcher, year):
    scene = make.scene(km2=1300)
    Identifier.objects.create(value=scene.item_id.removeprefix("DS_"), scene=scene)
    area = json.loads(make.square(1200).geojson)
    wish = {"kind": "production", "scene": scene.item_id, "area": area}
    client.force_login(researcher)

    def ask(**more):
        body = {"options": [wish, {**wish, "scene": "UNKNOWN"}], **more}
        return client.post(reverse("api_dry_run"), body, content_type="application/json")

    assert ask().status_code == 404
    body = {"options": [wish], "beyond": True}
    answer = client.post(reverse("api_dry_run"), body, content_type="application/json").json()
    (one,) = answer["options"]
    assert (one["terms"], one["quota_units"], one["is_cheapest"]) == ("cofunded", "1000.00", True)
    assert Decimal(one["price_eur"]) == Decimal(one["paid_units"])
    assert one["purse_after"] == "0.00"
    assert Quote.objects.count() == 0


def test_the_page_compares_sensors_and_modes_over_an_area(client, researcher, year, spot_year):
    area = areas.save(geo.check_area(make.square(63)), by=Actor.of(researcher))
    client.force_login(researcher)
    page = client.get(reverse("compare") + f"?area={area.key}", headers={"accept-language": "en"})
    assert page.content.decode().count("Choose</a>") == 6
    assert page.content.decode().count("Cheapest</span>") == 1


def test_the_page_compares_under_a_project_with_its_purse_first_and_leads_on_with_it(
    as_, researcher, laboratory, desk, year, spot_year, stranger
):
    project = project_decisions.approve(making.submitted(researcher), by=Actor.of(desk))
    area = areas.save(geo.check_area(make.square(63)), by=Actor.of(researcher))
    path = reverse("compare") + f"?area={area.key}&project="
    said = as_(researcher).get(path + project.reference).content.decode()
    assert said.count(f"project={project.reference}") >= 6
    assert said.count('aria-current="true"') == 1
    shown = as_(researcher).get(path + project.reference).context
    assert shown["project"] == project
    purses = [one.purses[0].purse for _choice, one in shown["options"] if one.purses]
    assert set(purses) == {"project"}
    elsewhere = as_(stranger).get(path + project.reference).context
    assert (elsewhere["project"], elsewhere["projects"]) == (None, [])

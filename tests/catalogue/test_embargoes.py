"""A product kept back until a day: whose it is meanwhile, and what happens that day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.policies import current_affiliation
from accounts.services.membership import mergers
from catalogue import policies
from catalogue.models import Product
from catalogue.services import embargoes, products, scenes
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from tests.catalogue import make, shelf

pytestmark = pytest.mark.django_db


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


@pytest.fixture
def kept(desk, researcher):
    """A product kept for the researcher's organisation until tomorrow."""
    return embargoes.put(
        shelf.product(),
        until=tomorrow(),
        reason="A thesis is under way.",
        kept_for=current_affiliation(researcher).organisation,
        by=Actor.of(desk),
    )


def test_meanwhile_it_is_the_organisations_and_the_desks(kept, desk, researcher, other_researcher):
    for user in (desk, researcher):
        assert kept in Product.objects.visible_to(user)
    assert kept not in Product.objects.visible_to(other_researcher)
    assert kept not in Product.objects.published()
    assert policies.may_download(researcher, kept)
    assert not policies.may_download(other_researcher, kept)
    with pytest.raises(NotFound):
        policies.check_may_download(other_researcher, kept)


def test_its_page_is_there_for_those_it_is_kept_for(kept, client, researcher, other_researcher):
    address = kept.get_absolute_url()
    client.force_login(other_researcher)
    assert client.get(address).status_code in (404, 410)
    client.force_login(researcher)
    assert client.get(address).status_code == 200


def test_who_signs_for_a_product_reads_its_name_unless_it_is_under_an_embargo(kept, client, desk):
    client.force_login(desk)
    sign = f"/licences/pleiades/?subject=product:{kept.pk}"
    assert kept.title not in client.get(sign).content.decode()
    free = make.product(make.scene(), title="Pléiades 1A · 2021-09-17 · PMS")
    sign = f"/licences/pleiades/?subject=product:{free.pk}"
    page = client.get(sign, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Pléiades 1A · Sept. 17, 2021 · PMS" in page
    assert "product:x" in client.get("/licences/pleiades/?subject=product:x").content.decode()


def test_no_search_offers_its_files(kept):
    question = make.question("have=download")
    assert scenes.search(question, user=None).results == ()
    (result,) = scenes.search(make.question(), user=None).results
    assert result.way == "produce"


@pytest.mark.parametrize(("platform", "status"), [("PHR1A", "orderable"), ("SPOT5", None)])
def test_what_programs_are_told_is_what_they_can_filter_by(client, desk, platform, status):
    scene = make.scene(platform="PHR1A")
    scene.platform_id = platform
    scene.save(update_fields=["platform"])
    embargoes.put(make.product(scene), until=tomorrow(), reason="A thesis.", by=Actor.of(desk))

    def found(value):
        query = {"filter": f"\"order:status\" = '{value}'"}
        return client.get("/stac/search", query).json()["features"]

    told = [
        one["properties"].get("order:status")
        for one in client.get("/stac/search").json()["features"]
    ]
    assert told == [status]
    assert [len(found(one)) for one in ("succeeded", "orderable")] == [0, int(bool(status))]


def test_on_its_day_it_is_everybodys_and_lines_that_wait_are_told(
    kept, other_researcher, monkeypatch
):
    told = []
    monkeypatch.setattr(embargoes, "emit", lambda event, **said: told.append(event))
    assert embargoes.end_overdue() == 0
    Product.objects.filter(pk=kept.pk).update(embargo_until=timezone.localdate())
    assert embargoes.end_overdue() == 1
    assert told == ["product.published"]
    assert policies.may_download(other_researcher, Product.objects.get(pk=kept.pk))
    kinds = list(kept.scene.events.values_list("kind", flat=True))
    assert kinds.count("embargoed") == 2


def test_an_embargo_has_a_day_to_come_and_a_reason(desk, researcher):
    product, by = shelf.product(), Actor.of(desk)
    with pytest.raises(Invalid, match="embargo_over"):
        embargoes.put(product, until=timezone.localdate(), reason="x", by=by)
    with pytest.raises(Invalid, match="reason_missing"):
        embargoes.put(product, until=tomorrow(), reason=" ", by=by)
    with pytest.raises(NotAllowed):
        embargoes.put(product, until=tomorrow(), reason="x", by=Actor.of(researcher))
    with pytest.raises(NotNow):
        embargoes.lift(product, by=by)
    product.refresh_from_db()
    assert product.embargo_until is None


def test_handed_in_again_a_product_under_embargo_stays_under_it(kept):
    assert products._still_offered(kept) == kept


def test_what_is_kept_for_an_organisation_goes_over_with_it(kept, desk, researcher, park):
    laboratory = current_affiliation(researcher).organisation
    mergers.merge(laboratory, into=park, reason="Decree of June.", by=Actor.of(desk))
    kept.refresh_from_db()
    assert (kept.embargo_for, kept.embargo_until) == (park, tomorrow())
    assert kept in Product.objects.visible_to(researcher)


def test_the_day_is_told_to_all_where_the_files_are_not(kept, client):
    scene = kept.scene
    item = client.get(f"/stac/collections/{scene.collection_id}/items/{scene.item_id}").json()
    assert item["properties"]["dinamis:embargo_until"] == tomorrow().isoformat()
    assert not [name for name, asset in item["assets"].items() if "data" in asset["roles"]]
    page = client.get(scene.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
    assert "under embargo" in page
    Product.objects.update(embargo_until=timezone.localdate())
    item = client.get(f"/stac/collections/{scene.collection_id}/items/{scene.item_id}").json()
    assert "dinamis:embargo_until" not in item["properties"]
    assert [name for name, asset in item["assets"].items() if "data" in asset["roles"]]

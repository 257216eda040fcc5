"""A directory of deliveries: every one once, whatever stops the run, and refusals beside the rest."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Product
from catalogue.samples.heritage import HeritageScene, make_heritage
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import Delivery
from orders.services.delivering import bulk, deliveries
from orders.services.delivering.bulk import How

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STAGING_DIR = tmp_path / "staging"


@pytest.fixture
def shelf(tmp_path):
    """Five deliveries: three folders, an archive, one that is broken; and what is none of them."""
    root = tmp_path / "shelf"
    for number in range(4):
        scene = HeritageScene(grid=f"048-26{number}", seed=number + 1, pixels=32)
        made = make_heritage(tmp_path / f"made-{number}", scene)
        made.rename(root / f"swh-{number}") if number else _archive(made, root)
    (root / "broken").mkdir()
    (root / "broken/METADATA.DIM").write_text("<no")
    (root / ".half").mkdir()
    (root / "readme.txt").write_text("Not a delivery.")
    return root


def _archive(made, root):
    root.mkdir()
    shutil.make_archive(str(root / "swh-0"), "zip", made)


def run(shelf, tell=lambda progress: None, **how):
    return bulk.run(shelf, How(**{"licence": "open", **how}), by=BY, tell=tell)


def counts(progress):
    return (progress.published, progress.waiting, progress.refused, progress.known)


def test_every_delivery_of_a_directory_is_taken_in_and_one_refusal_stops_nobody(shelf):
    told = []
    progress = run(shelf, lambda progress: told.append((progress.done, progress.total)))
    assert counts(progress) == (4, 0, 1, 0)
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert progress.said[0][0] == "broken"
    assert Product.objects.count() == 4


def test_begun_again_it_takes_nothing_twice(shelf):
    run(shelf)
    assert counts(run(shelf)) == (0, 0, 0, 5)
    assert Delivery.objects.count() == 5
    assert counts(run(shelf, again=True)) == (0, 0, 1, 4)
    assert Delivery.objects.count() == 6


def test_cut_short_it_goes_on_with_the_one_it_was_at(shelf, monkeypatch):
    steps = 0
    real = deliveries.work

    def dying(delivery):
        nonlocal steps
        steps += 1
        if steps == 20:
            raise KeyboardInterrupt
        return real(delivery)

    monkeypatch.setattr(deliveries, "work", dying)
    with pytest.raises(KeyboardInterrupt):
        run(shelf)
    unfinished = Delivery.objects.get(state__in=["received", "stored"])
    assert 0 < Product.objects.count() < 4
    monkeypatch.setattr(deliveries, "work", real)
    progress = run(shelf)
    unfinished.refresh_from_db()
    assert unfinished.state == "published"
    assert progress.known + progress.published == 5
    assert Delivery.objects.count() == 5
    assert Product.objects.count() == 4


def test_trouble_with_the_disk_costs_one_delivery_and_the_next_run_takes_it(shelf, monkeypatch):
    real = deliveries.work

    def failing(delivery):
        if delivery.name == "swh-2":
            raise OSError("No space left on device")
        return real(delivery)

    monkeypatch.setattr(deliveries, "work", failing)
    progress = run(shelf)
    assert (progress.failed, progress.published) == (1, 3)
    monkeypatch.setattr(deliveries, "work", real)
    assert counts(run(shelf)) == (1, 0, 0, 4)


def test_without_a_licence_they_wait_and_are_published_under_their_collections(shelf):
    assert counts(run(shelf, licence="")) == (0, 4, 1, 0)
    progress = run(shelf, licence="", publish=True)
    assert counts(progress) == (4, 0, 0, 1)
    assert set(Product.objects.values_list("licence_id", flat=True)) == {"open"}


def test_handed_over_they_are_the_workers(shelf):
    progress = run(shelf, hand_over=True)
    assert progress.handed_over == 5
    assert set(Delivery.objects.values_list("state", flat=True)) == {"received"}


def test_the_command_tells_its_progress_and_fails_when_one_was_refused(shelf):
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 refused, 0 failed"):
        call_command("ingest", shelf, bulk=True, licence="open", json=True, stdout=out, stderr=err)
    told = json.loads(out.getvalue())
    assert (told["total"], told["published"], told["refused"]) == (5, 4, 1)
    assert "broken" in err.getvalue()


def test_an_empty_directory_and_none_are_told_apart(tmp_path):
    with pytest.raises(Invalid, match="nothing_there"):
        run(tmp_path)
    with pytest.raises(Invalid, match="no_folder"):
        run(tmp_path / "absent")

"""Pairs and triplets, found when the scenes come in."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from catalogue.models import Scene
from catalogue.services import stereo
from tests.catalogue import make

pytestmark = pytest.mark.django_db
AT = datetime(2020, 5, 4, 10, 30, tzinfo=UTC)


def taken(seconds, **more):
    angles = {"incidence_along": -10.0 + seconds / 3, "incidence_across": 2.0}
    return make.scene(at=AT + timedelta(seconds=seconds), **{**angles, **more})


def groups():
    return list(
        Scene.objects.order_by("datetime", "pk").values_list("stereo", "stereo_key", "base_height")
    )


def test_two_views_of_one_pass_are_a_pair_with_its_base_over_height():
    taken(0)
    second = taken(60)
    kind, key, ratio = groups()[0]
    assert (kind, key) == ("stereo", "PASS-PHR1A-20200504T103000")
    assert ratio == pytest.approx(0.353, abs=0.001)
    assert groups()[1] == groups()[0]
    assert (second.stereo, second.base_height) == ("stereo", ratio)


def test_a_third_view_makes_it_a_triplet_whose_outer_images_count():
    taken(0), taken(60), taken(30)
    assert [kind for kind, _key, _ratio in groups()] == ["tri_stereo"] * 3
    assert {ratio for _kind, _key, ratio in groups()} == {0.353}


@pytest.mark.parametrize(
    "second",
    [
        {"seconds": 200},
        {"seconds": 2},
        {"seconds": 60, "platform": "PHR1B"},
        {"seconds": 60, "lon": -52.2},
        {"seconds": 60, "incidence_along": -9.5},
    ],
)
def test_what_is_no_second_view_stays_single(second):
    taken(0)
    taken(**second)
    assert groups() == [("mono", "", None)] * 2


def test_without_angles_it_is_a_pair_whose_ratio_is_unknown():
    for seconds in (0, 60):
        make.scene(at=AT + timedelta(seconds=seconds))
    assert [(kind, ratio) for kind, _key, ratio in groups()] == [("stereo", None)] * 2


def test_what_the_supplier_says_itself_is_left_as_it_is():
    taken(0, stereo="stereo", stereo_key="THEIRS", incidence_along=-10.0)
    taken(60)
    assert [key for _kind, key, _ratio in groups()] == ["THEIRS", ""]


def test_grouping_again_changes_nothing():
    taken(0), taken(60)
    assert stereo.group(Scene.objects.all()) == 0


def test_what_came_in_together_is_grouped_by_the_command():
    for seconds in (0, 60, 400, 460, 2000):
        taken(seconds)
    Scene.objects.update(stereo="mono", stereo_key="", base_height=None)
    out = StringIO()
    call_command("group_stereo", stdout=out)
    assert [kind for kind, _key, _ratio in groups()] == ["stereo"] * 4 + ["mono"]
    assert "4 changed" in out.getvalue()
    call_command("group_stereo", since="2020-01-01", stdout=out)
    assert "0 changed" in out.getvalue()

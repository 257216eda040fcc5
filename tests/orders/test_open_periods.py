"""The budget's page where a period is to be opened: one form for each sensor."""

import re

import pytest

pytestmark = pytest.mark.django_db


def test_each_form_has_fields_of_its_own_names_for_the_labels(quota_administrator, as_):
    page = as_(quota_administrator).get("/quota/budget/").content.decode()
    names = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(names) == sorted(set(names))
    assert {"open_pleiades_year", "open_spot67_year"} <= set(names)
    assert set(re.findall(r'<label for="(open_[^"]+)"', page)) <= set(names)

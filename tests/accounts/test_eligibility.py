"""The table of who may join is complete, and each cell says why."""

from itertools import product

import pytest
from django.utils import translation

from accounts.eligibility import (
    TABLE,
    Category,
    CountryGroup,
    Opinion,
    asked_of,
    country_group,
    ruling,
)
from accounts.places import choices


@pytest.mark.parametrize(("category", "group"), list(product(Category, CountryGroup)))
def test_every_category_in_every_country_group_has_an_answer_with_a_reason(category, group):
    found = TABLE[category, group]
    assert found.conditions
    assert all(str(sentence) for sentence in found.conditions)
    assert found.opinions <= set(Opinion)


ELIGIBLE = {
    ("public_body", "FR"): set(),
    ("research", "GF"): set(),
    ("association", "FR"): set(),
    ("contractor", "RE"): set(),
    ("private_rd", "FR"): {"airbus"},
    ("european_scientist", "BE"): {"airbus", "cnes"},
    ("foreign_scientist", "SN"): {"airbus", "cnes"},
}


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("country", ["FR", "GF", "RE", "BE", "CH", "SN", "US"])
def test_who_may_join_and_whose_opinion_is_asked(category, country):
    found = ruling(category, country)
    homes = {c for (name, c) in ELIGIBLE if name == category}
    group = {country_group(c) for c in homes}
    assert found.eligible == (country_group(country) in group)
    if found.eligible:
        expected = next(o for (name, _c), o in ELIGIBLE.items() if name == category)
        assert found.opinions == expected


def test_every_category_may_be_chosen_somewhere():
    assert all(asked_of(category) for category in Category)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_country_has_a_name_in_both_languages(language):
    with translation.override(language):
        names = choices()
    assert [name for _code, name in names[:2]] == ["France", "Afghanistan"]
    assert len(names) == len({code for code, _name in names}) == 239
    assert all(name for _code, name in names)

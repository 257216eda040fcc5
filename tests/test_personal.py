"""Every field of every table is classified: a new one without a line fails here."""

from importlib import import_module

import pytest
from django.apps import apps

from dinamis.personal import CATEGORIES, OTHERS, Personal

OURS = ("dinamis", "accounts", "catalogue", "orders")
# Tables that hold nothing but geometry systems of PostGIS.
NOT_DATA = {"gis.PostGISGeometryColumns", "gis.PostGISSpatialRefSys"}


def table_of(label: str, name: str) -> dict[str, Personal]:
    """The lines of one model."""
    if label not in OURS:
        return OTHERS.get(f"{label}.{name}", {})
    return import_module(f"{label}.personal").CLASSIFICATION.get(name, {})


MODELS = [m for m in apps.get_models(include_auto_created=False) if m._meta.label not in NOT_DATA]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_has_a_line_and_every_line_a_field(model):
    fields = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    lines = table_of(model._meta.app_label, model.__name__)
    assert fields - set(lines) == set(), "fields without a line in personal.py"
    assert set(lines) - fields == set(), "lines without a field"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_line_of_a_person_says_why_how_long_and_what_erasing_does(model):
    for field, line in table_of(model._meta.app_label, model.__name__).items():
        assert line.category in CATEGORIES, field
        if line.category != "none":
            assert line.purpose, field
            assert line.retention, field
            assert line.erasing, field

"""What orders knows of why an image is wanted: projects to name, and the words of the order."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import StatedUse
from catalogue.services import uses
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.services.lines import lines
from tests import make as people
from tests.orders import make
from tests.orders.test_project_results import project  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db


def test_whoever_ordered_finds_their_own_words_in_the_form(as_, researcher, stranger, desk, year):
    line = make.with_supplier(researcher, desk)
    product = make.product(line.scene)
    lines.deliver(line, product=product, delivered_overlap_km2=Decimal(100), by=Actor.of(desk))
    for person in (researcher, stranger):
        people.signature(person, product.licence_id, subject=product.licence_subject)
    form = as_(researcher).get(reverse("product_use", args=[product.pk])).context["form"]
    assert form["use"].value() == "Following the coast line of Guiana."
    other = as_(stranger).get(reverse("product_use", args=[product.pk])).context["form"]
    assert not other["use"].value()


def test_a_running_project_is_offered_to_its_lead_and_to_nobody_else(project, stranger):  # noqa: F811
    lead = project.lead
    assert [one.reference for one in uses.projects_of(lead)] == [project.reference]
    assert uses.projects_of(stranger) == []
    said = {"theme": "coast", "use": "To follow it."}
    uses.say(lead, **said, project=project.reference, by=Actor.of(lead))
    assert StatedUse.objects.get().project == project.reference
    with pytest.raises(Invalid, match="project_unknown"):
        uses.say(stranger, **said, project=project.reference, by=Actor.of(stranger))

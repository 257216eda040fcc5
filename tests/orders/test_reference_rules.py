"""The reference rules: a new installation approves by exception at once; an old one gets new tables in a version."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders import reference as loading
from orders.models import ApprovalRow, MinimumArea, RuleVersion
from orders.reference_words import DELIVERED, in_language
from orders.services.rules.rulebook import TABLES
from orders.services.rules.rules import version_in_force
from tests.orders import make


def rows() -> set[tuple]:
    return set(ApprovalRow.objects.values_list("version__code", "sensor", "kind", "most_units"))


def test_a_new_installation_approves_what_a_project_asks_for_and_is_small(reference):
    approvals = version_in_force().rules.approvals
    assert {(one.sensor, one.kind): one.most_units for one in approvals} == {
        ("pleiades", "production"): Decimal(200),
        ("pleiades", "tasking"): Decimal(100),
        ("spot67", "production"): Decimal(5000),
        ("spot67", "tasking"): Decimal(3),
    }
    assert all(one.needs_project for one in approvals)


def test_a_small_order_of_a_running_project_is_accepted_at_once_and_another_is_not(
    researcher, laboratory, year
):
    project = make.project(researcher, of=laboratory)
    small = make.placed(researcher, make.quote(researcher, km2=150, project=project))
    large = make.placed(researcher, make.quote(researcher, km2=250, project=project))
    alone = make.placed(researcher, make.quote(researcher, km2=150))
    assert [one.approval for one in (small, large, alone)] == ["accepted", "submitted", "submitted"]


@pytest.fixture
def old(reference) -> RuleVersion:
    """An installation from before the table: its rows are nowhere."""
    with make.rules_opened():
        ApprovalRow.objects.all().delete()
    return version_in_force()


def test_an_installation_loaded_before_gets_the_table_in_a_version_of_today(old):
    with make.rules_opened():
        MinimumArea.objects.filter(version=old, sensor="pleiades").update(km2=77)
    loading.load()
    found = version_in_force()
    assert (found.effective_from, found.copied_from) == (timezone.localdate(), old)
    assert len(found.rules.approvals) == 4
    assert found.rules.minimums["pleiades", "production"] == 77
    assert not ApprovalRow.objects.filter(version=old).exists()
    before = rows()
    loading.load()
    assert (rows(), version_in_force()) == (before, found)


def test_a_table_that_an_administrator_emptied_stays_empty(reference_loaded_and_emptied):
    loading.load()
    assert version_in_force().rules.approvals == ()
    assert version_in_force() == reference_loaded_and_emptied


@pytest.fixture
def reference_loaded_and_emptied(reference) -> RuleVersion:
    """A later version, as an administrator made it: nothing is approved at once any more."""
    first = version_in_force()
    with make.rules_opened():
        RuleVersion.objects.filter(pk=first.pk).update(
            effective_from=timezone.localdate() - timedelta(days=9)
        )
        later = RuleVersion.objects.get(pk=first.pk)
        later.pk, later.code, later.effective_from = None, "later", timezone.localdate()
        later._state.adding = True
        later.save()
    return later


def test_every_source_and_note_as_delivered_can_be_read_in_french(reference):
    told = {note for note in RuleVersion.objects.values_list("note", flat=True) if note}
    for table in TABLES.values():
        if any(column.name == "source" for column in table._meta.fields):
            told |= set(table.objects.exclude(source="").values_list("source", flat=True))
    assert told <= DELIVERED
    assert in_language("What somebody wrote") == "What somebody wrote"

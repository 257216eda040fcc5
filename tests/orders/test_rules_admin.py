"""The administrator writes a version of the rules as a draft, approves it once, and then only reads it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from orders.models import MinimumArea, PurseOrder, RuleVersion
from orders.services.rules import rules_in_force
from tests.orders import make


@pytest.fixture
def office(client, reference) -> User:
    user = make.person("adele", "administrator")
    client.force_login(user)
    return user


@pytest.fixture
def copied(reference) -> RuleVersion:
    """A draft of next year's rules, with every row of this year's."""
    first = RuleVersion.objects.get()
    draft = RuleVersion.objects.create(
        code="2027-01", effective_from=date(2027, 1, 1), by_part="test"
    )
    for name in ("minimumarea", "multiplier", "pricerow", "purseorder", "taskingdefault", "delay"):
        for row in getattr(first, f"{name}_rows").all():
            row.pk, row.version = None, draft
            row.save()
    return draft


def approve(client, version: RuleVersion):
    chosen = {"action": "approve", "_selected_action": [version.pk]}
    return client.post(reverse("admin:orders_ruleversion_changelist"), chosen, follow=True)


def test_an_approved_version_holds_from_its_day_on(client, office, copied):
    MinimumArea.objects.filter(version=copied, sensor="pleiades").update(km2=25)
    assert approve(client, copied).status_code == 200
    assert rules_in_force(date(2026, 12, 31)).minimums["pleiades", "production"] == 100
    assert rules_in_force(date(2027, 1, 1)).minimums["pleiades", "production"] == 25


def test_a_version_with_a_gap_stays_a_draft_and_the_page_says_which(client, office, copied):
    PurseOrder.objects.filter(version=copied).delete()
    assert "purses" in approve(client, copied).content.decode()
    copied.refresh_from_db()
    assert copied.approved_at is None


def test_an_approved_version_is_only_read(client, office):
    version = RuleVersion.objects.get()
    address = reverse("admin:orders_ruleversion_change", args=[version.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "changed"}).status_code == 403
    version.refresh_from_db()
    assert version.code == "2026-01"

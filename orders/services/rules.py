"""The rules in force, read from their rows; and the approval that puts a version in force."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.eligibility import Category
from accounts.policies import check_is_administrator
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.models import RuleVersion
from orders.pricing.rules import Rules, gaps


def version_in_force(on: date | None = None) -> RuleVersion:
    """The approved version that holds on a day (today by default). Raises NotNow when none does."""
    version = RuleVersion.objects.in_force(on or timezone.localdate()).first()
    if version is None:
        raise NotNow("no_rules_in_force", _("No rules are in force on this day; tell the desk."))
    return version


def rules_in_force(on: date | None = None) -> Rules:
    return version_in_force(on).rules


@transaction.atomic
def approve(version: RuleVersion, *, by: Actor) -> RuleVersion:
    """Put a version in force from its day on. Raises NotNow naming what it leaves undecided.

    Administrators, or the loading of the reference data.
    """
    if not by.part:
        check_is_administrator(by.user)
    version = RuleVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    sensors = Sensor.objects.values_list("code", flat=True)
    missing = list(gaps(version.rules, sensors=sensors, categories=Category.values))
    if missing:
        raise NotNow(
            "rules_incomplete",
            _("This version leaves cases undecided: %(cases)s.") % {"cases": ", ".join(missing)},
            missing=missing,
        )
    if version.approved_at is None:
        version.approved_at = timezone.now()
        version.save(update_fields=["approved_at"])
    return version

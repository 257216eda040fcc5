"""The rules in force, read from their rows."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.errors import NotNow
from orders.models import RuleVersion
from orders.pricing.rules import Rules


def version_in_force(on: date | None = None) -> RuleVersion:
    """The approved version that holds on a day (today by default). Raises NotNow when none does."""
    version = RuleVersion.objects.in_force(on or timezone.localdate()).first()
    if version is None:
        raise NotNow("no_rules_in_force", _("No rules are in force on this day; tell the desk."))
    return version


def rules_in_force(on: date | None = None) -> Rules:
    return version_in_force(on).rules

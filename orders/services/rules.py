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
from orders.pricing.rules import LicenceAsked, Price, PurseRank, Rules, TaskingRule, gaps


def version_in_force(on: date | None = None) -> RuleVersion:
    """The approved version that holds on a day (today by default). Raises NotNow when none does."""
    version = RuleVersion.objects.in_force(on or timezone.localdate()).first()
    if version is None:
        raise NotNow("no_rules_in_force", _("No rules are in force on this day; tell the desk."))
    return version


def rules_in_force(on: date | None = None) -> Rules:
    return values(version_in_force(on))


def values(version: RuleVersion) -> Rules:
    """The rows of a version as the pure tables read them."""
    return Rules(
        code=version.code,
        effective_from=version.effective_from,
        quote_days=version.quote_days,
        minimums={(r.sensor_id, r.kind): r.km2 for r in version.minimumarea_rows.all()},
        factors={r.mode: r.factor for r in version.multiplier_rows.all()},
        prices={
            (r.category, r.sensor_id, r.kind): Price(r.terms, r.eur_per_unit)
            for r in version.pricerow_rows.all()
        },
        purses=tuple(PurseRank(r.purse, r.else_next) for r in version.purseorder_rows.all()),
        tasking={r.sensor_id: _tasking(r) for r in version.taskingdefault_rows.all()},
        licences={
            r.sensor_id: LicenceAsked(r.licence_id, r.before_order)
            for r in version.licencerule_rows.all()
        },
        delays={
            (r.sensor_id, r.kind): (r.least_days, r.most_days) for r in version.delay_rows.all()
        },
    )


@transaction.atomic
def approve(version: RuleVersion, *, by: Actor) -> RuleVersion:
    """Put a version in force from its day on. Raises NotNow naming what it leaves undecided.

    Administrators, or the loading of the reference data.
    """
    if not by.part:
        check_is_administrator(by.user)
    version = RuleVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    sensors = Sensor.objects.values_list("code", flat=True)
    missing = list(gaps(values(version), sensors=sensors, categories=Category.values))
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


def _tasking(row: object) -> TaskingRule:
    return TaskingRule(**{name: getattr(row, name) for name in TaskingRule.__slots__})

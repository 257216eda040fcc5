"""A project of several years: what it gets of a later year is planned, and allotted once that year is open.

A plan books nothing. The clock allots it from the budget of the year's first period, as soon as that is
open and carries it; what a budget lacks stays planned, and the desk reads so on the project's page.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_desk
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from orders.ledger import services as ledger
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.kinds import AccountKind
from orders.ledger.models import Period
from orders.models import Project, ProjectShare
from orders.pricing.words import Unit
from orders.services.projects.project_decisions import allotment, to_allot
from orders.services.projects.project_steps import locked, note
from orders.services.rules.rules import rules_in_force
from orders.states.project import ProjectState

BY_CLOCK = Actor.system("projects")
State = ProjectShare.State


@transaction.atomic
def plan(
    project: Project, sensor: Sensor, year: int, units: Decimal, *, reason: str, by: Actor
) -> ProjectShare:
    """Plan what an approved project gets of a later year; planned again, it is what is planned now.

    Raises NotNow (project_not_approved, year_is_open), Invalid (year, units, reason), NotAllowed (one's
    own project).
    """
    project = to_allot(project, reason=reason, by=by)
    last = project.ends_on.year if project.ends_on else year
    if not timezone.localdate().year < year <= last:
        raise Invalid(
            "year_outside_project",
            _("A later year of the project: up to %(last)s.") % {"last": last},
            field="year",
        )
    if units <= 0 or (sensor.unit == Unit.ATTEMPT and units != units.to_integral_value()):
        raise Invalid("attempts_are_whole", _("Attempts are counted whole."), field="amount")
    if _period(sensor.pk, year) is not None:
        raise NotNow(
            "year_is_open",
            _("The quota of %(year)s is open already: allot from it.") % {"year": year},
        )
    _settle(project.shares.planned().filter(sensor=sensor, year=year), State.DROPPED)
    made = ProjectShare.objects.create(
        project=project,
        sensor=sensor,
        year=year,
        units=units,
        reason=reason.strip()[:400],
        made_at=timezone.now(),
    )
    note(project, "plan_year", by=by, reason=made.reason, sensor=sensor.pk, year=year, units=units)
    return made


@transaction.atomic
def drop(share: ProjectShare, *, reason: str, by: Actor) -> ProjectShare:
    """Give a plan up, with the reason. Raises NotNow once it is allotted or given up."""
    check_is_desk(by.user)
    project = locked(share.project)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    if not _settle(project.shares.planned().filter(pk=share.pk), State.DROPPED):
        raise NotNow("share_settled", _("It is allotted or given up already."))
    facts = {"sensor": share.sensor_id, "year": share.year, "units": share.units}
    note(project, "drop_year", by=by, reason=reason.strip(), **facts)
    share.refresh_from_db()
    return share


def give_due(most: int) -> int:
    """Allot what is planned for a year that is open now; return how many were. The clock's own part."""
    for one in ProjectShare.objects.planned().filter(year__lt=timezone.localdate().year)[:most]:
        _let_go(one)
    opened = Period.objects.filter(ends_on__gte=timezone.localdate())
    years = {(one.sensor_id, one.starts_on.year) for one in opened}
    found = ProjectShare.objects.planned().order_by("made_at", "pk")
    due = [one for one in found if (one.sensor_id, one.year) in years]
    return sum(_give(one) for one in due[:most])


def lacking(project: Project) -> set[int]:
    """The keys of planned shares whose year is open, and whose budget does not carry them."""
    return {
        one.pk
        for one in project.shares.planned()
        if (period := _period(one.sensor_id, one.year)) is not None
        and ledger.account_of(period, AccountKind.BUDGET).balance < one.units
    }


@transaction.atomic
def _give(share: ProjectShare) -> bool:
    """Allot one; a project that ended meanwhile gets nothing more, a budget too small keeps it planned."""
    project = locked(share.project)
    share = project.shares.planned().filter(pk=share.pk).first()
    period = _period(share.sensor_id, share.year) if share is not None else None
    if share is None or period is None:
        return False
    one = ProjectShare.objects.filter(pk=share.pk)
    if project.state != ProjectState.APPROVED:
        _settle(one, State.DROPPED)
        return False
    try:
        ledger.transfer(
            ledger.account_of(period, AccountKind.BUDGET),
            share.units,
            to_account=allotment(project, period),
            key=f"project:{project.pk}:year:{share.pk}",
            by=BY_CLOCK,
            reason=f"{project.reference}: {share.reason}"[:500],
            rule_version=rules_in_force().code,
        )
    except QuotaTooSmall:
        return False
    _settle(one, State.GIVEN)
    facts = {"sensor": share.sensor_id, "year": share.year, "units": share.units}
    note(project, "give_year", by=BY_CLOCK, **facts)
    return True


@transaction.atomic
def _let_go(share: ProjectShare) -> None:
    """Its year went by, and was never opened or never had enough."""
    project = locked(share.project)
    if _settle(project.shares.planned().filter(pk=share.pk), State.DROPPED):
        facts = {"sensor": share.sensor_id, "year": share.year, "units": share.units}
        note(project, "drop_year", by=BY_CLOCK, reason=_("The year went by."), **facts)


def _period(sensor: str, year: int) -> Period | None:
    """The first period of a year that is open and not over."""
    rows = Period.objects.filter(sensor=sensor, starts_on__year=year)
    return rows.filter(ends_on__gte=timezone.localdate()).order_by("starts_on").first()


def _settle(rows: QuerySet[ProjectShare], state: str) -> int:
    """Settle what is still planned of these; return how many were."""
    return rows.update(state=state, settled_at=timezone.now())

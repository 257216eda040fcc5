"""What the desk decides of a project, and what follows: allotted, offered, refused, appealed, closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_desk
from catalogue.models import Sensor
from dinamis import formats
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.models import Project, ProjectWish, Track
from orders.services.projects import project_reviews
from orders.services.projects.project_steps import locked, note, step
from orders.services.rules.rules import rules_in_force
from orders.states.project import PROJECT, ProjectState
from orders.states.review import ReviewState

BY_CLOCK = Actor.system("projects")
# Reviews that must be given before a project of a track is approved, in full or in part.
LEAST_REVIEWS = {Track.DINAMIS: 0, Track.COFUNDED: 1}


@dataclass(frozen=True, slots=True)
class Share:
    """What one sensor's quota gives to a project."""

    sensor: Sensor
    units: Decimal


@again
@transaction.atomic
def approve(project: Project, *, by: Actor) -> Project:
    """Approve all that was asked, and allot it in the same transaction.

    Raises NotNow (reviews_missing, no_period_open), QuotaTooSmall: nothing is changed then.
    """
    project = locked(project)
    PROJECT.check("approve", project.state)
    _check_reviews(project)
    for wish in project.wishes.select_related("sensor"):
        wish.offered = wish.units
        wish.save(update_fields=["offered"])
    return _approved(project, "approve", by=by)


@transaction.atomic
def offer(project: Project, amounts: Mapping[int, Decimal], *, reason: str, by: Actor) -> Project:
    """Offer a part, wish by wish, with the reason: nothing is allotted before the lead accepts.

    `amounts` is wish → what is offered of it, in the sensor's unit. Raises Invalid (more than asked,
    nothing, everything), NotNow (reviews_missing).
    """
    project = locked(project)
    PROJECT.check("offer", project.state)
    _check_reviews(project)
    wishes = list(project.wishes.select_related("sensor"))
    for wish in wishes:
        wish.offered = _offered(wish, amounts.get(wish.pk))
    total, asked = sum(w.offered for w in wishes), sum(w.units for w in wishes)
    if not total and asked:
        raise Invalid("offer_is_nothing", _("Nothing is offered: refuse the project instead."))
    if total == asked:
        raise Invalid("offer_is_all", _("Everything is offered: approve the project instead."))
    ProjectWish.objects.bulk_update(wishes, ["offered"])
    shares = {share.sensor.code: share.units for share in shares_of(wishes)}
    step(project, "offer", by=by, reason=reason, **shares)
    return project


def _offered(wish: ProjectWish, amount: Decimal | None) -> Decimal:
    amount = Decimal(0) if amount is None else amount
    if amount < 0 or amount > wish.units:
        raise Invalid(
            "offer_more_than_asked",
            _("Between 0 and %(asked)s, what was asked.") % {"asked": wish.units},
            field=f"wish-{wish.pk}",
        )
    if wish.sensor.unit == "attempt" and amount != amount.to_integral_value():
        raise Invalid(
            "attempts_are_whole", _("Attempts are counted whole."), field=f"wish-{wish.pk}"
        )
    return amount


@again
@transaction.atomic
def take_offer(project: Project, *, by: Actor) -> Project:
    """The lead accepts what was offered: it is allotted in the same transaction."""
    return _approved(locked(project), "take_offer", by=by)


@transaction.atomic
def leave_offer(project: Project, *, reason: str, by: Actor) -> Project:
    """The lead does not accept; the desk decides again."""
    project = locked(project)
    step(project, "leave_offer", by=by, reason=reason)
    project.wishes.update(offered=None)
    return project


@transaction.atomic
def ask_to_complete(project: Project, *, reason: str, by: Actor) -> Project:
    """The desk asks the lead something; the words may be changed again."""
    project = locked(project)
    step(project, "ask_to_complete", by=by, reason=reason)
    return project


@transaction.atomic
def refuse(project: Project, *, reason: str, by: Actor) -> Project:
    project = locked(project)
    step(project, "refuse", by=by, reason=reason)
    return project


@transaction.atomic
def appeal(project: Project, *, reason: str, by: Actor) -> Project:
    """The lead answers a refusal, once; raises NotNow past the delay, or for a second appeal."""
    project = locked(project)
    PROJECT.check("appeal", project.state)
    if project.events.filter(step="appeal").exists():
        raise NotNow("appealed_already", _("This refusal was already answered once."))
    if project.due_at and project.due_at < timezone.now():
        raise NotNow("appeal_too_late", _("The time to answer this refusal is over."))
    step(project, "appeal", by=by, reason=reason)
    return project


@transaction.atomic
def decide_appeal(project: Project, name: str, *, reason: str, by: Actor) -> Project:
    """Grant or dismiss an appeal; raises NotAllowed for the officer who refused."""
    if name not in ("grant", "dismiss"):
        raise KeyError(name)
    project = locked(project)
    PROJECT.check(name, project.state)
    if not may_decide_appeal(project, by.user):
        raise NotAllowed(
            "another_officer_decides",
            _("You refused this project: another officer reads the appeal."),
        )
    step(project, name, by=by, reason=reason)
    return project


def may_decide_appeal(project: Project, officer: object) -> bool:
    """True for an officer who is not the one whose refusal is appealed against."""
    refusal = project.events.filter(step="refuse").last()
    return refusal is None or refusal.by_user != officer


@again
@transaction.atomic
def close(project: Project, *, reason: str, by: Actor) -> Project:
    """End a project: what is free of its allotments goes back; lines under way go on."""
    project = locked(project)
    step(project, "close", by=by, reason=reason)
    _give_back(project, by=by)
    return project


@again
@transaction.atomic
def allot_more(
    project: Project, sensor: Sensor, amount: Decimal, *, reason: str, key: str, by: Actor
) -> Movement:
    """Give an approved project more of a sensor's quota of today: another year, another need.

    By the desk, with a reason. `key` names the form: sent twice, it acts once.
    """
    project = to_allot(project, reason=reason, by=by)
    period = _period(sensor, project)
    budget = ledger.account_of(period, AccountKind.BUDGET)
    movement = ledger.transfer(
        budget,
        amount,
        to_account=allotment(project, period),
        key=f"project:{project.pk}:{key}",
        by=by,
        reason=f"{project.reference}: {reason.strip()}"[:500],
        rule_version=rules_in_force().code,
    )
    note(project, "allot_more", by=by, sensor=sensor.code, units=amount)
    return movement


def to_allot(project: Project, *, reason: str, by: Actor) -> Project:
    """Lock a project that this officer may give quota to, for this reason.

    Raises NotAllowed (not the desk, one's own project), NotNow (project_not_approved), Invalid (reason_missing).
    """
    check_is_desk(by.user)
    project = locked(project)
    if project.state != ProjectState.APPROVED:
        raise NotNow("project_not_approved", _("Only an approved project has an allotment."))
    if project.lead_id == by.user.pk:
        raise NotAllowed("lead_only", _("Another officer decides on your own project."))
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the statement keeps it for ever."))
    return project


def shares_of(wishes: Iterable[ProjectWish]) -> list[Share]:
    """What is offered, added up by sensor; sensors without anything are left out."""
    sums: dict[str, Share] = {}
    for wish in wishes:
        known = sums.get(wish.sensor_id, Share(wish.sensor, Decimal(0)))
        sums[wish.sensor_id] = Share(wish.sensor, known.units + (wish.offered or Decimal(0)))
    return [share for _code, share in sorted(sums.items()) if share.units]


@dataclass(frozen=True, slots=True)
class Free:
    """What approving in full would take of one sensor's budget, and what is free of it; no period: not open."""

    sensor: Sensor
    asked: Decimal
    period: Period | None
    free: Decimal

    @property
    def is_enough(self) -> bool:
        return self.period is not None and self.asked <= self.free


def free_for(project: Project) -> list[Free]:
    """What the budgets have free, for each sensor that the wishes ask something of."""
    asked: dict[Sensor, Decimal] = {}
    for wish in project.wishes.select_related("sensor"):
        if wish.units:
            asked[wish.sensor] = asked.get(wish.sensor, Decimal(0)) + wish.units
    found = []
    for sensor, units in asked.items():
        period = Period.objects.on(_first_day(project)).filter(sensor=sensor).first()
        budgets = Account.objects.filter(period=period, kind=AccountKind.BUDGET)
        free = sum((one.balance for one in budgets), Decimal(0)) if period else Decimal(0)
        found.append(Free(sensor, units, period, free))
    return found


def allotment(project: Project, period: Period) -> Account:
    """The account of a project in a period."""
    return ledger.account_of(
        period, AccountKind.ALLOTMENT, project.pk, owner_kind=OwnerKind.PROJECT
    )


def allotments_of(project: Project) -> list[Account]:
    """The accounts of a project that were ever opened, the newest period first."""
    rows = Account.objects.filter(kind=AccountKind.ALLOTMENT).of(OwnerKind.PROJECT, project.pk)
    return list(rows.select_related("period__sensor").order_by("-period__starts_on", "pk"))


def give_back_returns(most: int) -> int:
    """Give what came back to closed projects since on to the budget; return how many moved."""
    closed = Project.objects.filter(state=ProjectState.CLOSED)
    keys = [str(pk) for pk in closed.values_list("pk", flat=True)]
    late = Account.objects.filter(
        kind=AccountKind.ALLOTMENT, owner_kind=OwnerKind.PROJECT, owner_key__in=keys, balance__gt=0
    ).select_related("period")
    moved = 0
    for account in late.order_by("pk")[:most]:
        if not account.period.is_over:
            with transaction.atomic():
                moved += _return(account, by=BY_CLOCK)
    return moved


def lapse(project: Project) -> Project:
    """What silence does: an offer is not accepted, an unfinished project is withdrawn."""
    with transaction.atomic():
        project = locked(project)
        if project.due_at is None or project.due_at > timezone.now():
            raise NotNow("not_late", _("There is still time."))
        late = _("Nobody answered in time.")
        if project.state == ProjectState.OFFERED:
            step(project, "leave_offer", by=BY_CLOCK, reason=late)
            project.wishes.update(offered=None)
        else:
            step(project, "withdraw", by=BY_CLOCK, reason=late)
        return project


def _approved(project: Project, name: str, *, by: Actor) -> Project:
    """The step, then what is allotted: sensor by sensor, from the budget of the period."""
    project.approved_at = timezone.now()
    shares = shares_of(project.wishes.select_related("sensor"))
    facts = {share.sensor.code: share.units for share in shares}
    event = step(project, name, by=by, changed=("approved_at",), **facts)
    project_reviews.withdraw_all(project)
    pairs = [(share, _period(share.sensor, project)) for share in shares]
    accounts = [
        (ledger.account_of(period, AccountKind.BUDGET), allotment(project, period), share)
        for share, period in pairs
    ]
    ledger.lock(account for budget, mine, _share in accounts for account in (budget, mine))
    for budget, mine, share in accounts:
        ledger.transfer(
            budget,
            share.units,
            to_account=mine,
            key=f"project:{project.pk}:{event.pk}:{share.sensor.code}",
            by=by,
            reason=_("Project %(reference)s approved.") % {"reference": project.reference},
            rule_version=rules_in_force().code,
        )
    return project


def _first_day(project: Project) -> date:
    today = timezone.localdate()
    return max(today, project.starts_on or today)


def _period(sensor: Sensor, project: Project) -> Period:
    """The period that a project begins to draw on: today's, or that of its first day."""
    day = _first_day(project)
    found = Period.objects.on(day).filter(sensor=sensor).first()
    if found is None:
        raise NotNow(
            "no_period_open",
            _("No period of %(sensor)s is open on %(day)s: the quota administrator opens it first.")
            % {"sensor": sensor, "day": formats.day(day)},
        )
    return found


def _give_back(project: Project, *, by: Actor) -> None:
    mine = [one for one in allotments_of(project) if not one.period.is_over]
    budgets = [ledger.account_of(one.period, AccountKind.BUDGET) for one in mine]
    ledger.lock([*mine, *budgets])
    for account in mine:
        _return(account, by=by)


def _return(account: Account, *, by: Actor) -> bool:
    """One transfer of all that is free; its key counts the movements before it, so a retry finds it."""
    budget = ledger.account_of(account.period, AccountKind.BUDGET)
    ledger.lock([account, budget])
    account.refresh_from_db(fields=["balance"])
    if not account.balance:
        return False
    before = Movement.objects.filter(from_account=account).count()
    ledger.transfer(
        account,
        account.balance,
        to_account=budget,
        key=f"project-closed:{account.pk}:{before}",
        by=by,
        reason=_("The project is closed."),
        rule_version=rules_in_force().code,
    )
    return True


def _check_reviews(project: Project) -> None:
    needed = LEAST_REVIEWS[Track(project.track)]
    given = project.reviews.filter(state=ReviewState.GIVEN).count()
    if given < needed:
        raise NotNow(
            "reviews_missing",
            _("A project of this track needs %(needed)s review given first.") % {"needed": needed},
            needed=needed,
            given=given,
        )

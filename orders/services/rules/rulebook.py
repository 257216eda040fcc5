"""The life of a version of the rules: copied, changed, proposed by one administrator, approved by another."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.eligibility import Category
from accounts.models import Delegation
from accounts.policies import check_is_administrator, check_is_second_person
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from orders.models import RuleVersion, RuleVersionEvent
from orders.models.rule_rows import RuleRow
from orders.pricing.gaps import told
from orders.pricing.rules import gaps
from orders.states import RULES, RuleState

# The tables of a version, in the order that a reader meets them: word of the address → model.
TABLES: dict[str, type[RuleRow]] = {
    model._meta.model_name: model
    for model in sorted(RuleRow.__subclasses__(), key=lambda one: one.__name__)
}


@transaction.atomic
def copy(source: RuleVersion, *, code: str, effective_from: date, by: Actor) -> RuleVersion:
    """A draft with every row of a version, whatever its state. Raises Invalid (code or day)."""
    check_is_administrator(by.user)
    code = code.strip()
    if not code or len(code) > 20:
        raise Invalid("code_missing", _("Give the version a code of at most 20 characters."))
    _check_day(effective_from)
    if RuleVersion.objects.filter(code=code).exists():
        raise Invalid(
            "code_taken", _("A version has this code already: %(code)s.") % {"code": code}
        )
    draft = RuleVersion.objects.create(
        code=code,
        effective_from=effective_from,
        quote_days=source.quote_days,
        copied_from=source,
        state_since=timezone.now(),
        **by.columns(),
    )
    for model in TABLES.values():
        rows = list(model.objects.filter(version=source).order_by("pk"))
        for row in rows:
            row.pk, row.version = None, draft
        model.objects.bulk_create(rows)
    _note(draft, "copy", by=by, reason=str(source))
    return draft


@transaction.atomic
def change(version: RuleVersion, *, by: Actor, what: str, act: Callable[[], Any]) -> RuleVersion:
    """Change a draft: its facts, or the rows of one of its tables; `what` is written in its history.

    Raises NotNow when it is no draft any more, Invalid when the rows contradict each other.
    """
    check_is_administrator(by.user)
    version = locked(version)
    if version.state != RuleState.DRAFT:
        raise NotNow(
            "rules_not_a_draft",
            _("%(version)s is not a draft: copy it, and change the copy.") % {"version": version},
        )
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        raise Invalid(
            "rules_contradict",
            _(
                "Two rows say the same case twice, or a figure is out of its bounds: nothing was kept."
            ),
        ) from error
    _note(version, "edit", by=by, reason=what)
    return version


@transaction.atomic
def propose(version: RuleVersion, *, by: Actor, reason: str) -> RuleVersion:
    """Ask another administrator to approve a draft. Raises NotNow naming what it leaves undecided."""
    version = locked(version)
    _check_complete(version)
    _check_not_past(version, by=by)
    return _take(version, "propose", by=by, reason=reason)


@transaction.atomic
def approve(version: RuleVersion, *, by: Actor) -> RuleVersion:
    """Put a proposed version in force from its day on. Two who approve at once: one is told.

    Raises NotAllowed for whoever wrote, changed or proposed it, NotNow (incomplete, its day is past).
    """
    version = locked(version)
    if not by.part:
        check_is_administrator(by.user)
        _check_second(version, by=by)
    _check_complete(version)
    _check_not_past(version, by=by)
    version.approved_at = timezone.now()
    return _take(version, "approve", by=by, changed=("approved_at",))


@transaction.atomic
def send_back(version: RuleVersion, *, by: Actor, reason: str) -> RuleVersion:
    """Make a proposed version a draft again, and say why."""
    return _take(locked(version), "send_back", by=by, reason=reason)


@transaction.atomic
def drop(version: RuleVersion, *, by: Actor, reason: str) -> RuleVersion:
    """Give a version up that was never in force."""
    return _take(locked(version), "drop", by=by, reason=reason)


def locked(version: RuleVersion) -> RuleVersion:
    """The row as it is now, ours until the transaction ends."""
    return RuleVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)


def is_second_for(version: RuleVersion, user: Any) -> bool:
    """True when this person had no hand in the version: the only one whose approval counts."""
    hands = {version.by_user_id, *_written(version).values_list("by_user", flat=True)}
    one = Delegation.objects.between
    return user.pk not in hands and not any(one(user.pk, hand).exists() for hand in hands if hand)


def missing(version: RuleVersion) -> list[str]:
    """What a version leaves undecided, in words of the active language."""
    sensors = dict(Sensor.objects.values_list("code", "unit"))
    return told(gaps(version.rules, sensors=sensors, categories=Category.values))


def _written(version: RuleVersion) -> Any:
    return version.events.filter(step__in=["copy", "edit", "propose"])


def _check_second(version: RuleVersion, *, by: Actor) -> None:
    check_is_second_person(version, by)
    for event in _written(version).order_by("pk"):
        check_is_second_person(event, by)


def _check_complete(version: RuleVersion) -> None:
    cases = missing(version)
    if cases:
        raise NotNow(
            "rules_incomplete",
            _("This version leaves cases undecided: %(cases)s.") % {"cases": "; ".join(cases[:8])},
            missing=cases,
        )


def _check_not_past(version: RuleVersion, *, by: Actor) -> None:
    """Rules never reach back; only the loading of the history does."""
    if not by.part:
        _check_day(version.effective_from)


def _check_day(day: date) -> None:
    if day < timezone.localdate():
        raise Invalid("rules_in_the_past", _("Rules take effect today at the earliest."))


def _take(
    version: RuleVersion, name: str, *, by: Actor, reason: str = "", changed: tuple[str, ...] = ()
) -> RuleVersion:
    if not by.part:
        check_is_administrator(by.user)
    row = RULES.check(name, version.state)
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step=name)
    advance(version, RULES, name, at=timezone.now())
    version.save(update_fields=["state", "state_since", "due_at", *changed])
    _note(version, name, by=by, reason=reason.strip())
    return version


def _note(version: RuleVersion, step: str, *, by: Actor, reason: str = "") -> None:
    RuleVersionEvent.objects.create(
        version=version,
        step=step,
        target=version.state,
        reason=reason[:2000],
        at=timezone.now(),
        **by.columns(),
    )

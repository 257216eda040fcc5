"""Who decides while somebody is away: named by the holder of a duty, or for them by an administrator."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Delegation, DelegationEvent, Duty, User
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow

MOST_DAYS = 92


@transaction.atomic
def name_deputy(
    giver: User,
    receiver: User,
    *,
    kind: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: Actor,
) -> Delegation:
    """Let somebody decide in the place of the holder of a duty, from a day to a day.

    Raises NotAllowed (not one's own duty, and no administrator), Invalid (the days, the person),
    NotNow (somebody is named for these days already).
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=giver.pk)
    _check_may(giver, kind, by=by)
    _check_days(starts_on, ends_on)
    _check_receiver(giver, receiver, kind)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the trail keeps it."), field="reason")
    same = Delegation.objects.standing().filter(giver=giver, kind=kind)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise NotNow("named_already", _("Somebody is named for some of these days already."))
    now = timezone.now()
    made = Delegation.objects.create(
        giver=giver,
        receiver=receiver,
        kind=Duty.Kind(kind),
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip()[:500],
        at=now,
        **by.columns(),
    )
    _write(made, "named", reason=made.reason, by=by)
    return made


@transaction.atomic
def end(delegation: Delegation, *, by: Actor) -> Delegation:
    """End a delegation before its last day; it may be done by the holder, the deputy, an administrator."""
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    delegation = rows.select_related("giver", "receiver").get(pk=delegation.pk)
    mine = by.user is not None and by.user.pk in {delegation.giver_id, delegation.receiver_id}
    if not (mine or by.part or _holds(by.user, Duty.Kind.ADMINISTRATOR)):
        raise NotAllowed("not_yours", _("Only those concerned and administrators end it."))
    if delegation.ended_at is not None:
        return delegation
    if delegation.ends_on < timezone.localdate():
        raise NotNow("over_already", _("It is over already."))
    delegation.ended_at = timezone.now()
    delegation.save(update_fields=["ended_at"])
    delegation.receiver.__dict__.pop("duties_held", None)
    _write(delegation, "ended", by=by)
    return delegation


def _holds(user: User | None, kind: str) -> bool:
    """True for a person who holds the duty themselves: what is lent is not given on."""
    return user is not None and Duty.objects.current().filter(user=user, kind=kind).exists()


def _check_may(giver: User, kind: str, *, by: Actor) -> None:
    if kind not in Duty.Kind.values or not _holds(giver, kind):
        raise Invalid("duty_not_held", _("This person does not hold this duty."), field="kind")
    if by.part or (by.user is not None and by.user.pk == giver.pk):
        return
    if not _holds(by.user, Duty.Kind.ADMINISTRATOR):
        raise NotAllowed("administrator_only", _("This is for administrators."))


def _check_days(starts_on: date, ends_on: date) -> None:
    if starts_on < timezone.localdate():
        raise Invalid(
            "starts_in_the_past", _("It begins today at the earliest."), field="starts_on"
        )
    if not 0 <= (ends_on - starts_on).days < MOST_DAYS:
        raise Invalid(
            "days_out_of_range",
            _("An absence lasts between 1 and %(most)s days.") % {"most": MOST_DAYS},
            field="ends_on",
        )


def _check_receiver(giver: User, receiver: User, kind: str) -> None:
    if receiver.pk == giver.pk or not receiver.is_active:
        raise Invalid("another_person", _("Name another person, with an account."), field="email")
    if not policies.has_second_factor(receiver):
        raise Invalid(
            "second_factor_missing",
            _("This person has no second factor yet: whoever decides for others needs one."),
            field="email",
        )
    if _holds(receiver, kind):
        raise Invalid("holds_already", _("This person holds the duty already."), field="email")


def _write(delegation: Delegation, step: str, *, by: Actor, reason: str = "") -> None:
    DelegationEvent.objects.create(
        delegation=delegation, step=step, reason=reason, at=timezone.now(), **by.columns()
    )

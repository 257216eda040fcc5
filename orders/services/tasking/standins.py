"""Who answers for a requester who is away: named by themselves, for some days, in one organisation."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Affiliation, User
from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from orders.models import Line, Standin, StandinEvent

MOST_DAYS = 366


@transaction.atomic
def name(receiver: User, *, starts_on: date, ends_on: date, by: Actor) -> Standin:
    """Let a colleague answer for the person who acts, between two days, both included.

    Raises NotAllowed (no active affiliation), Invalid (days, oneself, somebody of elsewhere), NotNow
    (somebody is named for these days).
    """
    organisation = check_is_member(by.user).organisation
    today = timezone.localdate()
    if not starts_on <= ends_on or ends_on < today:
        raise Invalid("days_reversed", _("The last day lies in the future, after the first."))
    if (ends_on - starts_on).days > MOST_DAYS:
        raise Invalid("days_too_many", _("A stand-in is named for a year at most."))
    if receiver.pk == by.user.pk or receiver not in candidates(by.user):
        raise Invalid(
            "not_a_colleague", _("Choose a colleague with an active account in your organisation.")
        )
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.user.pk)
    same = Standin.objects.standing().filter(giver=by.user, organisation=organisation)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise NotNow("standin_named", _("Somebody answers for you on some of these days already."))
    standin = Standin.objects.create(
        giver=by.user,
        receiver=receiver,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        at=timezone.now(),
        **by.columns(),
    )
    _note(standin, "name", by=by)
    return standin


@transaction.atomic
def end(standin: Standin, *, by: Actor) -> Standin:
    """Either of the two ends it before its last day."""
    found = Standin.objects.select_for_update(of=("self",), no_key=True).get(pk=standin.pk)
    if by.user is None or by.user.pk not in {found.giver_id, found.receiver_id}:
        raise NotFound("standin_unknown", _("There is no such stand-in."))
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        _note(found, "end", by=by)
    return found


def candidates(user: Any) -> Any:
    """The colleagues who may be named: active in the organisation that the person acts for."""
    organisation = check_is_member(user).organisation
    home = Affiliation.objects.in_force().filter(organisation=organisation)
    return User.objects.filter(pk__in=home.values("user")).exclude(pk=user.pk).order_by("email")


def of(line: Line) -> list[User]:
    """Who answers for the requester of a line today."""
    order = line.order
    lent = Standin.objects.in_force().filter(
        giver=order.requester_id, organisation=order.organisation_id
    )
    return [one.receiver for one in lent.select_related("receiver")]


def answers_for(reader: Any, line: Line) -> bool:
    """True where the reader stands in for the requester of a line today."""
    order = line.order
    lent = Standin.objects.in_force().filter(
        giver=order.requester_id, organisation=order.organisation_id, receiver=reader.pk
    )
    return lent.exists()


def _note(standin: Standin, step: str, *, by: Actor) -> None:
    StandinEvent.objects.create(standin=standin, step=step, at=timezone.now(), **by.columns())

"""Who hears of a modulation: the second administrator while it waits, then the referents whose allotment changed."""

from collections.abc import Callable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from orders.ledger.errors import in_words
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Movement
from orders.ledger.sums import allotted
from orders.models import Modulation, ModulationEvent
from orders.services.purse import quota_mail
from orders.services.purse.quota_mail import Words
from orders.states import ModulationState


def tell(event: ModulationEvent) -> int:
    """Send what a step gives to tell; return how many mails went. Run twice, it sends them once."""
    row = Modulation.objects.select_related("period__sensor", "by_user").get(pk=event.modulation_id)
    subject = f"{row.deed}:{event.step}"
    if event.step == "propose":
        if row.state != ModulationState.PROPOSED:
            return 0
        seconds = quota_mail.quota_administrators(but=row.by_user)
        return quota_mail.send(subject, seconds, lambda person: _waits(row))
    writer = [row.by_user] if row.by_user and row.by_user_id != event.by_user_id else []
    sent = quota_mail.send(subject, writer, lambda person: _decided(row, event))
    return sent + (_tell_referents(row, subject) if event.step == "apply" else 0)


def _tell_referents(row: Modulation, subject: str) -> int:
    sent = 0
    for movement in Movement.objects.filter(deed=row.deed).select_related(
        "from_account__period", "to_account__period"
    ):
        for account, sign in ((movement.from_account, -1), (movement.to_account, 1)):
            is_theirs = account.owner_kind == OwnerKind.ORGANISATION
            if account.kind == AccountKind.ALLOTMENT and is_theirs:
                after = allotted(account, at=movement.at)
                change = sign * movement.amount
                people = quota_mail.referents(account.owner_key)
                sent += quota_mail.send(
                    f"{subject}:{account.pk}", people, _changed(row, after - change, after)
                )
    return sent


def _waits(row: Modulation) -> Words:
    moved = in_words(row.moved, row.period.unit)
    return Words(
        subject=_("A modulation of %(period)s waits for your decision") % {"period": row.period},
        paragraphs=[
            _("%(name)s proposes to move %(moved)s. A second quota administrator applies it.")
            % {"name": row.by_name, "moved": moved}
        ],
        label=_("Look and decide"),
        url=row.get_absolute_url(),
        reason=row.reason,
        is_theirs=True,
    )


def _decided(row: Modulation, event: ModulationEvent) -> Words:
    facts = {"modulation": row, "period": row.period}
    applied = event.step == "apply"
    return Words(
        subject=_("%(modulation)s is applied: %(period)s") % facts
        if applied
        else _("%(modulation)s is given up: %(period)s") % facts,
        paragraphs=[_("Decided by %(name)s.") % {"name": event.by_name}],
        label=_("See the modulation"),
        url=row.get_absolute_url(),
        reason=event.reason,
    )


def _changed(row: Modulation, before: Decimal, after: Decimal) -> Callable[[User], Words]:
    def words(person: User) -> Words:
        unit = row.period.unit
        return Words(
            subject=_("Your organisation's quota has changed: %(period)s") % {"period": row.period},
            paragraphs=[
                _("Its allotment goes from %(before)s to %(after)s. What is held stays held.")
                % {"before": in_words(before, unit), "after": in_words(after, unit)}
            ],
            label=_("See the quota"),
            url=reverse("quota"),
            reason=row.reason,
        )

    return words

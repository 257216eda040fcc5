"""Who a person is to a line, which steps are open to them, and why one is not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Affiliation
from accounts.policies import (
    current_affiliation,
    is_desk,
    is_referent_of,
    organisations_led_by,
)
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import Step
from orders.models import JointPart, Line, OrderPreference, Standin
from orders.pricing.words import Kind
from orders.states import LINE_LIVES, Approval, Money, Supply
from orders.states.joint import JointState
from orders.states.money import ACCOUNTS_OF
from orders.states.supply import ONLY_FOR, STOPPABLE

# Steps of the owner that need the right to go on: an active affiliation with the order's organisation.
NEEDS_AFFILIATION = frozenset(
    {
        "submit",
        "submit_to_referent",
        "wait",
        "stay",
        "complete",
        "confirm",
        "take_part",
        "convert",
        "quote_again",
        "take_image",
    }
)


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that a reader may take now, as its button says it."""

    name: str
    life: str
    label: Any
    style: str
    needs_reason: bool
    consequence: Any
    # What the desk types with it, as the columns of a paid line.
    fields: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """A button alone: nothing is typed with it."""
        return not (self.needs_reason or self.fields)


_BELONGS = "_requester_belongs"


class Reader:
    """What a person is to lines, asked once however many lines are read."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def is_desk(self) -> bool:
        return is_desk(self.user)

    @cached_property
    def led(self) -> frozenset[int]:
        """The keys of the organisations this person is an active referent of."""
        return frozenset(organisations_led_by(self.user).values_list("pk", flat=True))

    @cached_property
    def stands_in(self) -> frozenset[tuple[int, int]]:
        """(requester, organisation) of those whom this person answers for today."""
        lent = Standin.objects.in_force().filter(receiver=self.user.pk)
        return frozenset(lent.values_list("giver", "organisation"))

    @cached_property
    def acts_for(self) -> int | None:
        """The key of the organisation this person acts for now."""
        affiliation = current_affiliation(self.user)
        return affiliation.organisation_id if affiliation else None

    def roles(self, line: Line) -> frozenset[str]:
        """Owner, delegate, referent, desk: the words of the tables."""
        found = {"owner"} if self.user.pk == line.order.requester_id else set()
        if self.is_desk:
            found.add("desk")
        if line.order.organisation_id in self.led:
            found.add("referent")
        if self._stands_in_for(line):
            found.add("delegate")
        return frozenset(found)

    def may_take(self, name: str, row: Step, line: Line) -> bool:
        """True when the table gives the step to a role of this reader, and an owner is still at home."""
        actors = row.actors
        if "desk" in actors and self.is_desk:
            return True
        is_owner = "owner" in actors and self.user.pk == line.order.requester_id
        if "referent" in actors and line.order.organisation_id in self.led:
            return True
        answers = is_owner or ("delegate" in actors and self._stands_in_for(line))
        if answers and name not in NEEDS_AFFILIATION:
            return True
        return answers and self.acts_for == line.order.organisation_id

    def _stands_in_for(self, line: Line) -> bool:
        return (line.order.requester_id, line.order.organisation_id) in self.stands_in


def roles(by: Actor, line: Line) -> frozenset[str]:
    """What this actor is to the line; the person behind a mailed link is nothing to it."""
    if by.part:
        return frozenset({"system"})
    return Reader(by.user).roles(line) if by.user is not None else frozenset()


def may_take(by: Actor, name: str, row: Step, line: Line) -> bool:
    """True when the table gives this step to the actor."""
    if by.user is not None:
        return Reader(by.user).may_take(name, row, line)
    return bool(roles(by, line) & row.actors)


def check_may_take(by: Actor, name: str, row: Step, line: Line) -> None:
    """Raise NotAllowed where may_take says no; the sentence tells an owner who has left from a stranger."""
    if may_take(by, name, row, line):
        return
    if roles(by, line) & row.actors:
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with %(organisation)s for this.")
            % {"organisation": line.order.organisation},
        )
    raise NotAllowed(
        "step_is_not_yours",
        _("“%(step)s” is not yours to do on this line.") % {"step": row.label},
        step=name,
    )


def _supply_untouched(line: Line) -> NotNow | None:
    if line.supply in STOPPABLE:
        return None
    return NotNow(
        "already_placed",
        _("The supplier already has this line: it cannot be stopped from here any more."),
        supply=line.supply,
    )


def _something_is_offered(line: Line) -> NotNow | None:
    untouched = _supply_untouched(line)
    if untouched is not None or line.offers.exists():
        return untouched
    return NotNow("nothing_offered", _("No existing image is offered for this line."))


def _quote_is_firm(line: Line) -> NotNow | None:
    if not line.quote.is_provisional:
        return None
    return NotNow(
        "quote_is_provisional",
        _("The image must be completed first: until then its quote binds nobody."),
    )


def _nothing_due(line: Line) -> NotNow | None:
    if line.money != Money.DUE:
        return None
    return NotNow(
        "order_number_awaited",
        _("The payer's order number must be received first: nothing is placed before it."),
    )


def _stands_alone(line: Line) -> NotNow | None:
    """All have agreed to ask as one: then none of them is placed by itself, while all still wait."""
    agreed = JointPart.objects.filter(line=line, joint__state=JointState.AGREED).first()
    if agreed is None:
        return None
    parts = JointPart.objects.filter(joint=agreed.joint_id)
    if Line.objects.waiting().filter(joint_parts__in=parts).count() < parts.count():
        return None
    return NotNow(
        "joint_placed_together",
        _("This is a part of a joint request: place it as one with the others, or part them."),
        joint=agreed.joint_id,
    )


def _image_was_accepted(line: Line) -> NotNow | None:
    if line.kind == Kind.PRODUCTION or line.supply == Supply.IN_PRODUCTION:
        return None
    return NotNow(
        "no_image_accepted",
        _("A tasking is delivered once an image was proposed and accepted."),
    )


def _requester_belongs(line: Line) -> NotNow | None:
    """Asked again when the desk or a worker goes on with a line that was asked for long ago."""
    order = line.order
    known = line.__dict__.get(_BELONGS)
    if known is None:
        belongs = Affiliation.objects.in_force().filter(
            user=order.requester_id, organisation=order.organisation_id
        )
        known = belongs.exists()
    if known:
        return None
    return NotNow(
        "requester_has_no_right",
        _("%(person)s is not attached to %(organisation)s now: the line waits, or is refused.")
        % {"person": order.requester, "organisation": order.organisation},
    )


def _all_of(*guards: Callable[[Line], NotNow | None]) -> Callable[[Line], NotNow | None]:
    """The first thing that stands in the way."""
    return lambda line: next((no for guard in guards if (no := guard(line))), None)


# Step → what else must be so, whichever life it belongs to.
GUARDS: dict[str, Callable[[Line], NotNow | None]] = {
    "serve": _requester_belongs,
    "serve_to_referent": _requester_belongs,
    "accept": _all_of(_requester_belongs, _quote_is_firm),
    "offer_part": _all_of(_requester_belongs, _quote_is_firm),
    "take_part": _requester_belongs,
    "accept_by_rule": _all_of(_requester_belongs, _quote_is_firm),
    "withdraw": _supply_untouched,
    "convert": _something_is_offered,
    "approve": _requester_belongs,
    "place": _all_of(_requester_belongs, _nothing_due, _stands_alone),
    "send": _all_of(_requester_belongs, _nothing_due, _stands_alone),
    "deliver": _image_was_accepted,
}


def obstacle(name: str, line: Line) -> NotNow | None:
    """What stands in the way of a step besides its own life, or None."""
    if ONLY_FOR.get(name, line.kind) != line.kind:
        return NotNow(
            "not_for_this_kind", _("This step does not exist for this kind of line."), step=name
        )
    guard = GUARDS.get(name)
    return guard(line) if guard else None


def check_is_possible(name: str, line: Line) -> None:
    found = obstacle(name, line)
    if found is not None:
        raise found


def needs_referent(line: Line) -> bool:
    """True when the organisation wants its referent to agree, and the requester is not one."""
    organisation = line.order.organisation
    return OrderPreference.objects.referent_approves(organisation) and not is_referent_of(
        line.order.requester, organisation
    )


def _is_worth_waiting(line: Line) -> bool:
    """Offered where the quota was too small when the line was quoted, or others wait for this sensor."""
    quote = line.quote
    if quote.quota_units <= 0 or quote.purse_before is None:
        return False
    others = Line.objects.queued().filter(sensor=line.sensor_id)
    return quote.is_short or line.queued_at is not None or others.exists()


# Steps of people that no bare button can take: a supplier is chosen with them, an image, a file, a part.
ELSEWHERE = frozenset({"send", "propose", "take_image", "leave_image", "deliver", "offer_part"})


def steps_open_to(reader: Any, line: Line) -> list[OpenStep]:
    """The buttons of a line for a person (or their Reader, when many lines are read).

    In the tables' own order; what cannot be done now is left out.
    """
    reader = reader if isinstance(reader, Reader) else Reader(reader)
    if not reader.user.is_authenticated:
        return []
    with _asked_once(line):
        return _open_steps(reader, line)


@contextmanager
def _asked_once(line: Line) -> Iterator[None]:
    """Several buttons depend on the requester's rights: for one page they are asked once."""
    order = line.order
    belongs = Affiliation.objects.in_force().filter(
        user=order.requester_id, organisation=order.organisation_id
    )
    line.__dict__[_BELONGS] = SimpleLazyObject(belongs.exists)
    try:
        yield
    finally:
        del line.__dict__[_BELONGS]


def _open_steps(reader: Reader, line: Line) -> list[OpenStep]:
    draft = line.approval == Approval.DRAFT
    hidden = {"submit"} if draft and needs_referent(line) else {"submit_to_referent"}
    if draft and not _is_worth_waiting(line):
        hidden.add("wait")
    hidden |= ELSEWHERE
    return [
        OpenStep(
            name,
            life,
            row.label,
            row.style,
            row.needs_reason,
            row.consequence,
            ACCOUNTS_OF.get(name, ()),
        )
        for life, table in LINE_LIVES.items()
        for name, row in table.open_from(getattr(line, life)).items()
        if name not in hidden and reader.may_take(name, row, line) and obstacle(name, line) is None
    ]

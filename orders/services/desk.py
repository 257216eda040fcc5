"""The desk's view of the lines: its queues, and what it is told beside each decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import current_affiliation
from accounts.services.licences import has_signed
from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import Line
from orders.services import lines
from orders.states import Approval, Supply

LATE_AFTER = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: its word in the address, what it is called, what is in it."""

    name: str
    label: Any
    condition: dict[str, Any]

    def lines(self) -> QuerySet[Line]:
        """Who has waited longest comes first."""
        found = Line.objects.filter(**self.condition).order_by("state_since", "pk")
        return found.select_related(
            "order__organisation", "order__requester", "quote__rule_version", "sensor", "scene"
        )


_ACCEPTED = {"approval": Approval.ACCEPTED}
QUEUES = {
    queue.name: queue
    for queue in (
        Queue("decide", gettext_lazy("Requests"), {"approval": Approval.SUBMITTED}),
        Queue("place", gettext_lazy("To place"), {**_ACCEPTED, "supply": Supply.TO_PLACE}),
        Queue(
            "supplier",
            gettext_lazy("With the supplier"),
            {**_ACCEPTED, "supply__in": [Supply.PLACED, Supply.IN_PRODUCTION]},
        ),
        Queue(
            "attempts",
            gettext_lazy("Being attempted"),
            {**_ACCEPTED, "supply__in": [Supply.ATTEMPTING, Supply.PROPOSED]},
        ),
        Queue("waiting", gettext_lazy("Waiting for quota"), {"approval": Approval.WAITING_QUOTA}),
        Queue(
            "asked",
            gettext_lazy("Asked back"),
            {"approval__in": [Approval.TO_COMPLETE, Approval.TO_CONFIRM]},
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing the desk checks: kind is ok, ask or no."""

    kind: str
    text: str


def proofs(line: Line) -> list[Proof]:
    """What speaks for a line, and what must be looked at; the decision stays the officer's."""
    order, quote = line.order, line.quote
    licence = quote.rule_version.rules.licences.get(line.sensor_id)
    home = current_affiliation(order.requester)
    at_home = home is not None and home.organisation_id == order.organisation_id
    found = [
        _proof(order.organisation.is_member, _("Active member"), _("Not an active member")),
        _proof(at_home, _("The requester is affiliated"), _("The requester has left")),
        _proof(
            not quote.is_provisional,
            _("Footprint and figures known"),
            _("The image must be completed first"),
        ),
    ]
    if licence is not None and licence.before_order:
        signed = has_signed(order.requester, licence.code)
        found.append(_proof(signed, _("Licence signed"), _("Licence not signed")))
    if quote.available:
        share = quote.available[0]["share"]
        text = _("A member already has %(share)s %% of the area") % {"share": share}
        found.append(Proof("ask", text))
    else:
        found.append(Proof("ok", _("No member has an image of this area")))
    return found


def suggestion(line: Line) -> str:
    """The decision the proofs point to: accept, look or complete."""
    kinds = {proof.kind for proof in proofs(line)}
    if line.quote.is_provisional:
        return "complete"
    return "look" if kinds & {"ask", "no"} else "accept"


def accept_each(found: Iterable[Line], *, by: Actor) -> tuple[int, list[str]]:
    """Accept lines one by one; return how many were, and a sentence for each that could not be."""
    accepted, told = 0, []
    for line in found:
        try:
            lines.accept(line, by=by)
            accepted += 1
        except Refused as refused:
            told.append(f"{line}: {refused.sentence}")
    return accepted, told


def is_late(line: Line) -> bool:
    return timezone.now() - line.state_since > LATE_AFTER


def _proof(holds: bool, yes: str, no: str) -> Proof:
    return Proof("ok", yes) if holds else Proof("no", no)

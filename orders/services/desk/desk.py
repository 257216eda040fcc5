"""The desk's view of the lines: its queues, who waited longest first."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from orders.models import Decision, Line
from orders.states import Approval, Supply


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: its word in the address, what it is called, what is in it."""

    name: str
    label: Any
    condition: dict[str, Any]

    def lines(self) -> QuerySet[Line]:
        """Who has waited longest comes first, with what a file shows of each."""
        return self.waiting().select_related(
            "order__organisation", "order__requester", "quote__rule_version", "sensor", "scene"
        )

    def waiting(self) -> QuerySet[Line]:
        """The rows alone: for counting and for keys."""
        found = Line.objects.filter(**self.condition).order_by("state_since", "pk")
        if self.name == "decide":  # what was decided a moment ago waits for nobody
            just_decided = Decision.objects.pending().filter(line=OuterRef("pk"))
            found = found.filter(~Exists(just_decided))
        return found


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
            {"approval__in": [Approval.TO_COMPLETE, Approval.TO_CONFIRM, Approval.OFFERED]},
        ),
    )
}

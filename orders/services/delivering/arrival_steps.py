"""The one way an arrival takes a step: by its table, with its line of history."""

from django.utils import timezone

from dinamis.actors import Actor
from dinamis.lifecycle import advance
from orders.models import Arrival, ArrivalEvent
from orders.states import ARRIVAL


def take(arrival: Arrival, name: str, *, by: Actor, reason: str = "") -> ArrivalEvent:
    """Take a step of an arrival that is locked, inside its transaction. Raises NotNow."""
    now, source = timezone.now(), arrival.state
    advance(arrival, ARRIVAL, name, at=now)
    arrival.reason, arrival.error = reason, ""
    arrival.save(update_fields=["state", "state_since", "due_at", "reason", "error"])
    return ArrivalEvent.objects.create(
        arrival=arrival,
        step=name,
        source=source,
        target=arrival.state,
        reason=reason,
        at=now,
        **by.columns(),
    )


def locked(arrival: Arrival) -> Arrival:
    rows = Arrival.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=arrival.pk)

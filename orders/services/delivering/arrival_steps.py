"""The one way an arrival takes a step: by its table, with its line of history."""

from typing import Any

from django.utils import timezone

from dinamis.actors import Actor
from dinamis.lifecycle import advance
from dinamis.said import kept
from orders.models import Arrival, ArrivalEvent
from orders.states import ARRIVAL


def take(
    arrival: Arrival,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    said: dict[str, Any] | None = None,
) -> ArrivalEvent:
    """Take a step of an arrival that is locked, inside its transaction. Raises NotNow.

    `said` is what tells the reason in other languages, where it was kept before.
    """
    now, source = timezone.now(), arrival.state
    advance(arrival, ARRIVAL, name, at=now)
    said = kept(reason) if said is None else said
    arrival.reason, arrival.reason_said, arrival.error = reason, said, ""
    arrival.save(update_fields=["state", "state_since", "due_at", "reason", "reason_said", "error"])
    return ArrivalEvent.objects.create(
        arrival=arrival,
        step=name,
        source=source,
        target=arrival.state,
        reason=reason,
        reason_said=said,
        at=now,
        **by.columns(),
    )


def locked(arrival: Arrival) -> Arrival:
    rows = Arrival.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=arrival.pk)

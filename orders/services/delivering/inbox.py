"""The look at the inbox: what lies there is written down, and taken once it is complete.

A thing is complete when its sender says so (a marker), or when names, sizes and times have not changed
for INBOX_QUIET_SECONDS between two looks.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis import figures
from dinamis.actors import Actor
from dinamis.outbox import after_commit
from orders.inboxes import Inbox, InboxTrouble, Thing, inbox_at
from orders.inboxes.naming import is_safe
from orders.models import Arrival, InboxLook
from orders.services.delivering.arrival_steps import take
from orders.states import ArrivalState

log = structlog.get_logger(__name__)
SYSTEM = Actor.system("inbox")
NAME_MAX, PATH_MAX = 255, 800  # letters; where it is moved to is somewhat longer
_LIES_THERE = (
    ArrivalState.TAKEN,
    ArrivalState.HANDED_OVER,
    ArrivalState.DONE,
    ArrivalState.REFUSED,
)


def watched() -> Inbox | None:
    """The inbox of the settings; None when none is watched."""
    return inbox_at(settings.INBOX_URL)


def shown() -> str:
    """The inbox's address for people: without what an S3's may say beside it."""
    parts = urlsplit(settings.INBOX_URL)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if settings.INBOX_URL else ""


def last_look() -> InboxLook | None:
    """How the last look at the inbox of the settings went; None before the first."""
    return InboxLook.objects.filter(place=shown()[:500]).first()


def look() -> int:
    """Look once; return how many things lie there. What fails is noted for the desk, and looked at again."""
    inbox = watched()
    if inbox is None:
        return 0
    try:
        things = inbox.look()
    except InboxTrouble as trouble:
        _note(error=str(trouble), failing=True)
        log.warning("inbox_not_read", error=str(trouble))
        return 0
    fit = [thing for thing in things if _can_be_taken(thing)]
    for thing in fit:
        see(thing)
    _miss({thing.path for thing in fit})
    _note(things=len(things), error=_strange([thing for thing in things if thing not in fit]))
    return len(things)


@transaction.atomic
def see(thing: Thing) -> Arrival | None:
    """Write down a thing that lies in the inbox, and take it once it is complete.

    None for what is known already and could only not be moved away.
    """
    if Arrival.objects.filter(path=thing.path, mark=thing.mark, state__in=_LIES_THERE).exists():
        return None
    now = timezone.now()
    facts = {"size": thing.size, "files": len(thing.parts), "is_folder": thing.is_folder}
    arrival, _is_new = Arrival.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        supplier=thing.supplier,
        name=thing.name,
        state=ArrivalState.ARRIVING,
        defaults={
            "path": thing.path,
            "mark": thing.mark,
            "mark_since": now,
            "state_since": now,
            **facts,
        },
    )
    if arrival.mark != thing.mark:
        arrival.mark, arrival.mark_since = thing.mark, now
        for name, value in facts.items():
            setattr(arrival, name, value)
        arrival.save(update_fields=["mark", "mark_since", *facts])
    quiet = timedelta(seconds=settings.INBOX_QUIET_SECONDS)
    if thing.is_marked or (not _is_new and now - arrival.mark_since >= quiet):
        take(arrival, "take", by=SYSTEM)
        after_commit("orders.tasks.work_on_arrival", arrival.pk)
    return arrival


def register() -> None:
    """Called once, when the apps are ready: the figures for /metrics."""
    figures.register(_figures)


def _figures() -> Iterator[figures.Figure]:
    counted = dict(Arrival.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in ArrivalState.values:
        yield figures.Figure(
            "dinamis_inbox_things", "Things of the inbox, by state.", counted.get(state, 0),
            (("state", state),),
        )  # fmt: skip
    found = last_look()
    if found is not None:
        failing = found.failing_since is not None
        yield figures.Figure("dinamis_inbox_failing", "1 while it cannot be read.", failing)
        age = (timezone.now() - found.looked_at).total_seconds()
        yield figures.Figure("dinamis_inbox_look_age_seconds", "Since the last look.", age)


def _miss(paths: set[str]) -> None:
    """What was arriving and no longer lies there was taken away by its sender."""
    missing = Arrival.objects.filter(state=ArrivalState.ARRIVING, supplier_order=None).exclude(
        path__in=paths
    )
    for pk in list(missing.values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Arrival.objects.select_for_update(of=("self",), no_key=True)
            arrival = rows.filter(pk=pk, state=ArrivalState.ARRIVING).first()
            if arrival is not None:
                take(arrival, "vanish", by=SYSTEM)


def _can_be_taken(thing: Thing) -> bool:
    return is_safe(thing.path) and len(thing.name) <= NAME_MAX and len(thing.path) <= PATH_MAX


def _strange(things: list[Thing]) -> str:
    if not things:
        return ""
    names = ", ".join(ascii(thing.path)[:60] for thing in things[:3])
    told = {"names": names, "count": len(things)}
    return _("%(count)d names cannot be taken, rename them: %(names)s") % told


def _note(*, things: int = 0, error: str = "", failing: bool = False) -> None:
    now, place = timezone.now(), shown()[:500]
    found, _is_new = InboxLook.objects.get_or_create(place=place, defaults={"looked_at": now})
    found.looked_at, found.error = now, error[:2000]
    if failing:
        found.failing_since = found.failing_since or now
    else:
        found.failing_since, found.things = None, things
    found.save()

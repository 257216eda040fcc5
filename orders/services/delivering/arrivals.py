"""From the inbox to a delivery and back: fetched file by file, handed over, put under done or refused.

Each step may be interrupted and taken again. Nothing of the inbox is touched inside a transaction.
"""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.policies import check_is_desk
from catalogue.dimap.archive import is_archive
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.outbox import after_commit
from dinamis.said import gettext as _
from orders.inboxes import Changed, Inbox, InboxTrouble, Part, Unfit, mark_of, naming
from orders.models import Arrival, ArrivalFile, Delivery
from orders.services.delivering import deliveries
from orders.services.delivering.arrival_steps import locked, take
from orders.services.delivering.inbox import watched
from orders.services.supplying import handed
from orders.states import ARRIVAL, ArrivalState, DeliveryState

SYSTEM = Actor.system("inbox")
WORK = "orders.tasks.work_on_arrival"


def work(arrival: Arrival) -> bool:
    """Take the next step of an arrival; say whether more is to do now.

    Raises InboxTrouble and OSError, noted for the desk: the same step is then to be tried later.
    """
    try:
        more = _next(arrival, _inbox_of(arrival))
    except Unfit as unfit:
        more = _refuse(arrival, str(unfit))
    except (InboxTrouble, OSError) as trouble:
        Arrival.objects.filter(pk=arrival.pk).update(error=str(trouble)[:2000])
        raise
    Arrival.objects.filter(pk=arrival.pk).exclude(error="").update(error="")
    return more


@transaction.atomic
def retry(arrival: Arrival, *, by: Actor) -> Arrival:
    """Take in again what was refused. Raises NotAllowed, NotNow."""
    check_is_desk(by.user)
    arrival = locked(arrival)
    ARRIVAL.check("retry", arrival.state)
    arrival.parts.all().delete()
    take(arrival, "retry", by=by)
    after_commit(WORK, arrival.pk)
    return arrival


@transaction.atomic
def refuse(arrival: Arrival, *, reason: str, by: Actor) -> Arrival:
    """Refuse what is under way, with the reason, which its sender reads. Raises NotAllowed, NotNow,
    Invalid (reason_missing)."""
    check_is_desk(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    arrival = locked(arrival)
    ARRIVAL.check("refuse", arrival.state)
    delivery = delivery_of(arrival)
    if arrival.state == ArrivalState.HANDED_OVER and delivery is not None:
        if delivery.state == DeliveryState.PUBLISHED:
            raise NotNow("delivery_published", _("It is published already: withdraw the product."))
        if delivery.state != DeliveryState.REFUSED:
            deliveries.refuse(delivery, reason=reason, by=by)
            return arrival
    take(arrival, "refuse", by=by, reason=reason.strip())
    after_commit(WORK, arrival.pk)
    return arrival


def delivery_of(arrival: Arrival) -> Delivery | None:
    """The delivery it was handed over as, the last one where it was tried again."""
    return arrival.deliveries.order_by("-pk").first()


def staging(arrival: Arrival) -> Path:
    """Where what must be fetched is copied to: ours to remove."""
    return settings.STAGING_DIR / "inbox" / arrival.key.hex


def _inbox_of(arrival: Arrival) -> Inbox:
    """Where an arrival comes from: the watched inbox, or its supplier's list of files."""
    if arrival.supplier_order_id:
        return handed.inbox_of(arrival)
    inbox = watched()
    if inbox is None:
        raise InboxTrouble(_("No inbox is watched: INBOX_URL is empty."))
    return inbox


def _next(arrival: Arrival, inbox: Inbox) -> bool:
    if arrival.state == ArrivalState.TAKEN:
        if inbox.sets_aside:
            return _set_aside(arrival, inbox)
        return _fetch_next(arrival, inbox)
    if arrival.state == ArrivalState.HANDED_OVER:
        return _settle(arrival)
    if arrival.state in (ArrivalState.DONE, ArrivalState.REFUSED):
        _put_away(arrival, inbox)
    return False


def _set_aside(arrival: Arrival, inbox: Inbox) -> bool:
    """Out of its sender's reach, then handed over: a folder needs no fetching."""
    target = naming.aside(arrival.supplier, arrival.key.hex, arrival.name)
    origin = naming.place(arrival.supplier, arrival.name)
    if arrival.path != target:
        was_refused = arrival.path != origin
        _move(arrival, inbox, target)
        inbox.remove(f"{origin}{naming.MARKER}")
        if was_refused:
            inbox.remove(_sentence_path(arrival))
    parts = inbox.parts(arrival.path)
    if not parts:
        _step(arrival, "vanish", reason=_("It was no longer there when it was to be taken."))
        return False
    first_time = not arrival.deliveries.exists()
    if first_time and mark_of(arrival.path, parts) != arrival.mark:
        sentence = _(
            "It was still being written to when it was taken. Send it again, or try again."
        )
        return _refuse(arrival, sentence)
    if sentence := _unfit(parts):
        return _refuse(arrival, sentence)
    source = inbox.local(arrival.path)
    return _hand_over(arrival, _alone(source), staged=False)


def _fetch_next(arrival: Arrival, inbox: Inbox) -> bool:
    """One file of what must be fetched; after the last it is handed over."""
    if not arrival.parts.exists():
        return _list(arrival, inbox)
    root = staging(arrival) / arrival.name
    row = arrival.parts.filter(is_fetched=False).first()
    if row is None:
        return _hand_over(arrival, _alone(root), staged=True)
    part = Part(f"{arrival.path}{row.path}", row.size, row.stamp)
    into = root / row.path.lstrip("/") if row.path else root
    if not (into.is_file() and into.stat().st_size == row.size):
        try:
            if not inbox.fetch(part, into):
                return True
        except Changed:
            shutil.rmtree(staging(arrival), ignore_errors=True)
            _step(arrival, "vanish", reason=_("Its sender replaced it while it was fetched."))
            return False
    ArrivalFile.objects.filter(pk=row.pk).update(is_fetched=True)
    return True


def _list(arrival: Arrival, inbox: Inbox) -> bool:
    """Write down what is to be fetched, as it was seen."""
    parts = inbox.parts(arrival.path)
    here_first = arrival.path == naming.place(arrival.supplier, arrival.name)
    if not parts or (here_first and mark_of(arrival.path, parts) != arrival.mark):
        _step(arrival, "vanish", reason=_("Its sender took it away or replaced it."))
        return False
    if sentence := _unfit(parts):
        return _refuse(arrival, sentence)
    shutil.rmtree(staging(arrival), ignore_errors=True)
    ArrivalFile.objects.bulk_create(
        [
            ArrivalFile(
                arrival=arrival,
                path=part.path.removeprefix(arrival.path),
                size=part.size,
                stamp=part.stamp,
            )
            for part in parts
        ],
        ignore_conflicts=True,
    )
    return True


def _unfit(parts: list[Part]) -> str:
    """Why these files are no delivery, before any of them is opened; "" when they may be."""
    for part in parts:
        if not part.is_plain:
            told = {"file": part.path[:200].encode("ascii", "replace").decode()}
            return _("%(file)s is a link or a device; a delivery holds plain files only.") % told
        if not naming.is_safe(part.path) or len(part.path) > 900:
            told = {"name": ascii(part.path)[:200]}
            return _("It holds a name that cannot be kept: %(name)s") % told
    return ""


def _alone(source: Path) -> Path:
    """The archive, where a folder holds it and nothing else but markers."""
    if not source.is_dir():
        return source
    inside = [path for path in source.iterdir() if path.name not in naming.MARKERS_INSIDE]
    return inside[0] if len(inside) == 1 and is_archive(inside[0]) else source


def _hand_over(arrival: Arrival, source: Path, *, staged: bool) -> bool:
    if not source.is_dir() and not is_archive(source):
        return _refuse(arrival, _("A delivery comes as a folder, a zip or a tar file."))
    try:
        deliveries.embargo_in(arrival.name)
    except Invalid as unreadable:
        return _refuse(arrival, unreadable.sentence)
    with transaction.atomic():
        arrival = locked(arrival)
        if arrival.state != ArrivalState.TAKEN:
            return False  # another worker was quicker
        take(arrival, "hand_over", by=SYSTEM)
        order = arrival.supplier_order
        named = order.line.reference if order and deliveries.waits(order.line) else ""
        deliveries.receive(
            source, name=arrival.name, staged=staged, arrival=arrival, order=named, by=SYSTEM
        )
    return False


def _settle(arrival: Arrival) -> bool:
    """The delivery is settled: so is what it came as."""
    delivery = delivery_of(arrival)
    if delivery is None or delivery.state not in (DeliveryState.PUBLISHED, DeliveryState.REFUSED):
        return False
    if delivery.state == DeliveryState.REFUSED:
        return _refuse(arrival, delivery.reason, said=delivery.reason_said)
    _step(arrival, "finish")
    return True


def _refuse(arrival: Arrival, sentence: str, said: dict[str, Any] | None = None) -> bool:
    _step(arrival, "refuse", reason=sentence, said=said)
    return True


def _step(
    arrival: Arrival, name: str, *, reason: str = "", said: dict[str, Any] | None = None
) -> None:
    with transaction.atomic():
        row = locked(arrival)
        if name in ARRIVAL.open_from(row.state):
            take(row, name, by=SYSTEM, reason=reason, said=said)
    arrival.refresh_from_db()


def _put_away(arrival: Arrival, inbox: Inbox) -> None:
    """Move it under done or refused, with the sentence that says why beside what is refused."""
    if arrival.supplier_order_id:  # it lies at the supplier's, who moves nothing for us
        shutil.rmtree(staging(arrival), ignore_errors=True)
        return
    is_refused = arrival.state == ArrivalState.REFUSED
    folder = naming.REFUSED if is_refused else naming.DONE
    below = naming.place(arrival.supplier, folder)
    if not arrival.path.startswith(f"{below}/"):
        target = arrival.going_to or f"{below}/{arrival.name}"
        if not arrival.going_to and inbox.parts(target):
            target = f"{below}/{arrival.key.hex[:8]}-{arrival.name}"
        _move(arrival, inbox, target)
        inbox.remove(f"{naming.place(arrival.supplier, arrival.name)}{naming.MARKER}")
    if is_refused:
        at = timezone.localtime(arrival.state_since).strftime("%Y-%m-%d %H:%M %Z")
        inbox.write(_sentence_path(arrival), f"{arrival.name}\n{at}\n\n{arrival.reason}\n")
    shutil.rmtree(staging(arrival), ignore_errors=True)


def _move(arrival: Arrival, inbox: Inbox, target: str) -> None:
    """Say where to, move, say that it is there: broken off anywhere, the next try ends it."""
    Arrival.objects.filter(pk=arrival.pk).update(going_to=target)
    parts = [Part(f"{arrival.path}{row.path}", row.size, row.stamp) for row in arrival.parts.all()]
    inbox.move(arrival.path, target, parts)
    Arrival.objects.filter(pk=arrival.pk).update(path=target, going_to="")
    arrival.path, arrival.going_to = target, ""


def _sentence_path(arrival: Arrival) -> str:
    """Beside what was refused, under its name as it is there."""
    if arrival.state == ArrivalState.REFUSED:
        return f"{arrival.path}{naming.SAID}"
    return naming.place(arrival.supplier, f"{naming.REFUSED}/{arrival.name}{naming.SAID}")

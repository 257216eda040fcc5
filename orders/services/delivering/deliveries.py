"""Deliveries: handed in, worked through step by step, matched to their line, published to all."""

import re
import shutil
import time
import uuid
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import shapely
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.policies import check_is_desk
from catalogue.dimap.facts import DeliveryFacts, show_order
from catalogue.dimap.reader import identifiers_of
from catalogue.models import Product
from catalogue.services import products, scenes
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, Refused
from dinamis.leases import held
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from dinamis.said import gettext as _
from dinamis.said import kept
from orders.models import Arrival, Delivery, Line
from orders.services.delivering import leftovers, storing
from orders.services.lines import lines
from orders.services.pools import joint, sisters
from orders.states import DELIVERY, Approval, DeliveryState, Supply

SYSTEM = Actor.system("deliveries")
EMBARGO = re.compile(r"(?i)embargo[ _-]?([0-9][0-9-]{0,19})")
OURS = re.compile(r"(?<![A-Z0-9])C-\d{4}-\d{4,}(?:-\d+)?(?!\d)")
SETTLED = (DeliveryState.WAITING, DeliveryState.PUBLISHED, DeliveryState.REFUSED)
DELIVERABLE = (Supply.PLACED, Supply.IN_PRODUCTION)


@transaction.atomic
def receive(
    source: Path,
    *,
    name: str,
    by: Actor,
    order: str = "",
    licence: str = "",
    staged: bool = False,
    without_pixels: bool = False,
    arrival: Arrival | None = None,
    embargo_until: date | None = None,
) -> Delivery:
    """Write a delivery down and promise to work on it; `order` is a reference of ours or "".

    `staged` says that `source` is a copy of ours; `without_pixels` that its tiles are not to be
    opened. Raises NotFound (order_unknown) when the order
    named is none of ours, or has no line that waits for a delivery; Invalid (embargo_over, and
    embargo_unreadable for a day that its name says). Until `embargo_until`, or the day that the name
    says, only the order's requester has what it holds.
    """
    if embargo_until is not None and embargo_until <= timezone.localdate():
        raise Invalid("embargo_over", _("An embargo ends on a day to come."))
    line = _line_named(order) if order else None
    if order and line is None:
        raise NotFound(
            "order_unknown",
            _("No line that waits for a delivery is called “%(order)s”.") % {"order": order[:40]},
        )
    delivery = Delivery.objects.create(
        name=name[:255],
        source=str(source),
        is_staged=staged,
        without_pixels=without_pixels,
        asked=order[:80],
        licence=licence,
        line=line,
        arrival=arrival,
        embargo_until=embargo_until or embargo_in(name),
        state_since=timezone.now(),
        **by.columns(),
    )
    after_commit("orders.tasks.work_on_delivery", delivery.pk)
    return delivery


def embargo_in(name: str) -> date | None:
    """The day that a name such as `C-2026-0007-1_EMBARGO-2027-01-31.zip` says; None for one that has come.

    Raises Invalid (embargo_unreadable): what was to be kept back is not given out for a slip of the pen.
    """
    if (found := EMBARGO.search(name)) is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError as error:
        told = {"day": found[1][:20]}
        sentence = _(
            "Its name says an embargo until “%(day)s”, which is no day such as 2027-01-31."
        )
        raise Invalid("embargo_unreadable", sentence % told) from error
    return day if day > timezone.localdate() else None


def receive_upload(archive: File, *, by: Actor, **facts: Any) -> Delivery:
    """Hand in an archive sent by an officer: a copy of ours is worked on, then removed.

    Raises what `receive` raises; then nothing of the file is kept.
    """
    check_is_desk(by.user)
    folder = leftovers.uploads() / uuid.uuid4().hex
    folder.mkdir(parents=True)
    name = Path(archive.name).name[:120] or "delivery"
    try:
        with (folder / "archive").open("wb") as copy:
            for piece in archive.chunks():
                copy.write(piece)
        return receive(folder / "archive", name=name, staged=True, by=by, **facts)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def work(delivery: Delivery) -> bool:
    """Take the next step of a delivery; say whether more is to do. A refusal settles it."""
    try:
        return _next(delivery)
    except Refused as refused:
        refuse(delivery, reason=refused.sentence, by=SYSTEM)
        return False


def put_away(delivery: Delivery) -> None:
    """Remove our copies of what is published or refused; again is once. What waits keeps its own."""
    if delivery.state in (DeliveryState.PUBLISHED, DeliveryState.REFUSED):
        storing.forget_files(delivery)
        storing.clear(delivery)


def work_through(delivery: Delivery) -> Delivery:
    """Take every step, here and now: for the command line. A worker may take some of them meanwhile."""
    while True:
        with held(delivery) as ours:
            while ours and work(delivery):
                delivery.refresh_from_db()
        delivery.refresh_from_db()
        if ours or delivery.state in SETTLED:
            return delivery
        time.sleep(0.5)


@transaction.atomic
def publish(
    delivery: Delivery, *, by: Actor, order: str = "", embargo_until: date | None = None
) -> Delivery:
    """Publish a delivery that waits: for the order named, or without one.

    Another day than the one it was handed in with ends its embargo. Raises NotAllowed, Invalid
    (embargo_over), NotNow (not_in_this_state), NotFound (order_unknown).
    """
    if not by.part:
        check_is_desk(by.user)
    delivery = _locked(delivery)
    DELIVERY.check("publish", delivery.state)
    if embargo_until is not None:
        if embargo_until <= timezone.localdate():
            raise Invalid("embargo_over", _("An embargo ends on a day to come."))
        delivery.embargo_until = embargo_until
    if order:
        delivery.line = _line_named(order)
        if delivery.line is None:
            raise NotFound(
                "order_unknown",
                _("No line that waits for a delivery is called “%(order)s”.")
                % {"order": order[:40]},
            )
    _publish(delivery, storing.facts_of(delivery), by=by)
    return delivery


@transaction.atomic
def refuse(delivery: Delivery, *, reason: str, by: Actor) -> Delivery:
    """Put a delivery away, with the reason; what it brought into the store is removed."""
    if by.user is not None:
        check_is_desk(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    delivery = _locked(delivery)
    advance(delivery, DELIVERY, "refuse", at=timezone.now())
    delivery.reason, delivery.reason_said = reason, kept(reason)
    delivery.save(update_fields=["state", "state_since", "due_at", "reason", "reason_said"])
    _settled(delivery)
    return delivery


def _next(delivery: Delivery) -> bool:
    if delivery.state == DeliveryState.RECEIVED:
        return _store_next(delivery)
    if delivery.state == DeliveryState.STORED:
        _settle(delivery)
    return False


def _store_next(delivery: Delivery) -> bool:
    """Read, then one file, then one picture; the last of them ends the storing."""
    if not storing.is_unpacked(delivery):
        storing.unpack_more(delivery)
        return True
    if not delivery.is_read:
        storing.read(delivery)
        return True
    root = storing.root_of(delivery)
    file = delivery.files.filter(storage_name="").select_related("delivery").first()
    if file is not None:
        storing.store(file, root)
        return True
    facts = storing.facts_of(delivery)
    bare = next((p for p in facts.products if p.path not in delivery.pictures), None)
    if bare is not None:
        storing.draw_pictures(delivery, bare, root)
        return True
    with transaction.atomic():
        delivery = _locked(delivery)
        if delivery.state != DeliveryState.RECEIVED:
            return False  # another worker was quicker
        advance(delivery, DELIVERY, "store", at=timezone.now())
        delivery.save(update_fields=["state", "state_since", "due_at"])
    return True


@transaction.atomic
def _settle(delivery: Delivery) -> None:
    """Publish for the line given or found; without one, keep it for the desk."""
    delivery = _locked(delivery)
    if delivery.state != DeliveryState.STORED:
        return
    facts = storing.facts_of(delivery)
    if delivery.line is not None and not waits(delivery.line):
        delivery.line = None  # cancelled or delivered meanwhile: the desk says what becomes of it
    delivery.line = delivery.line or line_of(facts, delivery.name)
    if delivery.line is not None or delivery.licence:
        _publish(delivery, facts, by=SYSTEM)
        return
    advance(delivery, DELIVERY, "wait", at=timezone.now())
    delivery.save(update_fields=["state", "state_since", "due_at", "line"])


def line_of(facts: DeliveryFacts, name: str = "") -> Line | None:
    """The line a delivery is for: by our reference in it or in its name, by the supplier's, by the scene.

    `name` is what the delivery itself is called. Where two lines would fit, none does.
    """
    written = [reference.value for reference in facts.references]
    for text in [*written, name]:
        for ours in OURS.findall(text.upper()):
            line = _line_named(ours)
            if line is not None:
                return line
    waiting = _deliverable()
    theirs = [text.strip()[:80] for text in written if text.strip()]
    found = {scene.pk for one in identifiers_of(facts) if (scene := scenes.find(one))}
    by_scene = waiting.filter(scene__in=found) | waiting.filter(
        acquisitions__identifier__in=identifiers_of(facts), acquisitions__state="accepted"
    )
    return _only(waiting.filter(supplier_reference__in=theirs)) or _only(by_scene.distinct())


def _only(lines_found: QuerySet[Line]) -> Line | None:
    """The only line of these, or the one that stands for all where they were placed as one."""
    candidates = list(lines_found.order_by("pk")[: joint.MOST + 1])
    if len(candidates) > 1:
        return sisters.first_of(candidates)
    return candidates[0] if candidates else None


def _line_named(reference: str) -> Line | None:
    """The line of this reference, or the only one of an order that waits for a delivery."""
    reference = reference.strip().upper()
    waiting = _deliverable()
    line = waiting.filter(reference=reference).first()
    if line is not None:
        return line
    return _only(waiting.filter(order__reference=reference))


def waits(line: Line) -> bool:
    """True for a line that a delivery may be given to."""
    return _deliverable().filter(pk=line.pk).exists()


def _deliverable():
    return Line.objects.filter(approval=Approval.ACCEPTED, supply__in=DELIVERABLE)


def _publish(delivery: Delivery, facts: DeliveryFacts, *, by: Actor) -> None:
    made = [
        products.publish(
            one,
            key=products.delivery_key(storing.root_of(delivery), one),
            files=_stored(delivery, facts, one.path),
            picture=_picture(delivery, one.path),
            licence=delivery.licence,
            notes=_notes(delivery, facts, one.folder),
            embargo_until=delivery.embargo_until,
            by=by,
        )
        for one in sorted(facts.products, key=show_order)
    ]
    delivery.products.set(made)
    if delivery.line is not None:
        _deliver(delivery.line, made)
    advance(delivery, DELIVERY, "publish", at=timezone.now())
    delivery.save(update_fields=["state", "state_since", "due_at", "line", "embargo_until"])
    _settled(delivery)


def _deliver(line: Line, made: Sequence[Product]) -> None:
    """Count what was delivered of what was asked: the union of the products over the area.

    What was asked together is handed in once: whoever it covers a part of has it too.
    """
    outline = shapely.union_all([geo.to_shapely(product.footprint) for product in made])
    overlaps: dict[Line, Decimal] = {line: geo.overlap_km2(line.area, outline)}
    for other in sisters.waiting_with(line):
        covered = geo.overlap_km2(other.area, outline)
        if covered > 0:
            overlaps[other] = covered
    for one in sorted(overlaps, key=lambda one: one.pk):
        lines.deliver(one, product=made[0], delivered_overlap_km2=overlaps[one], by=SYSTEM)


def _stored(delivery: Delivery, facts: DeliveryFacts, path: str) -> list[products.Stored]:
    """A product's files; those of the whole delivery go with the product that shows it best."""
    first = min(facts.products, key=show_order).path
    wanted = {path, ""} if path == first else {path}
    return [
        products.Stored(file.path, file.role, file.size, file.sha256, file.storage_name)
        for file in delivery.files.filter(product__in=wanted)
    ]


def _notes(delivery: Delivery, facts: DeliveryFacts, folder: str) -> list[dict[str, str]]:
    """What was noted of a product's own files, and of those that are no product's own."""
    others = {one.folder for one in facts.products} - {folder}
    return [note for note in delivery.notes if not _inside(note["path"], others)]


def _inside(path: str, folders: Collection[str]) -> bool:
    return any(folder and path.startswith(f"{folder}/") for folder in folders)


def _picture(delivery: Delivery, path: str) -> products.Picture:
    known = delivery.pictures.get(path, {})
    bounds = known.get("bounds")
    return products.Picture(
        known.get("quicklook", ""), known.get("thumbnail", ""), tuple(bounds) if bounds else None
    )


def _settled(delivery: Delivery) -> None:
    """Our copies go; what came by the inbox is put under done or refused there.

    At once where the commit was ours, and by a worker all the same: whoever settled it may die between.
    """
    transaction.on_commit(lambda: put_away(delivery))
    after_commit("orders.tasks.work_on_delivery", delivery.pk)
    if delivery.arrival_id:
        after_commit("orders.tasks.work_on_arrival", delivery.arrival_id)


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=delivery.pk)

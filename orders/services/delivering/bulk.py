"""A directory of deliveries taken in one after another; begun again, it goes on where it stopped.

What stands in the database is the only memory: a delivery is known by the place it lies at.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import structlog
from django.utils.translation import gettext as _

from catalogue.dimap.archive import is_archive
from dinamis.actors import Actor
from dinamis.errors import Invalid, Refused
from orders.models import Delivery
from orders.services.delivering import deliveries
from orders.states import DeliveryState

log = structlog.get_logger(__name__)
LEFT_OUT = (".", "_")  # how hidden and half-copied things begin


@dataclass(frozen=True, slots=True)
class How:
    """What holds for every delivery of the directory.

    `publish` publishes what no line waits for, under its collection's licence; `again` takes what was
    refused once more; `embargo_until` keeps all back until that day; `hand_over` only writes deliveries
    down, for the workers to take.
    """

    licence: str = ""
    embargo_until: date | None = None
    without_pixels: bool = False
    publish: bool = False
    again: bool = False
    hand_over: bool = False


@dataclass(slots=True)
class Progress:
    """How far a directory is. `known` were settled before; `said` holds (name, sentence) of what is not."""

    total: int
    known: int = 0
    published: int = 0
    waiting: int = 0
    handed_over: int = 0
    refused: int = 0
    failed: int = 0
    begun_at: float = field(default_factory=time.monotonic)
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.known + self.worked

    @property
    def worked(self) -> int:
        """Those taken in by this run."""
        return self.published + self.waiting + self.handed_over + self.refused + self.failed

    @property
    def seconds_left(self) -> float | None:
        """At the pace of this run; None before its first delivery."""
        if not self.worked:
            return None
        return (time.monotonic() - self.begun_at) / self.worked * (self.total - self.done)


def run(
    directory: Path,
    how: How,
    *,
    by: Actor,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Take in every delivery of a directory; `tell` hears after each.

    One that is refused or fails does not stop the others. Raises Invalid (no_folder, nothing_there).
    """
    sources = list(found(directory))
    if not sources:
        raise Invalid("nothing_there", _("No delivery lies in this directory."))
    known = _known(directory)
    progress = Progress(total=len(sources))
    for source in sources:
        _take(source, known.get(str(source)), how, progress, by=by)
        tell(progress)
    return progress


def found(directory: Path) -> Iterator[Path]:
    """The folders and archives of a directory, in the order of their names. Raises Invalid (no_folder)."""
    if not directory.is_dir():
        raise Invalid("no_folder", _("%(path)s is not a folder.") % {"path": directory.name})
    for path in sorted(directory.iterdir()):
        if path.name.startswith(LEFT_OUT) or path.is_symlink():
            continue
        if path.is_dir() or is_archive(path):
            yield path


def _known(directory: Path) -> dict[str, Delivery]:
    """The last delivery of each place below the directory."""
    rows = Delivery.objects.filter(source__startswith=f"{directory}/").order_by("pk")
    return {delivery.source: delivery for delivery in rows}


def _take(
    source: Path, delivery: Delivery | None, how: How, progress: Progress, *, by: Actor
) -> None:
    if delivery is not None and _is_settled(delivery, how):
        progress.known += 1
        return
    try:
        if delivery is None or delivery.state == DeliveryState.REFUSED:
            delivery = deliveries.receive(
                source,
                name=source.name,
                licence=how.licence,
                embargo_until=how.embargo_until,
                without_pixels=how.without_pixels,
                by=by,
            )
        if how.hand_over:
            progress.handed_over += 1
            return
        delivery = deliveries.work_through(delivery)
        if how.publish and delivery.state == DeliveryState.WAITING:
            delivery = deliveries.publish(delivery, by=by)
    except Refused as refused:
        progress.said.append((source.name, str(refused.sentence)))
        progress.waiting += 1
        return
    except (
        OSError,
        RuntimeError,
    ) as trouble:  # the disk's, the store's, the child's: the next may do
        log.warning("bulk_failed", delivery=source.name, exc_info=True)
        progress.said.append((source.name, str(trouble)[:500]))
        progress.failed += 1
        return
    _count(delivery, progress)


def _is_settled(delivery: Delivery, how: How) -> bool:
    if delivery.state == DeliveryState.REFUSED:
        return not how.again
    if delivery.state == DeliveryState.WAITING:
        return not how.publish
    return delivery.state == DeliveryState.PUBLISHED


def _count(delivery: Delivery, progress: Progress) -> None:
    if delivery.state == DeliveryState.REFUSED:
        progress.refused += 1
        progress.said.append((delivery.name, delivery.reason_told))
    elif delivery.state == DeliveryState.WAITING:
        progress.waiting += 1
    else:
        progress.published += 1

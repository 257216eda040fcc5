"""Fixity: every stored file is read again within FIXITY_DAYS; what is not as it was is not given out.

An hourly batch takes those unread for longest, as many bytes as spread the whole store over the days, a
tenth more to make up for stops. Each file's result is written by itself: a worker that dies loses one.
"""

import hashlib
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from accounts.emails.message import TEMPLATE
from accounts.policies import check_is_desk
from catalogue.emails.damaged import damaged_files
from catalogue.models import Product, ProductFile, SceneEvent
from dinamis import figures
from dinamis.actors import Actor
from dinamis.mail import send
from dinamis.outbox import Promise, after_commit
from dinamis.storage import Lost, fresh_chunks

log = structlog.get_logger(__name__)
SYSTEM = Actor.system("fixity")
TELL_AFTER = timedelta(minutes=5)  # one mail for what is found together
SECONDS = 240.0  # of one batch: well under the time a task may last


@dataclass(frozen=True, slots=True)
class Checked:
    """What a batch read, and which of it was not as it was."""

    files: int = 0
    size: int = 0  # bytes
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole store: how much, how far behind, what is damaged."""

    files: int
    size: int  # bytes
    damaged: int
    overdue: int  # files that nobody read for FIXITY_DAYS
    oldest_s: float  # seconds since the file unread for longest was read; 0 without files


def check(file: ProductFile) -> str:
    """Read one stored file and write down what it is like; return its fault, "" for none.

    Raises what the store raises when it cannot be asked: that says nothing of the file.
    """
    stored = file.storage_name
    try:
        digest = _digest(stored)
        fault = "" if digest == file.sha256 else ProductFile.Fault.ALTERED
    except Lost:
        digest, fault = "", ProductFile.Fault.MISSING
    _write(file, stored, str(fault), digest)
    return str(fault)


def check_some(*, most: int | None = None, seconds: float = SECONDS) -> Checked:
    """Read files again, those unread for longest first, up to so many bytes and seconds; one at least.

    `most` is by itself the share of an hour, and never over FIXITY_BATCH_BYTES.
    """
    budget = share() if most is None else most
    until, files, size, damaged = time.monotonic() + seconds, 0, 0, 0
    for file in _unread():
        if files and (size + file.size > budget or time.monotonic() > until):
            break
        # Tried counts as looked at: one that cannot be read in the time does not hold up the others.
        ProductFile.objects.filter(pk=file.pk).update(looked_at=timezone.now())
        damaged += bool(check(file))
        files, size = files + 1, size + file.size
    return Checked(files, size, damaged)


def share() -> int:
    """Bytes of one hourly batch."""
    total = ProductFile.objects.aggregate(all=Sum("size"))["all"] or 0
    hourly = math.ceil(1.1 * total / (24 * max(settings.FIXITY_DAYS, 1)))
    return min(hourly, settings.FIXITY_BATCH_BYTES)


def overview() -> Overview:
    before = timezone.now() - timedelta(days=settings.FIXITY_DAYS)
    unread = Q(hashed_at=None) | Q(hashed_at__lt=before)
    told = ProductFile.objects.aggregate(
        files=Count("pk"),
        size=Sum("size"),
        damaged=Count("pk", filter=~Q(fault="")),
        overdue=Count("pk", filter=unread & Q(fault="")),
        oldest=Min("hashed_at", filter=Q(fault="")),
    )
    oldest = (timezone.now() - told["oldest"]).total_seconds() if told["oldest"] else 0.0
    return Overview(told["files"], told["size"] or 0, told["damaged"], told["overdue"], oldest)


@transaction.atomic
def ask_again(file: ProductFile, *, by: Actor) -> None:
    """The desk has a file read now, by a worker. Raises NotAllowed."""
    check_is_desk(by.user)
    after_commit("catalogue.tasks.check_file", file.pk)


def restore(product: Product, stored: Iterable[tuple[str, str]], *, by: Actor) -> int:
    """Give damaged files of a product the same bytes, stored anew; return how many.

    `stored` are digests and names in the store. The damaged bytes are removed after the commit.
    """
    anew = dict(stored)
    rows = product.files.damaged().select_for_update(of=("self",), no_key=True)
    healed = 0
    for file in rows.filter(sha256__in=anew):
        old, file.storage_name = file.storage_name, anew[file.sha256]
        if old == file.storage_name:
            continue
        _mend(file, by=by)
        file.save(update_fields=["storage_name"])
        transaction.on_commit(lambda name=old: default_storage.delete(name))
        healed += 1
    return healed


def tell() -> None:
    """Say to the desk which files are damaged now; nothing when all is mended meanwhile."""
    found = list(ProductFile.objects.damaged().select_related("product").order_by("-fault_at")[:20])
    if found:
        message = damaged_files(found, ProductFile.objects.damaged().count())
        send(message.to, TEMPLATE, message.context, message.language)


def register() -> None:
    """Called once, when the apps are ready: the figures for /metrics."""
    figures.register(_figures)


def _figures() -> Iterator[figures.Figure]:
    told = overview()
    yield figures.Figure("dinamis_files", "Files of products in the store.", told.files)
    yield figures.Figure("dinamis_files_bytes", "Bytes of these files.", told.size)
    yield figures.Figure("dinamis_files_damaged", "Found altered or missing.", told.damaged)
    yield figures.Figure("dinamis_files_overdue", "Not read within FIXITY_DAYS.", told.overdue)
    yield figures.Figure(
        "dinamis_files_oldest_reading_seconds", "Age of the oldest reading.", told.oldest_s
    )


def _unread() -> Iterator[ProductFile]:
    """Those unread for longest, asked for in small pages: a batch reads only a few."""
    # Not before half its days are over: a small store is not read over and over.
    rested = timezone.now() - timedelta(days=settings.FIXITY_DAYS) / 2
    due = ProductFile.objects.filter(Q(looked_at=None) | Q(looked_at__lt=rested)).longest_unread()
    while page := list(due.select_related("product")[:50]):
        seen = len(page)
        yield from page
        if seen < 50:
            return


def _digest(stored: str) -> str:
    digest = hashlib.sha256()
    for piece in fresh_chunks(stored):
        digest.update(piece)
    return digest.hexdigest()


@transaction.atomic
def _write(file: ProductFile, stored: str, fault: str, digest: str) -> None:
    rows = ProductFile.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("product__scene").filter(pk=file.pk, storage_name=stored).first()
    if row is None:
        return  # restored under another name while the old one was read
    row.looked_at = timezone.now()
    row.save(update_fields=["looked_at"])
    if not fault:
        if row.fault:
            _mend(row, by=SYSTEM)
        row.hashed_at = row.looked_at
        row.save(update_fields=["hashed_at"])
    elif row.fault != fault:
        row.fault, row.fault_at = fault, row.looked_at
        row.save(update_fields=["fault", "fault_at"])
        _note(row, SceneEvent.Kind.DAMAGED, by=SYSTEM, fault=fault, found=digest)
        _promise_mail(row.looked_at)
        log.error("file_damaged", file=row.pk, product=row.product_id, fault=fault)


def _promise_mail(now: datetime) -> None:
    """One mail to the desk for all that is found within some minutes: a broken disk damages thousands."""
    task = "catalogue.tasks.tell_damaged"
    if not Promise.objects.open().filter(task=task, attempts=0).exists():
        after_commit(task, now.isoformat(timespec="seconds"), due_at=now + TELL_AFTER)


def _mend(file: ProductFile, *, by: Actor) -> None:
    now = timezone.now()
    file.fault, file.fault_at, file.hashed_at, file.looked_at = "", None, now, now
    file.save(update_fields=["fault", "fault_at", "hashed_at", "looked_at"])
    _note(file, SceneEvent.Kind.RESTORED, by=by)


def _note(file: ProductFile, kind: str, *, by: Actor, **facts: str) -> None:
    """A line in the history of the scene."""
    told = {"product": file.product_id, "file": file.name, **facts}
    SceneEvent.objects.create(scene=file.product.scene, kind=kind, facts=told, **by.columns())

"""The inbox with workers of flesh: children killed again and again, in the middle of whatever they do."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from catalogue.models import Product, ProductFile
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.celery import app
from dinamis.outbox import Promise
from dinamis.storage import INCOMING, forget_unfinished
from orders.models import Arrival, Delivery, Line
from orders.services.delivering import inbox
from orders.services.lines import lines, orders
from tests.catalogue.deliveries import make as make_files
from tests.orders import make

TASKS = "orders.tasks.work_on_"
PATIENCE = 120.0  # seconds for one child that is left alone
LEFT_ALONE = 6  # rounds without a blow: what failed beside a killed one is put off for some seconds


def played(number: int, kills: int) -> dict[str, int]:
    """Drop so many deliveries, kill so many children that take them in; what stands in the end."""
    app.loader.import_default_modules()
    outbox.wake = lambda pk: None  # no broker: the children look for themselves
    folder = Path(settings.INBOX_URL.removeprefix("file://")) / "airbus"
    folder.mkdir(parents=True)
    waiting = _lines(number)
    draw, killed = random.Random(5), 0
    for line in waiting:
        _drop(folder, line)
        inbox.look()
        share = kills * (waiting.index(line) + 1) // number
        while killed < share and _open().exists():
            killed += _one(draw.uniform(0.01, 0.4))
    while killed < kills:
        killed += _one(draw.uniform(0.0, 0.01))
    for _round in range(LEFT_ALONE):
        _one(None)
    forget_unfinished(older_than=timedelta(0))
    return {"killed": killed} | _found(folder)


def _lines(number: int) -> list[Line]:
    """Lines with the supplier, of a requester of the orders that were placed before."""
    owner, desk = (
        User.objects.get(email__startswith="blows-owner"),
        User.objects.get(email__startswith="blows-desk"),
    )
    scene, found = make.scene(), []
    for place in range(number):
        with transaction.atomic():
            quote = make.quote(owner, of=scene, km2=100)
            # The makers' own numbers begin anew in each process.
            order = make.draft(owner, quote, submission=f"dropped-{place}")
            line = orders.submit(order, by=Actor.of(owner)).lines.get()
            line = lines.accept(line, by=Actor.of(desk))
            found.append(lines.place(line, by=Actor.of(desk), supplier_reference=f"SO-{place:04}"))
    return found


def _drop(folder: Path, line: Line) -> None:
    """A complete archive of one scene, of a day of its own, named by our reference."""
    made = folder.parent.parent / "made" / line.reference
    files = make_files(made, identifier=_identifier(line.pk), cloud=7.25)
    shutil.make_archive(str(folder / line.reference), "zip", files.parent)
    (folder / f"{line.reference}.zip.done").touch()


def _identifier(number: int) -> str:
    minute, second = divmod(number, 60)
    return f"DS_PHR1A_20191028{10 + minute // 60:02}{minute % 60:02}{second:02}9_FR1_PX_W053N04_0922_01426"


def _one(after: float | None) -> bool:
    """Let a child work, and kill it so many seconds later, if it lives; say whether it was killed."""
    _lapse()
    connections.close_all()
    child = os.fork()
    if not child:
        _work()
    if after is None:
        return not _ends_within(child, PATIENCE)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _ends_within(child: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _work() -> None:
    """What a worker does, without its broker: claim, keep, next. Ends the process."""
    try:
        while promise := _open().first():
            outbox.keep(promise.pk)
    finally:
        os._exit(0)


def _open() -> Any:
    return Promise.objects.claimable().filter(task__startswith=TASKS)


def _lapse() -> None:
    """As after the three quarters of a minute in which a dead worker's leases end."""
    past = timezone.now() - timedelta(seconds=1)
    ours = Promise.objects.filter(done_at=None, task__startswith=TASKS)
    ours.update(claimed_until=past, due_at=past, attempts=0)
    for model in (Arrival, Delivery):
        model.objects.exclude(claimed_until=None).update(claimed_until=past)


def _found(folder: Path) -> dict[str, int]:
    files = list(ProductFile.objects.all())
    stored = list(_files(Path(default_storage.path(""))))
    of_products = {Path(default_storage.path(file.storage_name)) for file in files}
    sizes = [
        Path(default_storage.path(one.storage_name)).stat().st_size == one.size for one in files
    ]
    done = {path.stem for path in (folder / "done").iterdir()}
    return {
        "published": min(
            Arrival.objects.filter(state="done").count(),
            Delivery.objects.filter(state="published").count(),
        ),
        "delivered": Line.objects.filter(reference__in=done, supply="delivered").count(),
        "products": Product.objects.count(),
        "short": len(sizes) - sum(sizes),
        # Beside the files of each product stand its two pictures, and nothing else.
        "stray": abs(len(set(stored) - of_products) - 2 * Product.objects.count()),
        "incoming": len(list((Path(default_storage.path("")) / INCOMING).iterdir())),
        "done": len(done),
        "staged": len(list(_files(settings.STAGING_DIR))),
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())

"""Bulk ingestion with children of flesh: each begins where the one that was killed before it stopped."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from catalogue.models import Product, ProductFile, Scene
from catalogue.samples.heritage import HeritageScene, make_heritage
from catalogue.services import quicklooks
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.storage import INCOMING, forget_unfinished
from orders.models import Delivery, DeliveryFile
from orders.services.delivering import bulk
from orders.services.delivering.bulk import How

BY = Actor.system("ingest")
FILES = 4  # of a delivery, at least
LATE = 0.2  # seconds
PATIENCE = 120.0  # seconds for the files after which a blow falls
FIRST = datetime(2001, 1, 1, 10, 30, tzinfo=UTC)


def played(shelf: str, number: int, kills: int) -> dict[str, Any]:
    """Make so many deliveries on the shelf, kill so many children that take them in, end, look again.

    A blow falls a moment after some files more were stored: however fast the machine is, all of them
    fall into the first half of the work.
    """
    outbox.wake = lambda pk: None  # no broker: the children do all themselves
    directory = Path(shelf)
    _made(directory, number)
    began, draw, killed = time.monotonic(), random.Random(11), 0
    most = max(2, number * FILES // (2 * kills))
    while killed < kills and _one(directory, draw.randint(0, most), draw.uniform(0.0, LATE)):
        killed += 1
    _lapse()
    last = _command(directory)
    took = time.monotonic() - began
    began = time.monotonic()
    again = _command(directory)
    forget_unfinished(older_than=timedelta(0))
    return {
        "killed": killed,
        "seconds": took,
        "wrong": last["refused"] + last["failed"] + last["waiting"],
        "again": time.monotonic() - began,
        "known_again": again["known"],
        **_found(directory),
    }


def _made(directory: Path, number: int) -> None:
    """Small DIMAP V1 deliveries, each of its own scene and instant."""
    directory.mkdir(parents=True)
    for index in range(number):
        scene = HeritageScene(
            at=FIRST + timedelta(minutes=7 * index),
            grid=f"{index // 500:03d}-{index % 500:03d}",
            pixels=32,
            seed=index + 1,
        )
        half = directory / f".{index:05d}"
        make_heritage(half, scene).rename(directory / f"SWH-{index:05d}")
        half.rmdir()


def _one(directory: Path, files: int, late: float) -> bool:
    """Let a child take in what is left, and kill it `late` seconds after so many files; False when it was done."""
    _lapse()
    connections.close_all()
    child = os.fork()
    if not child:
        _work(directory)
    wanted, until = _stored() + files, time.monotonic() + PATIENCE
    while _stored() < wanted and time.monotonic() < until and not _is_over(child):
        time.sleep(0.02)
    time.sleep(late)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _stored() -> int:
    return DeliveryFile.objects.exclude(storage_name="").count()


def _is_over(child: int) -> bool:
    """True for one that ended by itself; it is left to be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _work(directory: Path) -> None:
    """What the command does. Ends the process."""
    try:
        bulk.run(directory, How(licence="open"), by=BY)
    finally:
        os._exit(0)


def _lapse() -> None:
    """As after the three quarters of a minute in which a dead process's leases end."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.exclude(claimed_until=None).update(claimed_until=past)


def _command(directory: Path) -> dict[str, Any]:
    """The command itself, to its end; what it told."""
    out = StringIO()
    call_command("ingest", str(directory), "--bulk", "--licence", "open", "--json", stdout=out)
    return json.loads(out.getvalue())


def _found(directory: Path) -> dict[str, int]:
    files = list(ProductFile.objects.select_related("product"))
    sources = dict(Delivery.products.through.objects.values_list("product_id", "delivery__source"))
    altered = [
        file
        for file in files
        if Path(default_storage.path(file.storage_name)).read_bytes()
        != (Path(sources[file.product_id]) / file.name).read_bytes()
    ]
    named = {file.storage_name for file in files}
    for product in Product.objects.all():
        named |= {product.quicklook, product.thumbnail}
    for scene in Scene.objects.exclude(quicklook=""):
        named |= {scene.quicklook, quicklooks.thumbnail_name(scene.quicklook)}
    store = Path(default_storage.path(""))
    stored = {path.relative_to(store).as_posix() for path in _files(store)}
    return {
        "deliveries": Delivery.objects.filter(source__startswith=f"{directory}/").count(),
        "published": Delivery.objects.filter(state="published").count(),
        "products": Product.objects.count(),
        "scenes": Scene.objects.count(),
        "altered": len(altered),
        "stray": len(stored - named),
        "incoming": len(list((store / INCOMING).iterdir())) if (store / INCOMING).is_dir() else 0,
        "staged": len(list(_files(settings.STAGING_DIR))),
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())

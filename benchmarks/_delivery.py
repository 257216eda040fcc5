"""Deliveries of real size, one tiled TIFF each; ours in a process of its own, whose memory the kernel counts.

The two ways take turns over fresh files, after the disk has been told to forget them: otherwise
the second would read memory. Both end with the bytes on the disk (`sync` of the copy, as our store does).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np
import rasterio
from django.conf import settings
from rasterio.windows import Window

from benchmarks import Measurement, Scale, at_least, at_most
from benchmarks._disk import forget
from catalogue.dimap.facts import Level
from catalogue.samples.delivery import make_delivery

BYTES = {"small": 500 * 10**6, "full": 15 * 10**9}
ROUNDS = {"small": 3, "full": 1}
MOST_MIB, LEAST_RATIO = 400, 0.7
SCENE = "DS_PHR1A_202109171410285_FR1_PX_W053N04_0908_01377"
BLOCK = 512  # pixels
# What a process with the settings of a worker does: one drop, one look, step by step to the end.
CHILD = """
import json, pathlib, resource, sys, time
import django
django.setup()
from django.utils import timezone
from dinamis.outbox import Promise
from orders import tasks
from orders.models import Arrival, Delivery
from orders.services.delivering import inbox
def peak():
    # Not ru_maxrss: that begins with what the process had that started this one.
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
begun = time.perf_counter()
inbox.look()
while promise := Promise.objects.open().filter(
    task__startswith="orders.tasks.work_on_", due_at__lte=timezone.now()
).first():
    Promise.objects.filter(pk=promise.pk).update(attempts=1)
    getattr(tasks, promise.task.rpartition(".")[2])(*promise.arguments)
    Promise.objects.filter(pk=promise.pk).update(done_at=timezone.now())
seconds = time.perf_counter() - begun
delivery = Delivery.objects.latest("pk")
print(json.dumps({
    "seconds": seconds,
    "state": delivery.state,
    "reason": delivery.reason,
    "size": sum(file.size for file in delivery.files.all() if file.sha256),
    "own_kb": peak(),
    "child_kb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
}))
"""


def run(scale: Scale) -> Iterator[Measurement]:
    store = Path(urlsplit(settings.STORAGE_URL).path)
    store.mkdir(parents=True, exist_ok=True)
    needed = 3 * BYTES[scale]
    if shutil.disk_usage(store).free < needed:
        raise RuntimeError(f"{needed / 1e9:.0f} GB must be free beside {store}")
    # Beside the store: one disk for both.
    with TemporaryDirectory(dir=store.parent, prefix="bench-delivery-") as folder:
        yield from _compared(Path(folder), scale)


def _compared(folder: Path, scale: Scale) -> Iterator[Measurement]:
    made = _made(folder / "made", BYTES[scale])
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    yield Measurement("delivery", size / 1e9, "GB")
    theirs, ours, memory, children = [], [], 0.0, 0.0
    for number in range(ROUNDS[scale]):
        theirs.append(_by_commands(made, folder / "copy"))
        told = _by_inbox(made, folder / f"inbox-{number}")
        if told["state"] not in ("waiting", "published") or told["size"] < size:
            raise RuntimeError(f"the delivery was not taken in: {told}")
        ours.append(told["seconds"])
        memory = max(memory, told["own_kb"] / 1024)
        children = max(children, told["child_kb"] / 1024)
        made = next((folder / f"inbox-{number}" / "bench" / ".taken").glob("*/*"))
        _forget_stored()
    yield Measurement("sha256sum, cp and sync", statistics.median(theirs), "s")
    yield Measurement("taken in by the inbox, pictures too", statistics.median(ours), "s")
    pace = statistics.median(theirs) / statistics.median(ours)
    yield at_least("pace against the two commands", pace, LEAST_RATIO, "")
    yield at_most("memory of the worker", memory, MOST_MIB, "MiB")
    yield at_most("memory of the child that draws", children, MOST_MIB, "MiB")


def _by_commands(root: Path, copy: Path) -> float:
    forget(root)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    begun = time.perf_counter()
    _command("sha256sum", *files)
    _command("cp", "-r", root, copy)
    copied = sorted(path for path in copy.rglob("*") if path.is_file())
    _command("sync", *copied)
    seconds = time.perf_counter() - begun
    shutil.rmtree(copy)
    return seconds


def _command(name: str, *arguments: Path | str) -> None:
    subprocess.run([shutil.which(name) or name, *arguments], check=True, stdout=subprocess.DEVNULL)


def _by_inbox(root: Path, inbox: Path) -> dict[str, float | str]:
    (inbox / "bench").mkdir(parents=True)
    root.rename(inbox / "bench" / "one")
    (inbox / "bench" / "one.done").touch()
    forget(inbox)
    env = os.environ | {"INBOX_URL": f"file://{inbox}"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _forget_stored() -> None:
    """Room for the next round: what is measured is on the disk already."""
    shutil.rmtree(Path(urlsplit(settings.STORAGE_URL).path) / "deliveries", ignore_errors=True)


def _made(folder: Path, size: int) -> Path:
    """A small delivery whose tile is replaced by one of the size wanted, of noise that does not pack.

    It is tiled without overviews, as the heaviest of what comes is.
    """
    root = make_delivery(
        folder,
        identifier=SCENE,
        centre=(-52.3, 4.9),
        level=Level.ORTHO,
        image_format="TIF",
        pixels=512,
    )
    tile = next(root.rglob("IMG_*.TIF"))
    with rasterio.open(tile) as opened:
        profile = opened.profile
    side = BLOCK * max(1, round((size / (2 * profile["count"])) ** 0.5 / BLOCK))
    profile |= {"width": side, "height": side, "compress": None, "bigtiff": "YES", "tiled": True}
    profile |= {"blockxsize": BLOCK, "blockysize": BLOCK, "interleave": "pixel"}
    profile.pop("predictor", None)
    made = np.random.default_rng(7)
    band = made.integers(1, 4095, (profile["count"], BLOCK, side), dtype="uint16")
    tile.unlink()
    with rasterio.open(tile, "w", **profile) as out:
        for row in range(0, side, BLOCK):
            out.write(np.roll(band, row, axis=2), window=Window(0, row, side, BLOCK))
    tile.with_name(f"{tile.name}.aux.xml").unlink(missing_ok=True)
    return root

"""Folders for a moment, each of one process: those of a process that was killed are removed by the next one that asks.

A process holds a lock on its folder, which the kernel lets go however the process ends. So a number that was given to
another process meanwhile deceives nobody, and nothing has to be written down.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KINDS = ("child", "upload", "pdf", "sheet")
YOUNG = 60.0  # seconds: whoever makes a folder has locked it by then
SWEEP_EVERY = 600.0  # seconds between two looks of one process

_swept_at: dict[str, float] = {}  # temporary directory → when this process looked last
_lock = threading.Lock()


@contextmanager
def own(kind: str) -> Iterator[Path]:
    """An empty folder of this process, one of KINDS, which is removed afterwards."""
    parent = tempfile.gettempdir()
    if _is_time(parent):
        sweep(Path(parent))
    folder = Path(tempfile.mkdtemp(prefix=_prefix(kind)))
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # a disk without locks: then nobody sweeps there
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def sweep(parent: Path) -> int:
    """Remove the folders whose process is gone; return how many. Those of other users are left alone."""
    removed = 0
    for kind in KINDS:
        for folder in parent.glob(f"{_prefix(kind)}*"):
            removed += _remove_if_left(folder)
    return removed


def _remove_if_left(folder: Path) -> bool:
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # gone meanwhile, or no folder of ours
        return False
    try:
        found = os.fstat(held)
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < YOUNG:
            return False
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # somebody holds it
        return False
    finally:
        os.close(held)
    return not folder.exists()


def _is_time(parent: str) -> bool:
    """True for the first of this process that comes after the wait."""
    now = time.monotonic()
    with _lock:
        if now - _swept_at.get(parent, -SWEEP_EVERY) < SWEEP_EVERY:
            return False
        _swept_at[parent] = now
        return True


def _prefix(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"no folder is called {kind}")
    return f"dinamis-{kind}-"


def _leave() -> None:
    """In a forked process: whoever held the lock of its parent is not there."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_leave)

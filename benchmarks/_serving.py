"""Web servers of a bench: gunicorn with two processes, whoever answers behind it."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import processes
from tools.environment import PYTHON
from tools.place import Place
from trials.readiness import free_port

READY_WITHIN = 120.0  # seconds
# As `./run up` starts its web process: for all contenders, whose pages a second were now one, now half of it.
WORKERS = ["--workers", "2", "--reuse-port"]
THREADS = ["--worker-class", "gthread", "--threads", "4"]


@contextmanager
def serving(
    name: str, command: Sequence[str | Path], *, env: Mapping[str, str], folder: Path, path: str
) -> Iterator[str]:
    """Start a gunicorn on a port of its own and give its address once `path` is answered."""
    port = free_port()
    rest = ["--bind", f"127.0.0.1:{port}", *WORKERS, "--timeout", "60", "--no-control-socket"]
    if os.access("/dev/shm", os.W_OK):  # noqa: S108  its sign of life, which no slow disk may hold up
        rest += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    with running(name, [*command, *rest], env=env, folder=folder) as child:
        address = f"http://127.0.0.1:{port}"
        await_answer(address + path, child)
        yield address


@contextmanager
def ours(name: str, module: str, *, env: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The application, or another one of Django's in its place."""
    command = [PYTHON, "-m", "gunicorn", module, *THREADS]
    with serving(name, command, env=env, folder=folder, path="/healthz") as address:
        yield address


@contextmanager
def running(
    name: str, command: Sequence[str | Path], *, env: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program with its log in the folder, and end it; its last words are printed in trouble."""
    place = Place(folder).make()
    child = processes.start(place, name, command, env=env)
    try:
        yield child
    except BaseException:
        print(processes.last_words(place, name))
        raise
    finally:
        processes.end(place, name, child)


def await_answer(url: str, child: subprocess.Popen[bytes]) -> None:
    """Raises RuntimeError when the child has died, or answers nothing good in two minutes."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310  ours
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"{url} does not answer")

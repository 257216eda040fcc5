"""Untrusted files are read in a short-lived child process that has little to lose."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dinamis import folders, nests

ROOT = Path(__file__).resolve().parent.parent
ANSWER_MAX = 64 * 1024 * 1024  # bytes: a longer answer is a crash
OUT_OF_MEMORY = 77  # the exit code by which the child says so

# What the child is told of the world: no secret, no network, no proxy, one thread.
BARE_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PROJ_NETWORK": "OFF",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
}
# -I (isolated) leaves out the working directory, so the checkout is named to the child; and the
# packages on the way to a child are made bare, because their real __init__ may bring Django, Celery
# and, with them, settings. No cloud client is needed there: rasterio looks for one, and that is half
# of a child's start; and no Arrow, which pyogrio looks for.
_START = """
import sys, types
sys.modules["boto3"] = sys.modules["pyarrow"] = None
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
"""
_CHILD = "from dinamis.sandbox_child import main\nmain()\n"
_NEST = "from dinamis.sandbox_nest import main\nmain({!r})\n"

log = logging.getLogger(__name__)


class ChildFailed(Exception):
    """The child gave no answer; `reason` is "time", "memory" or "crash"."""

    def __init__(self, reason: str, trace: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.trace = trace


def run_child(
    module: str,
    request: dict,
    *,
    seconds: float,
    memory_mb: int,
    readable: Path | None = None,
    writable: Path | None = None,
    env: Mapping[str, str] | None = None,
    file_mb: int = 64,
) -> dict:
    """Call `module.answer(request)` in a process of its own and return what it returned.

    `module` is a dotted name whose function `answer(request: dict) -> dict` is called; request and
    answer travel as JSON (the answer at most 64 MB, through a file). By custom an answer is either
    {"ok": …} or {"refused": {"code": …, …}}: this function does not look inside.

    It is forked from a process that has imported `module` and read nothing (`dinamis.nests`), or is
    a fresh interpreter where that one has ended. It has a bare environment (no secret of ours) plus
    `env`; it runs in an empty folder of its own, also its TMPDIR and HOME, removed afterwards
    (`dinamis.folders`). It is
    ended after `seconds` of wall time and as many of processor time; it may hold `memory_mb` of
    address space (an interpreter with GDAL and PROJ takes about 400), 64 open files, and write files
    of `file_mb`.
    Where the kernel can (Landlock, network namespaces), it sees only Python, the code of its own
    app and of `dinamis`, its folder, `readable` (a file or folder) and `writable` (a folder it
    may also write in), and no network; elsewhere those two are only a promise, so a child must
    still open nothing but what it is given.

    Raises ChildFailed, with a reason in {"time", "memory", "crash"}, when there is no answer.
    """
    with folders.own("child") as folder:
        limits = {
            "seconds": max(1, int(seconds) + 1),
            "memory": memory_mb * 1024 * 1024,
            "file": max(file_mb * 1024 * 1024, ANSWER_MAX),
            "readable": [str(path.resolve()) for path in (readable,) if path],
            "writable": [str(path.resolve()) for path in (folder, writable) if path],
        }
        message = json.dumps({"module": module, "limits": limits, "request": request})
        return _converse(module, message, folder, seconds, BARE_ENVIRONMENT | dict(env or {}))


def _converse(
    module: str, message: str, folder: Path, seconds: float, environment: dict[str, str]
) -> dict:
    answer, trace = folder / ".answer", folder / ".trace"
    (folder / ".request").write_text(message)
    try:
        try:
            with _opened(folder) as files:
                nest = _start(module, _NEST.format(module))
                code = nests.ask(nest, environment, folder, files, seconds=seconds)
        except nests.Gone:
            log.info("a nest for %s ended; a fresh interpreter is started", module)
            with _opened(folder) as files:
                code = _fresh(module, environment, folder, files, seconds)
    except (nests.OverTime, subprocess.TimeoutExpired) as error:
        raise ChildFailed("time", _tail(trace)) from error
    if code != 0:
        failure = ChildFailed(_reason(code), _tail(trace))
        log.warning("a child ended with %s: %s", code, failure.trace)
        raise failure
    return _read(answer, trace)


@contextmanager
def _opened(folder: Path) -> Iterator[list[BinaryIO]]:
    """The request, and where answer and trace are written: the child's standard files."""
    with (
        (folder / ".request").open("rb") as request,
        (folder / ".answer").open("wb") as answer,
        (folder / ".trace").open("wb") as trace,
    ):
        yield [request, answer, trace]


def _start(module: str, then: str) -> list[str]:
    names = module.split(".")
    packages = {"dinamis", *(".".join(names[:count]) for count in range(1, len(names)))}
    code = _START + then
    return [sys.executable, "-I", "-B", "-X", "utf8", "-c", code, str(ROOT), *sorted(packages)]


def _fresh(
    module: str,
    environment: dict[str, str],
    folder: Path,
    files: list[BinaryIO],
    seconds: float,
) -> int:
    """The exit code of a child in an interpreter of its own. Raises subprocess.TimeoutExpired."""
    request, answer, trace = files
    child = subprocess.Popen(
        _start(module, _CHILD),
        stdin=request,
        stdout=answer,
        stderr=trace,
        cwd=folder,
        env=environment | {"HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        return child.wait(timeout=seconds)
    finally:
        _end(child)


def _end(child: subprocess.Popen) -> None:
    """End the child with whatever it may have started; it leads a session of its own."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reason(returncode: int) -> str:
    if returncode == -signal.SIGXCPU:
        return "time"
    return "memory" if returncode == OUT_OF_MEMORY else "crash"


def _read(answer: Path, trace: Path) -> dict:
    if answer.stat().st_size > ANSWER_MAX:
        raise ChildFailed("crash", "the answer is too long")
    try:
        said = json.loads(answer.read_bytes())
    except ValueError as error:
        raise ChildFailed("crash", _tail(trace)) from error
    if not isinstance(said, dict):
        raise ChildFailed("crash", "the answer is not an object")
    return said


def _tail(trace: Path) -> str:
    with trace.open("rb") as written:
        written.seek(max(0, trace.stat().st_size - 2000))
        return written.read().decode(errors="replace")

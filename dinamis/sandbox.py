"""Untrusted files are read in a short-lived child process that has little to lose."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

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
from dinamis.sandbox_child import main
main()
"""

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
    """Call `module.answer(request)` in a fresh interpreter and return what it returned.

    `module` is a dotted name whose function `answer(request: dict) -> dict` is called; request and
    answer travel as JSON (the answer at most 64 MB, through a file). By custom an answer is either
    {"ok": …} or {"refused": {"code": …, …}}: this function does not look inside.

    The child starts with a bare environment (no secret of ours) plus `env`; it runs in an empty
    folder of its own, also its TMPDIR and HOME, removed afterwards. It is ended after `seconds` of
    wall time and as many of processor time; it may hold `memory_mb` of address space (an
    interpreter with GDAL and PROJ takes about 400), 64 open files, and write files of `file_mb`.
    Where the kernel can (Landlock, network namespaces), it sees only Python, the code of its own
    app and of `dinamis`, its folder, `readable` (a file or folder) and `writable` (a folder it
    may also write in), and no network; elsewhere those two are only a promise, so a child must
    still open nothing but what it is given.

    Raises ChildFailed, with a reason in {"time", "memory", "crash"}, when there is no answer.
    """
    folder = Path(tempfile.mkdtemp(prefix="dinamis-child-"))
    try:
        limits = {
            "seconds": max(1, int(seconds) + 1),
            "memory": memory_mb * 1024 * 1024,
            "file": max(file_mb * 1024 * 1024, ANSWER_MAX),
            "readable": [str(path.resolve()) for path in (readable,) if path],
            "writable": [str(path.resolve()) for path in (folder, writable) if path],
        }
        message = json.dumps({"module": module, "limits": limits, "request": request})
        surroundings = BARE_ENVIRONMENT | {"HOME": str(folder), "TMPDIR": str(folder)}
        return _converse(message, _start(module), folder, seconds, surroundings | dict(env or {}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(module: str) -> list[str]:
    names = module.split(".")
    packages = {"dinamis", *(".".join(names[:count]) for count in range(1, len(names)))}
    return [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(ROOT), *sorted(packages)]


def _converse(
    message: str, start: list[str], folder: Path, seconds: float, environment: dict[str, str]
) -> dict:
    answer, trace = folder / ".answer", folder / ".trace"
    with answer.open("wb") as out, trace.open("wb") as err:
        child = subprocess.Popen(
            start,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            child.communicate(message.encode(), timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ChildFailed("time", _tail(trace)) from error
        finally:
            _end(child)
    if child.returncode != 0:
        failure = ChildFailed(_reason(child.returncode), _tail(trace))
        log.warning("a child ended with %s: %s", child.returncode, failure.trace)
        raise failure
    return _read(answer, trace)


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

"""The locked Python packages in `.venv` and the browser's libraries in `node_modules`."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.place import MEGABYTE, ROOT, Place
from tools.processes import perform
from tools.trouble import Trouble

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.txt"
NODE_MODULES = ROOT / "node_modules"
NODE_FILES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
ROOM = 2500 * MEGABYTE  # what a first installation writes, caches included
ROOM_TO_RUN = 200 * MEGABYTE

# uv reads no pip settings; a site's mirror, certificate or folder of wheels is handed on to it.
_OTHER_INDEXES = {"UV_INDEX", "UV_FIND_LINKS"}
_PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def ensure(place: Place) -> None:
    """Install both sets if they are not what the locks say.

    Development tools are installed too: Node, which brings the browser's libraries, is one.
    Raises Trouble when there is no network or no room; an environment half made is removed.
    """
    python_ready = stamp(VENV) == _python_state() and PYTHON.exists()
    node_ready = stamp(NODE_MODULES) == digest(NODE_FILES)
    check_room(ROOT, ROOM_TO_RUN if python_ready and node_ready else ROOM)
    if not python_ready:
        _install_python(place)
    if not node_ready:
        _install_node(place)


def check_room(folder: Path, needed: int) -> None:
    """Raise Trouble when the disk of a folder has less than this many bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"The disk is nearly full: {free // MEGABYTE} MB are free at {folder} and "
            f"{needed // MEGABYTE} MB are needed. Make room and start again."
        )


def digest(paths: Iterable[Path], *more: str) -> str:
    """Return one SHA-256 over the names and contents of files, and over some words."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    total.update("\0".join(more).encode())
    return total.hexdigest()


def _install_python(place: Place) -> None:
    new = not PYTHON.exists()
    print("Installing the locked Python packages in .venv", flush=True)
    log = place.logs / "environment.log"
    try:
        if new:
            shutil.rmtree(VENV, ignore_errors=True)
            # The base interpreter: a virtual environment may be the one that runs us.
            base = getattr(sys, "_base_executable", None) or sys.executable
            perform("Making .venv", [base, "-m", "venv", VENV], log=log)
        _install_uv(log)
        command = [
            PYTHON,
            "-m",
            "uv",
            "pip",
            "sync",
            "--require-hashes",
            "--compile-bytecode",
            LOCK,
        ]
        _sync(command, _pip_settings(), log)
    except BaseException:
        if new:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    set_stamp(VENV, _python_state())


def apart(name: str, lock: Path, place: Place) -> Path:
    """Return the Python of an environment of its own, `var/NAME`, installed if it is not what the lock says."""
    folder = place.var / name
    python = folder / "bin" / "python"
    state = digest([lock], str(folder), sys.version)
    if python.exists() and stamp(folder) == state:
        return python
    print(f"Installing the locked packages of {folder}", flush=True)
    check_room(place.var, ROOM_TO_RUN)
    shutil.rmtree(folder, ignore_errors=True)
    uv, log = [PYTHON, "-m", "uv"], place.logs / f"{name}.log"
    perform("Making an environment", [*uv, "venv", "-q", "--python", PYTHON, folder], log=log)
    command = [*uv, "pip", "sync", "--require-hashes", "--python", python, lock]
    _sync(command, _pip_settings(), log)
    set_stamp(folder, state)
    return python


def _sync(command: list[str | Path], settings: dict[str, str], log: Path) -> None:
    """Install from the site's main index alone, and only when it lacks something from the others.

    With several indexes uv takes a version from the first that has it, and two of them may hold
    different builds: pyogrio's for old systems has no LIBKML.
    """
    main = {name: value for name, value in settings.items() if name not in _OTHER_INDEXES}
    what, environment = "Installing Python packages", os.environ | {"VIRTUAL_ENV": str(VENV)}
    try:
        perform(what, command, env=environment | main, log=log)
    except Trouble:
        if main == settings:
            raise
        perform(what, command, env=environment | settings, log=log)


def _install_uv(log: Path) -> None:
    """Install the locked uv, which installs everything else ten times faster than pip."""
    lines = LOCK.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith("    --hash"):
        end += 1
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines[start:end]).rstrip("\\ ") + "\n")
        file.flush()
        command = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", file.name]
        perform("Installing uv", command, log=log)


def _pip_settings() -> dict[str, str]:
    """Return this site's pip settings in uv's words; never written anywhere."""
    command = [PYTHON, "-m", "pip", "config", "list"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for line in answer.splitlines():
        key, _, value = line.partition("=")
        name = _PIP_TO_UV.get(key.rpartition(".")[2])
        if name and name not in os.environ:
            words = value.strip("'\"").replace("\\n", " ").split()
            found[name] = ",".join(words) if name == "UV_FIND_LINKS" else " ".join(words)
    # As pip does: the best version of any index. The lock's hashes keep strangers out.
    return found | {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def _install_node(place: Place) -> None:
    print("Installing the browser's libraries in node_modules", flush=True)
    env = os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
    command = [VENV / "bin" / "npm", "ci", "--ignore-scripts", "--no-progress"]
    try:
        perform("npm ci", command, env=env, log=place.logs / "environment.log")
    except BaseException:
        shutil.rmtree(NODE_MODULES, ignore_errors=True)
        raise
    set_stamp(NODE_MODULES, digest(NODE_FILES))


def _python_state() -> str:
    """Return what `.venv` must have been made of: its scripts know where the checkout lay."""
    return digest([LOCK], str(ROOT))


def stamp(folder: Path) -> str | None:
    path = folder / ".dinamis-stamp"
    return path.read_text() if path.exists() else None


def set_stamp(folder: Path, text: str) -> None:
    (folder / ".dinamis-stamp").write_text(text)

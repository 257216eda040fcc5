"""System packages, by the distribution's own manager, and only those that are missing."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from tools.place import Place
from tools.processes import perform
from tools.trouble import Trouble, failed

# The distribution's own names choose the versions: PostgreSQL 15 on Debian 12, 16 on Ubuntu 24.04.
# PostGIS brings GDAL, GEOS and PROJ; without a private PostgreSQL, gdal-bin brings them.
DATABASE = ["postgresql", "postgresql-postgis"]
BROKER = ["redis-server"]
LETTERS = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]
FRONT = ["nginx"]  # what stands before a real site: tried by tests, measured beside
LISTS = Path("/var/lib/apt/lists")
CHROMIUM = Path("/usr/bin/chromium")
# The same engine without the windows, menus and drawing by graphics card that nobody would see.
SHELL = Path("/usr/bin/chromium-headless-shell")


def wanted() -> list[str]:
    """Return the packages that running DINAMIS needs on this machine.

    No server is installed where the environment names a real one.
    """
    database = ["gdal-bin"] if os.environ.get("DATABASE_URL") else DATABASE
    broker = [] if os.environ.get("REDIS_URL") else BROKER
    return [*_python(), *database, *broker, "gettext", *LETTERS]


def wanted_alone() -> list[str]:
    """Return what tests and campaigns need: they use private servers whatever the environment says."""
    return [*_python(), *DATABASE, *BROKER, "gettext", *LETTERS]


def ensure(place: Place, names: Sequence[str]) -> None:
    """Install what is missing of these packages.

    Raises Trouble when there is no apt-get, no right, no network or no room.
    """
    missing = _missing(names)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Trouble(
            f"These system packages are missing: {' '.join(missing)}. This machine has no apt-get "
            "to install them with: install their like, and name real servers by DATABASE_URL and "
            "REDIS_URL (docs/operations.md)."
        )
    root = _as_root(missing)
    print(f"Installing system packages: {' '.join(missing)}", flush=True)
    log = place.logs / "packages.log"
    install = ["install", "-y", "--no-install-recommends", *missing]
    have_lists = any(LISTS.glob("*_Packages*"))
    if not have_lists or _apt(root, install, log):
        # No lists, or older than the archive: once more with new ones.
        unread = _apt(root, ["-o", "APT::Update::Error-Mode=any", "update"], log)
        if refused := _apt(root, install, log):
            raise unread or refused
    if left := _missing(names):
        raise failed(f"Installing {' '.join(left)}", log.read_text(), log)


def browser(place: Place) -> Path:
    """Return the Chromium that the browser tests drive, installed if need be.

    Debian's headless shell does the same with less of the processor's time; where it is not to be had,
    the whole browser will do.

    Raises Trouble where the distribution's Chromium is a snap, which cannot be driven.
    """
    if named := os.environ.get("CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Trouble(f"CHROMIUM={named} is not a program that can be run.")
        return Path(named).absolute()
    if not SHELL.exists() and _is_debian():
        with suppress(Trouble):
            ensure(place, [SHELL.name])
    if SHELL.exists():
        return SHELL
    if not CHROMIUM.exists():
        if platform.freedesktop_os_release().get("ID") == "ubuntu":
            raise Trouble(
                "Ubuntu's Chromium is a snap, which the browser tests cannot drive: install Chromium "
                "or Chrome another way and start again with CHROMIUM=/its/path ./run test."
            )
        ensure(place, ["chromium"])
    return CHROMIUM


def _is_debian() -> bool:
    return platform.freedesktop_os_release().get("ID") == "debian"


def _python() -> list[str]:
    """Another Python than the distribution's has its own venv."""
    return [] if find_spec("ensurepip") else ["python3-venv"]


def _missing(names: Sequence[str]) -> list[str]:
    """Return which packages are not installed; all of them where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        return list(names)
    asked = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in there]


def _apt(root: Sequence[str], arguments: Sequence[str], log: Path) -> Trouble | None:
    """Run apt-get and return what went wrong, or None."""
    command = [*root, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments]
    env = os.environ | {"LC_ALL": "C.UTF-8"}
    try:
        perform("Installing system packages", command, env=env, log=log, cwd=Path("/"))
    except Trouble as trouble:
        return trouble
    return None


def _as_root(missing: Sequence[str]) -> list[str]:
    """Return what to write before apt-get; raises Trouble when we cannot become root."""
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quietly
    if shutil.which("sudo"):
        ask = [] if sys.stdin.isatty() else ["-n"]
        if subprocess.run(["sudo", *ask, "true"], check=False).returncode == 0:
            return ["sudo", "-n", *quietly]
    raise Trouble(
        "System packages are missing and this account may not install them: run "
        f"`apt-get install {' '.join(missing)}` as root, then start again."
    )

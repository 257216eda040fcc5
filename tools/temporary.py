"""Servers of one run, in a folder of the system's own; their database is born migrated, with the reference in it.

Migrating from nothing takes half a minute of a core, loading the reference some seconds, and a test run needs both
many times over: for each worker, for each campaign. So it is done once, on clusters kept in `var/mold`, and the last
of them is copied.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tools import application
from tools.application import Site
from tools.environment import LOCK, digest
from tools.place import ROOT, Place
from tools.processes import perform
from tools.servers import Servers

# The clusters that are kept, and how each is made: the second from the first.
_DEEDS = {
    "migrated": ("Migrating the tests' database", ("migrate", "--noinput")),
    "loaded": ("Loading the tests' reference data", ("load_reference",)),
}


@contextmanager
def temporary(*, durable: bool, bare: bool = False) -> Iterator[Servers]:
    """Start servers of one run and remove them after it; `bare` ones know nothing of our tables."""
    with _folder() as place:
        if not bare:
            _copy(_loaded(Place.usual().make()), place.var / "pg")
        servers = Servers(place, durable=durable, alone=True)
        if not bare:
            application.note_prepared(place, servers)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()


@contextmanager
def _folder() -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="dinamis-run-"))
    folder.chmod(0o755)
    try:
        yield Place(folder).make()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _loaded(place: Place) -> Path:
    """Return a stopped cluster that holds the reference as the source of today says."""
    today = datetime.now(UTC).date()
    return _mold(place, "loaded", digest([], str(today), application.source_state(), _state()))


def _mold(place: Place, name: str, state: str) -> Path:
    """Return a stopped cluster, "migrated" or "loaded", as the source says now; make it if need be.

    Its name is what it was made from. Of two runs that make it at once, one is thrown away.
    """
    mold = place.var / "mold" / f"{name}-{state[:16]}"
    if mold.exists():
        return mold
    with _folder() as draft:
        if name == "loaded":
            _copy(_mold(place, "migrated", _state()), draft.var / "pg")
        servers = Servers(draft, durable=False, alone=True)
        try:
            servers.start()
            env = application.variables(draft, servers, Site(demo=False))
            deed, arguments = _DEEDS[name]
            application.manage(env, *arguments, deed=deed)
        finally:
            servers.stop()
        made = mold.with_name(draft.var.name)
        mold.parent.mkdir(exist_ok=True)
        _copy(draft.var / "pg", made)
    with suppress(OSError):  # another run was there first, with the same
        made.rename(mold)
    for old in {made, *mold.parent.glob(f"{name}-*")} - {mold}:
        shutil.rmtree(old, ignore_errors=True)
    return mold


def _state() -> str:
    """Return a digest of all that decides what migrating makes."""
    migrations = sorted(
        path
        for room in application.ROOMS
        for path in (ROOT / room / "migrations").glob("*")
        if path.is_file()
    )
    own = ("postgresql.py", "temporary.py")
    rest = [LOCK, ROOT / "dinamis" / "settings.py", *(ROOT / "tools" / name for name in own)]
    return digest([*migrations, *rest])


def _copy(cluster: Path, to: Path) -> None:
    """Copy a stopped cluster with its owner, which is not always whoever runs us."""
    perform("Copying the migrated database", ["cp", "-a", "--reflink=auto", cluster, to])

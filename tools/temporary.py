"""Servers of one run, in a folder of the system's own; their database is born migrated.

Migrating from nothing takes half a minute of a core, and a test run needs it many times over: for each
worker, for each campaign. So it is done once, on a cluster kept in `var/mold`, and that one is copied.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools import application
from tools.application import Site
from tools.environment import LOCK, digest
from tools.place import ROOT, Place
from tools.processes import perform
from tools.servers import Servers


@contextmanager
def temporary(*, durable: bool, bare: bool = False) -> Iterator[Servers]:
    """Start servers of one run and remove them after it; `bare` ones know nothing of our tables."""
    with _folder() as place:
        if not bare:
            _copy(_mold(Place.usual().make()), place.var / "pg")
        servers = Servers(place, durable=durable, alone=True)
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


def _mold(place: Place) -> Path:
    """Return a stopped cluster whose database is migrated as the source says now; make it if need be.

    Its name is what it was made from. Of two runs that make it at once, one is thrown away.
    """
    mold = place.var / "mold" / _state()
    if mold.exists():
        return mold
    with _folder() as draft:
        servers = Servers(draft, durable=False, alone=True)
        try:
            servers.start()
            env = application.variables(draft, servers, Site(demo=False))
            application.manage(env, "migrate", "--noinput", deed="Migrating the tests' database")
        finally:
            servers.stop()
        made = mold.with_name(draft.var.name)
        mold.parent.mkdir(exist_ok=True)
        _copy(draft.var / "pg", made)
    with suppress(OSError):  # another run was there first, with the same
        made.rename(mold)
    for other in mold.parent.iterdir():
        if other != mold:
            shutil.rmtree(other, ignore_errors=True)
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
    return digest([*migrations, *rest])[:16]


def _copy(cluster: Path, to: Path) -> None:
    """Copy a stopped cluster with its owner, which is not always whoever runs us."""
    perform("Copying the migrated database", ["cp", "-a", "--reflink=auto", cluster, to])

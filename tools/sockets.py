"""The short private folder where the servers' sockets lie, and the account they run as."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from tools.place import Place
from tools.trouble import Trouble

LONGEST = 107  # bytes of a socket's path that the kernel takes
_TAIL = "/dinamis-xxxxxxxx/postgresql/.s.PGSQL.5432.lock"
Account = tuple[int, int]


def account(preferred: str, data: Path) -> Account | None:
    """Return the (user, group) a server runs as; None when it is simply us.

    As root: the owner of data that exist already, else the package's user, else nobody.
    Raises Trouble when the data belong to somebody else and we are not root.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid():
        if owner not in (None, os.geteuid()):
            raise Trouble(
                f"{data} belongs to {_name(owner)}: start as that user, or as root as it was made."
            )
        return None
    if owner:
        entry = pwd.getpwuid(owner)
        return entry.pw_uid, entry.pw_gid
    for name in (preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise Trouble(f"There is neither a user {preferred} nor nobody to run a server as.")


def check_way(folder: Path, who: Account | None) -> None:
    """Raise Trouble naming the first parent folder that the account may not pass."""
    if who is None:
        return
    for parent in reversed([folder, *folder.parents]):
        if parent.exists() and not may_enter(parent, who):
            raise Trouble(
                f"The servers run as {_name(who[0])}, never as root, and {parent} is closed to that "
                f"user: `chmod o+x {parent}`, or move the checkout, or set DINAMIS_VAR to a folder "
                "that is open on the way."
            )


def may_enter(folder: Path, who: Account) -> bool:
    """Tell whether an account may pass through a folder; asked of the system, access lists included."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        user=who[0],
        group=who[1],
        extra_groups=[],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def own_folder(path: Path, who: Account | None) -> Path:
    """Make a folder that only a server's account may open."""
    path.mkdir(mode=0o700, exist_ok=True)
    if who:
        os.chown(path, *who)
    path.chmod(0o700)
    return path


def folder(place: Place) -> Path:
    """Return the sockets' folder of a place, made anew when the recorded one is not safely ours."""
    known = place.recall("sockets")
    if known and _is_ours(Path(known)):
        return Path(known)
    made = Path(tempfile.mkdtemp(prefix="dinamis-", dir=_short_parent()))
    # Root's servers run as two accounts, each with a closed folder of its own inside.
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    place.remember("sockets", str(made))
    return made


def remove(place: Place) -> None:
    known = place.recall("sockets")
    if known and _is_ours(Path(known)):
        shutil.rmtree(known, ignore_errors=True)
    place.forget("sockets")


def _short_parent() -> Path:
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 (mkdtemp is used below)
        path = Path(parent)
        short = len(os.fsencode(f"{path}{_TAIL}")) <= LONGEST
        if short and os.access(path, os.W_OK | os.X_OK) and _open_to_all(path):
            return path
    raise Trouble(
        "No temporary folder is short enough for a socket and open to the servers: "
        "set TMPDIR to one, such as /tmp."
    )


def _open_to_all(path: Path) -> bool:
    """As root the servers are strangers to a closed TMPDIR; otherwise they are us."""
    return bool(os.geteuid()) or all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents))


def _is_ours(path: Path) -> bool:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    return (
        stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
    )


def _name(user: int | None) -> str:
    try:
        return pwd.getpwuid(user or 0).pw_name
    except KeyError:
        return f"user {user}"

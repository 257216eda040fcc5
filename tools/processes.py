"""Starting, finding again and ending the processes that are ours, and no others."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools.place import MEGABYTE, ROOT, Place
from tools.trouble import failed

SOFT = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Signals = Iterable[tuple[signal.Signals, float]]
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Found:
    """A process by its number and its birth, so that a number used again is not mistaken for it."""

    pid: int
    born: str

    def lives(self) -> bool:
        return birth(self.pid) == self.born

    def tell(self, which: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to it, or to all of its group (it leads its own)."""
        if not self.lives():
            return
        try:
            (os.killpg if group else os.kill)(self.pid, which)
        except ProcessLookupError:
            return

    def end(self, signals: Signals = SOFT) -> None:
        """Ask, wait, then insist: each signal is followed by its patience in seconds."""
        for which, patience in signals:
            self.tell(which, group=which is signal.SIGKILL)
            if self.gone_within(patience):
                return

    def gone_within(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while self.lives():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        return True


def birth(pid: int) -> str | None:
    """Return what tells a living process from any other of the same number, or None."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{_BOOT.read_text().strip()}:{fields[19]}"


def remember(place: Place, name: str, pid: int) -> Found:
    found = Found(pid, birth(pid) or "gone")
    place.remember(f"{name}.pid", {"pid": found.pid, "born": found.born})
    return found


def recall(place: Place, name: str) -> Found | None:
    """Return the process recorded under a name if it still lives."""
    facts = place.recall(f"{name}.pid")
    found = Found(**facts) if facts else None
    return found if found and found.lives() else None


def start(
    place: Place,
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    account: tuple[int, int] | None = None,
    cwd: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, its words in `var/log/<name>.log`, and record it.

    `account` is the (user, group) it runs as when we are root.
    """
    as_whom = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
    with _log(place, name).open("ab") as log:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            **as_whom,
        )
    remember(place, name, child.pid)
    return child


def end(place: Place, name: str, child: subprocess.Popen[bytes], signals: Signals = SOFT) -> None:
    """End a child of ours and forget it."""
    found = Found(child.pid, birth(child.pid) or "gone")
    for which, patience in signals:
        found.tell(which, group=which is signal.SIGKILL)
        try:
            child.wait(patience)
            break
        except subprocess.TimeoutExpired:
            continue
    place.forget(f"{name}.pid")


def last_words(place: Place, name: str, lines: int = 15) -> str:
    """Return the end of a process's log."""
    path = place.logs / f"{name}.log"
    return (
        "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""
    )


def perform(
    deed: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    account: tuple[int, int] | None = None,
    cwd: Path = ROOT,
) -> str:
    """Run a tool to its end and return what it answered, its warnings apart.

    Raises Trouble: `deed` and why it failed. All that it printed is kept in `log`.
    """
    as_whom = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=cwd,
        env=dict(env) if env is not None else None,
        text=True,
        errors="replace",
        check=False,
        **as_whom,
    )
    printed = done.stdout + done.stderr
    if log:
        with log.open("a") as file:
            file.write(f"$ {' '.join(map(str, command))}\n{printed}")
    if done.returncode:
        raise failed(deed, printed, log)
    return done.stdout


def _log(place: Place, name: str) -> Path:
    """Return a log's path; what grew over ten megabytes starts anew, the old one kept once."""
    path = place.logs / f"{name}.log"
    if path.exists() and path.stat().st_size > 10 * MEGABYTE:
        path.replace(path.with_suffix(".log.1"))
    return path


def leave_in_order() -> None:
    """From now on the first signal to end raises SystemExit, and what was started is stopped on the way out.

    What is begun in the background by a shell is given SIGINT ignored; here it counts again.
    """
    for which in ENDINGS:
        signal.signal(which, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    for which in ENDINGS:  # a second one does not cut the stopping short
        signal.signal(which, signal.SIG_IGN)
    raise SystemExit(128 + number)

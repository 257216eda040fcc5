"""Where an installation keeps what it makes: data, sockets, logs, records of what runs."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Place:
    """One installation's folder; `var/` beside the source unless DINAMIS_VAR names another."""

    var: Path

    @classmethod
    def usual(cls) -> "Place":
        return cls(Path(os.environ.get("DINAMIS_VAR") or ROOT / "var").absolute())

    @property
    def records(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def make(self) -> "Place":
        """Make the folders: records and logs are ours alone, the servers pass through the first."""
        self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
        for folder in (self.records, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        return self

    def secret_key(self) -> str:
        """Return this installation's own key, made once and readable by its owner alone."""
        path = self.var / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(60))
        return path.read_text().strip()

    def remember(self, name: str, facts: Any) -> None:
        write_private(self.records / f"{name}.json", json.dumps(facts))

    def recall(self, name: str) -> Any:
        """Return remembered facts, or None; a file cut by a crash counts as nothing."""
        try:
            return json.loads((self.records / f"{name}.json").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def forget(self, name: str) -> None:
        (self.records / f"{name}.json").unlink(missing_ok=True)

    @contextmanager
    def held(self, holder: str, *, patience: float = 0) -> Iterator[None]:
        """Hold the private servers for one use at a time; the kernel lets go when we die.

        `patience` is in seconds. Raises Trouble when somebody else still holds them then.
        """
        with (self.records / "lock").open("a+") as lock:
            deadline = time.monotonic() + patience
            while not _locked(lock.fileno()):
                if time.monotonic() >= deadline:
                    raise Trouble(self._taken())
                time.sleep(0.1)
            self.remember("holder", holder)
            yield

    def holder(self) -> str | None:
        """Return who holds the private servers now ("up", "manage"), or None."""
        if not (self.records / "lock").exists():
            return None
        with (self.records / "lock").open("a+") as lock:
            return None if _locked(lock.fileno()) else self.recall("holder") or "up"

    def _taken(self) -> str:
        if self.recall("holder") == "manage":
            return "A `./run manage` is using the private servers: wait until it has ended."
        return "DINAMIS runs here already: `./run down` stops it."


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file its owner alone may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

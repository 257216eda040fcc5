"""The private servers together: started side by side, waited for, stopped, found again."""

import os
import subprocess
import time

from tools import processes, sockets
from tools.place import Place
from tools.postgresql import PostgreSQL
from tools.redis import Redis
from tools.trouble import Trouble, last_words, meaning

PATIENCE = 60.0  # seconds: a replay of the log after a crash is the longest wait
Server = PostgreSQL | Redis
_VARIABLES = {PostgreSQL: "DATABASE_URL", Redis: "REDIS_URL"}


class Servers:
    """The private servers a place needs: none for which the environment names a real one.

    `alone` disregards the environment: tests and campaigns never touch real servers.
    """

    def __init__(self, place: Place, *, durable: bool = True, alone: bool = False) -> None:
        self.place = place
        self.needed: list[Server] = [
            kind(place, durable=durable)
            for kind, variable in _VARIABLES.items()
            if alone or not os.environ.get(variable)
        ]
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def variables(self) -> dict[str, str]:
        return {_VARIABLES[type(server)]: server.url for server in self.needed}

    def start(self) -> None:
        """Start all side by side and return when all answer; on trouble stop what was started."""
        try:
            for server in self.needed:
                self.children[server.name] = server.start()
            for server in self.needed:
                self._wait(server)
                server.prepare()
        except BaseException:
            self.stop()
            raise

    def end(self, name: str) -> None:
        """End one server, which the others outlive."""
        server = next(server for server in self.needed if server.name == name)
        processes.end(self.place, name, self.children.pop(name), server.signals)

    def start_again(self, name: str) -> None:
        """Start one server anew after it died."""
        server = next(server for server in self.needed if server.name == name)
        self.children[name] = server.start()
        self._wait(server)

    def stop(self) -> None:
        for server in reversed(self.needed):
            if child := self.children.pop(server.name, None):
                processes.end(self.place, server.name, child, server.signals)
        if self.needed:
            sockets.remove(self.place)

    def wait_for_all(self) -> None:
        """Wait for servers somebody else is starting."""
        deadline = time.monotonic() + PATIENCE
        while not all(server.answers() for server in self.needed):
            if time.monotonic() >= deadline:
                raise Trouble("The private servers do not answer: `./run down`, then start again.")
            time.sleep(0.1)

    def _wait(self, server: Server) -> None:
        deadline = time.monotonic() + PATIENCE
        while not server.answers():
            died = self.children[server.name].poll() is not None
            if died or time.monotonic() >= deadline:
                raise _silent(self.place, server.name, died=died)
            time.sleep(0.05)


def end_leftovers(place: Place, names: tuple[str, ...] = ()) -> bool:
    """End what a killed supervisor left running; tell whether there was anything.

    Only what is recorded, and only while number and birth still fit. The caller holds the place.
    """
    signals = {kind.name: kind.signals for kind in _VARIABLES}
    found = False
    for name in (*names, *signals):
        if process := processes.recall(place, name):
            process.end(signals.get(name, processes.SOFT))
            found = True
        place.forget(f"{name}.pid")
    sockets.remove(place)
    return found


def _silent(place: Place, name: str, *, died: bool) -> Trouble:
    words = processes.last_words(place, name)
    log = place.logs / f"{name}.log"
    what = "ended at once" if died else f"did not answer within {PATIENCE:.0f} seconds"
    reason = meaning(words) or last_words(words)
    return Trouble(f"The private {name} {what}: {reason} (all of it: {log}).")

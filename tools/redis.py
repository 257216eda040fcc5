"""A private Redis: Celery's broker and the cache, reached by a socket only."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from tools import processes, sockets
from tools.place import Place

NAME = "redis"
SIGNALS = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))
# Cache keys expire and may be evicted; the broker's never do, so volatile-lru keeps them.
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-lru",
    "appendfsync": "everysec",
    "save": "",
    "daemonize": "no",
    "logfile": "",
}


class Redis:
    """One private server whose append-only file lies under `var/redis`."""

    name = NAME
    signals = SIGNALS

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable
        self.data = place.var / NAME
        self.account = sockets.account(NAME, self.data)

    @property
    def sockets(self) -> Path:
        return sockets.folder(self.place) / NAME

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server; `answers` tells when its file is loaded."""
        sockets.check_way(self.data.parent, self.account)
        sockets.own_folder(self.sockets, self.account)
        sockets.own_folder(self.data, self.account)
        append = "yes" if self.durable else "no"
        options = OPTIONS | {"unixsocket": self.socket, "dir": self.data, "appendonly": append}
        command = ["redis-server"]
        for key, value in options.items():
            command += [f"--{key}", str(value)]
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return processes.start(
            self.place, NAME, command, env=env, account=self.account, cwd=self.data
        )

    def answers(self) -> bool:
        try:
            return self.ask("PING") == "+PONG"
        except OSError:
            return False

    def ask(self, *words: str) -> str:
        """Send one command and return the first line of the answer, as the protocol writes it."""
        parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.socket))
            line.sendall(f"*{len(words)}\r\n{parts}".encode())
            return line.makefile("r", newline="\r\n").readline().strip()

    def prepare(self) -> None:
        """Nothing to make: an empty Redis is ready."""

    def identity(self) -> str:
        return str(self.socket)

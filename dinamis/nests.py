"""Nests, from which children are forked that need no time to import: see `dinamis.sandbox`, which asks for them.

A nest belongs to the process that started it and ends with it, or when it was not asked for two minutes.
"""

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

LAST_WORDS = 5.0  # seconds that a child which was ended has, until it is known to be over

Start = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


class Gone(Exception):
    """The nest ended before it told how the child did."""


class OverTime(Exception):
    """The child took too long, and was ended."""


class _Nest:
    def __init__(self, start: Sequence[str], environment: Mapping[str, str]) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                start,
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=dict(environment),
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """Tell it that nobody will ask any more, by which it ends."""
        self.socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(LAST_WORDS)

    def ask(self, folder: Path, files: Sequence[BinaryIO], seconds: float) -> int:
        """The exit code of a child. Raises Gone, OverTime."""
        channel, theirs = socket.socketpair()
        with channel:
            with theirs:
                sent = [theirs.fileno(), *(file.fileno() for file in files)]
                try:
                    socket.send_fds(
                        self.socket, [json.dumps({"folder": str(folder)}).encode()], sent
                    )
                except OSError as error:
                    raise Gone from error
            until = time.monotonic() + seconds
            if not _can_read(channel, seconds):
                channel.shutdown(socket.SHUT_WR)  # by which the nest ends it
                _can_read(channel, LAST_WORDS)
                raise OverTime
            try:
                told = channel.recv(16)
            except OSError as error:
                raise Gone from error
            if not told:
                raise Gone if time.monotonic() < until else OverTime
            return int(told)


def ask(
    start: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    files: Sequence[BinaryIO],
    *,
    seconds: float,
) -> int:
    """Have a child forked from the nest that `start` makes; its exit code. Raises Gone, OverTime.

    `folder` is the child's own, `files` its standard input, output and error.
    """
    return _of((tuple(start), tuple(sorted(environment.items())))).ask(folder, files, seconds)


_nests: dict[Start, _Nest] = {}
_lock = threading.Lock()


def _of(start: Start) -> _Nest:
    with _lock:
        nest = _nests.get(start)
        if nest is None or not nest.is_alive():
            if nest is not None:
                nest.close()
            nest = _nests[start] = _Nest(start[0], dict(start[1]))
        return nest


def close_all() -> None:
    """At the end of the process, and of a test."""
    with _lock:
        while _nests:
            _nests.popitem()[1].close()


def _can_read(channel: socket.socket, seconds: float) -> bool:
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


def _leave() -> None:
    """In a forked process: the nests are its parent's, who alone may keep them alive."""
    global _lock
    _lock = threading.Lock()
    for nest in _nests.values():
        with contextlib.suppress(OSError):
            nest.socket.close()
    _nests.clear()


os.register_at_fork(after_in_child=_leave)
atexit.register(close_all)

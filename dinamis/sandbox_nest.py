"""The process from which children of `dinamis.sandbox` are forked: it has imported what they need, and read nothing.

Started by `dinamis.nests`, with a socket as its standard input. Each message on it asks for one child: {folder},
with four files beside it: the child's channel, its request, where its answer and its trace go. The channel
gives the child's exit code when it is over; closed before, it ends the child. Nothing of Django is imported.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import NoReturn

IDLE = 120.0  # seconds after which a nest without children ends
MESSAGE_MAX = 64 * 1024
FILES = 4


class Nest:
    """The socket that children are asked by, and the channel of each that is alive, by its number."""

    def __init__(self, asked: socket.socket) -> None:
        self.asked = asked
        self.channels: dict[int, socket.socket] = {}
        self.woken, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_signal: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until nobody asks any more: the asker is gone, or says nothing for two minutes."""
        while ready := self._wait():
            if self.asked.fileno() in ready and not self._begin():
                break
            if self.woken in ready:
                self._tell_ends()
            for number, channel in [*self.channels.items()]:
                if channel.fileno() in ready:
                    _end(number)
        for number in self.channels:
            _end(number)

    def _wait(self) -> set[int]:
        poll = select.poll()
        for file in (self.asked.fileno(), self.woken):
            poll.register(file, select.POLLIN)
        for channel in self.channels.values():
            poll.register(channel.fileno(), select.POLLIN | select.POLLRDHUP)
        patience = None if self.channels else IDLE * 1000
        return {file for file, _event in poll.poll(patience)}

    def _begin(self) -> bool:
        """Fork the child that is asked for; False when the asker is gone."""
        message, files, _flags, _from = socket.recv_fds(self.asked, MESSAGE_MAX, FILES)
        if not message:
            return False
        number = os.fork()
        if not number:
            self._become(json.loads(message), files)
        self.channels[number] = socket.socket(fileno=files[0])
        for file in files[1:]:
            os.close(file)
        return True

    def _become(self, message: dict, files: list[int]) -> NoReturn:
        """In the child: keep nothing of the nest, then do what a fresh interpreter would."""
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number, file in enumerate(files[1:]):
                os.dup2(file, number)
            kept = [self.asked, *self.channels.values()]
            for file in {*files, self.woken, self.wake, *(one.fileno() for one in kept)} - {
                0,
                1,
                2,
            }:
                os.close(file)
            os.chdir(message["folder"])
            os.environ |= {"HOME": message["folder"], "TMPDIR": message["folder"]}
            importlib.import_module("dinamis.sandbox_child").main()
        except BaseException:  # noqa: BLE001  whatever it is: the child ends here, its trace is kept
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os._exit(1)

    def _tell_ends(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self.woken, 512):
                pass
        while self.channels:
            number, status = os.waitpid(-1, os.WNOHANG)
            if not number:
                return
            channel = self.channels.pop(number)
            with contextlib.suppress(OSError):
                channel.send(b"%d" % os.waitstatus_to_exitcode(status))
            channel.close()


def _end(number: int) -> None:
    """End a child with whatever it may have started; it leads a session of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)


def main(module: str) -> None:
    asked = socket.socket(fileno=os.dup(0))
    importlib.import_module("dinamis.sandbox_child")
    importlib.import_module(module)
    # What is imported is never garbage: the children share its pages with the nest as long as nobody looks.
    gc.collect()
    gc.freeze()
    Nest(asked).serve()

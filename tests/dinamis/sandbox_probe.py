"""A child that tries, on request, what a hostile file would make a reader do."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path


def answer(request):
    return {"ok": globals()[request["do"]](request)}


def echo(request):
    sys.stdout.write("a library that talks\n")
    sys.stdout.flush()
    return request["words"]


def look_around(request):
    modules = [name for name in sys.modules if name.startswith(("django", "celery"))]
    return {"environment": sorted(os.environ), "modules": modules, "folder": os.getcwd()}


def where(request):
    files = [os.readlink(f"/proc/self/fd/{file}") for file in range(3, 64) if _is_open(file)]
    return {"process": os.getpid(), "nest": os.getppid(), "files": files}


def _is_open(file):
    try:
        os.fstat(file)
    except OSError:
        return False
    return True


def read(request):
    return Path(request["path"]).read_text()


def write(request):
    return Path(request["path"]).write_text("written")


def call(request):
    socket.create_connection(("127.0.0.1", request["port"]), timeout=2)


def kernel_can_hide_files(request):
    """Whether this kernel has Landlock: asking for its version takes nothing away."""
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0


def kernel_can_part_networks(request):
    """Whether a process may enter a network of its own, as root or through a user namespace."""
    libc = ctypes.CDLL(None)
    return libc.unshare(0x40000000) == 0 or libc.unshare(0x50000000) == 0


def spin(request):
    while True:
        pass


def wait(request):
    time.sleep(60)


def linger(request):
    path = Path(request["path"])
    if not path.exists():
        path.touch()
        time.sleep(30)
    return "over"


def hoard(request):
    return len(bytearray(2_000_000_000))


def abort(request):
    os.abort()


def fail(request):
    raise ValueError("as asked")


def fill(request):
    with open("large", "wb") as file:
        for _megabyte in range(request["megabytes"]):
            file.write(bytes(1024 * 1024))


def start_another(request):
    os.chdir(request["folder"])
    subprocess.run(["/bin/sh", "-c", "sleep 30 & echo $! > pid; sleep 30"], check=True)

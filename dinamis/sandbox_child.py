"""The child's side of `dinamis.sandbox`: give up rights first, import and answer afterwards."""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

OUT_OF_MEMORY = 77  # as in dinamis.sandbox, which is not imported here: less code, fewer rights

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# Landlock (Linux 5.13 and later), as in linux/landlock.h and its manual, landlock(7).
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIR, _TRUNCATE, _REFER = 1 << 0, 1 << 2, 1 << 3, 1 << 14, 1 << 13
_FIRST_VERSION = (1 << 13) - 1  # the thirteen rights that version 1 knows
_FILE_RIGHTS = _EXECUTE | _READ_FILE | (1 << 1) | _TRUNCATE  # a rule on a file takes no others
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
    "/dev/null", "/dev/urandom", "/dev/random",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip


class _Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def main() -> None:
    """Read {module, limits, request} on stdin, call the module, write its answer on stdout."""
    message = json.loads(sys.stdin.buffer.read())
    # A library that prints must not spoil the answer: its words go to the trace.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        give_up_rights(message["module"], message["limits"])
        module = importlib.import_module(message["module"])
        out.write(json.dumps(module.answer(message["request"])).encode())
        out.close()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    # Nothing is left to do that matters, and a hostile file may have spoilt the way out.
    os._exit(0)


def give_up_rights(module: str, limits: dict) -> None:
    """Take the limits of `dinamis.sandbox.run_child`; none can be taken back."""
    seconds = limits["seconds"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"], limits["file"]))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Both are a second wall: a kernel without them leaves the first (drivers, checked names).
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    root = Path(__file__).resolve().parent.parent
    code = {root / "dinamis", root / module.partition(".")[0]}
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    confine(libc, {*_SYSTEM, *map(str, code), *python, *limits["readable"]}, limits["writable"])


def confine(libc: ctypes.CDLL, readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Leave the process only these files and folders; False where the kernel has no Landlock."""
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = _FIRST_VERSION | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    asked = _Ruleset(handled)
    size = ctypes.c_size_t(ctypes.sizeof(asked))
    rules = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(asked), size, 0)
    for path in readable:
        _allow(libc, rules, path, (_EXECUTE | _READ_FILE | _READ_DIR) & handled)
    for path in writable:
        _allow(libc, rules, path, handled & ~_EXECUTE)
    done = libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return done


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    if not os.path.exists(path):
        return
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    rule = _PathRule(rights, fd)
    libc.syscall(_LANDLOCK_ADD_RULE, rules, 1, ctypes.byref(rule), 0)
    os.close(fd)

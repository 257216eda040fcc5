"""What goes wrong on a machine, told in one clear sentence."""

import errno
import re
from pathlib import Path

# What the tools underneath print, and what it means to the reader. The first that fits is told.
_MEANINGS = {
    "the disk is full": ("No space left on device", "ENOSPC", "not enough free space"),
    "the network cannot be reached": (
        "Temporary failure in name resolution",
        "Temporary failure resolving",
        "Could not resolve",
        "Name or service not known",
        "failed to lookup",
        "dns error",
        "Network is unreachable",
        "Failed to establish a new connection",
        "error sending request",
        "Cannot initiate the connection",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
    ),
    "this account may not install system packages": (
        "are you root",
        "a password is required",
        "a terminal is required",
        "not in the sudoers",
        "not allowed to execute",
    ),
    "the package manager is busy or was interrupted": (
        "Could not get lock",
        "dpkg was interrupted",
    ),
    "a package is not the locked one": (
        "hash mismatch",
        "hashes do not match",
        "PACKAGES DO NOT MATCH",
    ),
}


# "django.db.utils.IntegrityError: …", "CommandError: …", "E: …", "FATAL: …": details may follow it.
_NAMED = re.compile(r"(^|\s)([\w.]*(Error|Exception|Refused|Improper\w*)|E|FATAL|fatal|error): ")


class Trouble(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do."""


def meaning(output: str) -> str | None:
    """Return what a tool's output means, or None when it says nothing known."""
    said = output.lower()
    for words, signs in _MEANINGS.items():
        if any(sign.lower() in said for sign in signs):
            return words
    return None


def failed(deed: str, output: str, log: Path | None = None) -> Trouble:
    """Return the sentence for a deed that failed, from what its tool printed."""
    reason = meaning(output) or last_words(output)
    more = f" (all of it: {log})" if log else ""
    return Trouble(f"{deed} failed: {reason.rstrip('.')}{more}.")


def last_words(output: str) -> str:
    """Return the last line that names an error, or simply the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if _NAMED.search(line)]
    return (named or lines or ["it said nothing"])[-1][:300]


def of_system(error: OSError) -> Trouble:
    """Return the sentence for an error of the operating system."""
    where = f" at {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"The disk is full{where}: make room and start again.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble(f"This account may not write or enter{where}: {error.strerror}.")
    if error.errno == errno.EROFS:
        return Trouble(f"The file system is read-only{where}: use a writable checkout.")
    return Trouble(f"The system refused{where}: {error.strerror or error}.")

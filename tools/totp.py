"""The digits an app on a telephone shows (RFC 6238), for scripts that sign in to a demonstration."""

import base64
import hmac
import struct
import time

PERIOD = 30  # seconds


def code(secret: str, *, left: float = 2) -> str:
    """The six digits of a base32 secret, with `left` seconds at least for typing them."""
    remaining = PERIOD - time.time() % PERIOD
    if remaining < left:
        time.sleep(remaining)
    counter = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

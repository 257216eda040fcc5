"""Asking a provider: within a time and a size, and only at the address that was set up."""

import time
from typing import Any

import requests

TIMEOUT = 5.0  # seconds for a connection, and between two pieces of an answer
LONGEST_ANSWER = 10.0  # seconds for the whole of it, however slowly it drips
MAX_ANSWER = 4 * 1024 * 1024  # bytes
PIECE = 64 * 1024


class Bounded(requests.Session):
    """A session of requests whose answers are read to the end at once, within the limits above."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        options |= {"timeout": TIMEOUT, "stream": True, "allow_redirects": False}
        began = time.monotonic()
        response = super().request(method, url, **options)
        pieces, size = [], 0
        with response:
            for piece in response.iter_content(PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > MAX_ANSWER:
                    raise requests.exceptions.ContentDecodingError("the answer is too long")
                if time.monotonic() - began > LONGEST_ANSWER:
                    raise requests.exceptions.ReadTimeout("the answer takes too long")
        response._content = b"".join(pieces)
        if response.status_code >= 500:
            response.raise_for_status()  # away, whatever it was asked
        return response

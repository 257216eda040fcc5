"""How often a program may ask: DRF's rates, counted by one step in Redis.

DRF itself reads the instants of all requests of the window, adds one and writes them back: two ways there and
back for each request, and of two that come together one is not counted.
"""

import time
from typing import Any

from rest_framework import throttling

from dinamis import limits


class Counted(throttling.SimpleRateThrottle):
    """The window is fixed: it begins at round numbers of its length."""

    def allow_request(self, request: Any, view: Any) -> bool:
        who = self.get_cache_key(request, view) if self.rate else None
        if who is None:
            return True
        window = int(time.time() // self.duration)
        # The window is part of the name: one that never expired would limit nobody later.
        counted = limits.count("api", f"{who} {window}", seconds=self.duration)
        return counted <= self.num_requests

    def wait(self) -> float:
        """Seconds until the next window, for `Retry-After`."""
        return self.duration - time.time() % self.duration


class AnonRate(Counted, throttling.AnonRateThrottle):
    """Who asks without a key or session, by address: API_RATE_ANONYMOUS."""


class UserRate(Counted, throttling.UserRateThrottle):
    """A person, by whatever key or session: API_RATE_USER."""

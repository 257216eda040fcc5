"""What `./run bench` measures: one module a name, with `run(scale)` yielding measurements.

A module may say `NEEDS`: "nothing" (the default), "reference" or "demo": the application on
private servers of the run's own, migrated, with reference data, and with the demonstration.
"""

import math
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tools.servers import Servers

Scale = Literal["small", "full"]

# The private servers of the run, for what has to be measured after a start.
servers: ContextVar["Servers"] = ContextVar("servers")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure, what was promised of it in words, and whether that holds."""

    name: str
    value: float
    unit: str
    goal: str = ""
    holds: bool = True


def at_most(name: str, value: float, limit: float, unit: str) -> Measurement:
    return Measurement(name, value, unit, f"at most {limit:g}", value <= limit)


def at_least(name: str, value: float, limit: float, unit: str) -> Measurement:
    return Measurement(name, value, unit, f"at least {limit:g}", value >= limit)


def exactly(name: str, value: float, expected: float, unit: str) -> Measurement:
    return Measurement(name, value, unit, f"exactly {expected:g}", value == expected)


def p95(times: list[float]) -> float:
    """That which one in twenty exceeds."""
    return sorted(times)[max(0, math.ceil(0.95 * len(times)) - 1)]

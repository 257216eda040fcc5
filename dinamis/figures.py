"""Figures of the database for /metrics: each room registers what is worth watching, asked when it is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge, generate_latest


@dataclass(frozen=True, slots=True)
class Figure:
    """One gauge: its name and its words for Prometheus, its value now, its labels."""

    name: str
    words: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


_sources: dict[str, Callable[[], Iterable[Figure]]] = {}


def register(source: Callable[[], Iterable[Figure]]) -> None:
    """Add a source of figures, or replace the one of the same module and name."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source


def text() -> str:
    """The figures as Prometheus reads them. Like all of /metrics, the same from every process."""
    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for source in _sources.values():
        for one in source():
            names = [name for name, _value in one.labels]
            if one.name not in gauges:
                gauges[one.name] = Gauge(one.name, one.words, names, registry=registry)
            gauge = gauges[one.name]
            (gauge.labels(**dict(one.labels)) if names else gauge).set(one.value)
    return generate_latest(registry).decode()

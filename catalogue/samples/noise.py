"""Smooth noise tied to the ground: the same place looks the same whatever picture shows it."""

import numpy as np


def lattice(x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    """A value in [0, 1) for each whole number pair of the outer product y × x."""
    with np.errstate(over="ignore"):
        h = y.astype(np.int64).astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
        h = h ^ (x.astype(np.int64).astype(np.uint64)[None, :] * np.uint64(0xC2B2AE3D27D4EB4F))
        h ^= np.uint64(seed * 0x165667B19E3779F9 & 0xFFFFFFFFFFFFFFFF)
        h ^= h >> np.uint64(33)
        h = h * np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(33)
        h = h * np.uint64(0xC4CEB9FE1A85EC53)
        h ^= h >> np.uint64(33)
    return (h >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _weights(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lattice points spanned by `at`, and the matrix that interpolates between them."""
    low = np.floor(at).astype(int)
    points = np.arange(low.min(), low.max() + 2)
    share = at - low
    share = share**3 * (share * (share * 6 - 15) + 10)
    matrix = np.zeros((at.size, points.size), dtype=np.float32)
    rows = np.arange(at.size)
    matrix[rows, low - points[0]] = 1 - share
    matrix[rows, low - points[0] + 1] += share
    return points, matrix


def value(x: np.ndarray, y: np.ndarray, period: float, seed: int) -> np.ndarray:
    """One octave on the grid y × x (same unit as `period`), about [-1, 1]."""
    columns, across = _weights(x / period)
    rows, down = _weights(y / period)
    return (down @ (lattice(columns, rows, seed) * 2 - 1).astype(np.float32)) @ across.T


def fractal(
    x: np.ndarray,
    y: np.ndarray,
    period: float,
    seed: int,
    *,
    octaves: int = 6,
    gain: float = 0.5,
    ridged: bool = False,
) -> np.ndarray:
    """Octaves added, each half as wide and `gain` times as strong; about [-1, 1]."""
    total = np.zeros((y.size, x.size), dtype=np.float32)
    strength, sum_ = 1.0, 0.0
    for octave in range(octaves):
        # Lattices of different octaves must not share their knots.
        shift = 0.37 * period * (octave + 1)
        layer = value(x + shift, y - shift, period, seed + 101 * octave)
        total += strength * (1 - 2 * np.abs(layer) if ridged else layer)
        sum_ += strength
        strength *= gain
        period /= 2
    return total / sum_


def smooth(low: float, high: float, value_: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, an S between them."""
    share = np.clip((value_ - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)

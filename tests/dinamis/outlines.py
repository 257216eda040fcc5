"""Outlines that tests draw: detailed, jagged, crossing."""

import math
import random

import shapely


def star(points: int, *, lon: float = 2, lat: float = 48, radius: float = 0.1, roughness: float):
    """A valid outline around a centre, its radius varying at random by `roughness`."""
    chance = random.Random(1)
    turns = (2 * math.pi * number / points for number in range(points))
    return shapely.Polygon(
        [
            (lon + reach * math.cos(turn), lat + reach * math.sin(turn))
            for turn in turns
            for reach in [radius * (1 + roughness * chance.random())]
        ]
    )


def comb(teeth: int, *, turned: bool = False):
    """A valid comb in the unit square; two of them, one turned, cross teeth² times and more."""
    points = [(0, 0)]
    for number in range(teeth):
        left, right = number / teeth, (number + 0.4) / teeth
        points += [(left, 0.01), (left, 1), (right, 1), (right, 0.01)]
    points += [(1, 0.01), (1, 0)]
    return shapely.Polygon([(y, x) for x, y in points] if turned else points)


def tangle(points: int, seed: int = 1) -> list[list[float]]:
    """A ring of random points, which crosses itself about points²/6 times."""
    chance = random.Random(seed)
    ring = [[2 + chance.random(), 48 + chance.random()] for _point in range(points)]
    return [*ring, ring[0]]

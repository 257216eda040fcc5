"""`./run bench` and `./run trial`: the measuring itself is done by the package benchmarks."""

import os
import sys
from contextlib import redirect_stdout
from typing import NoReturn

from tools import environment, packages
from tools.environment import PYTHON, VENV
from tools.place import ROOT, Place


def bench(arguments: list[str]) -> int:
    """Measure; 1 when a goal does not hold."""
    return _measure(["benchmarks", *arguments])


def trial(arguments: list[str]) -> int:
    """Run campaigns; 1 when a promise does not hold."""
    return _measure(["trials", *arguments])


def _measure(arguments: list[str]) -> NoReturn:
    place = Place.usual().make()
    with redirect_stdout(sys.stderr):  # the figures may be read by a program
        packages.ensure(place, packages.wanted_alone())
        environment.ensure(place)
    env = os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
    os.chdir(ROOT)
    # In our place, not below us: a signal to end reaches who has servers to stop, and nobody cuts that short.
    os.execve(PYTHON, [str(PYTHON), "-m", "benchmarks", *arguments], env)  # noqa: S606

"""A plugin of pytest's: which tests a parallel worker takes together.

Loaded by `-p`. A file is one piece of work, for its tests share what they begin with; but one that takes a worker
minutes is cut, so that at the end nobody waits for it alone.
"""

import zlib

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling

# Files to cut → into how many pieces. All tests of one parameter stay together: they ask the same of one world.
CUT = {"tests/test_routes.py": 3}


def piece_of(nodeid: str) -> str:
    """The piece of work that a test belongs to: its file, and of a file that is cut which part."""
    file, _colons, test = nodeid.partition("::")
    _name, bracket, parameter = test.partition("[")
    pieces = CUT.get(file, 1)
    return f"{file} {zlib.crc32(parameter.encode()) % pieces if bracket else 0}"


class SharedOut(LoadFileScheduling):
    """By file, but for those that are cut; the pieces with most tests first."""

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    return SharedOut(config, log) if config.getvalue("dist") == "loadfile" else None

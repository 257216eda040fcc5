"""A plugin of pytest's: which tests each of the parallel workers takes together, and in what order.

Loaded by `-p`. A file is one piece of work, for its tests share what they begin with; but a file that takes a worker
minutes is cut, so that at the end nobody waits for it alone, and what takes long is begun first.
"""

import zlib

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling

# Files to cut → into how many pieces. All tests of one parameter stay together: they ask the same of one world.
CUT = {"tests/test_routes.py": 3}


class SharedOut(LoadFileScheduling):
    """By file, but for those that are cut."""

    def _split_scope(self, nodeid: str) -> str:
        file, _colons, test = nodeid.partition("::")
        pieces = CUT.get(file, 1)
        _name, bracket, parameter = test.partition("[")
        return f"{file} {zlib.crc32(parameter.encode()) % pieces}" if bracket else f"{file} 0"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    return SharedOut(config, log) if config.getvalue("dist") == "loadfile" else None

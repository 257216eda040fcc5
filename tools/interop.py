"""`./run interop`: judges and clients of STAC that nobody here wrote, before a running site of its own.

Those whose pins clash with ours have their own lock and their own environment, `var/interop`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import environment, packages
from tools.environment import PYTHON, VENV
from tools.place import ROOT, Place
from tools.trouble import Trouble

LOCK = ROOT / "requirements-interop.txt"


def interop(arguments: list[str]) -> int:
    """Ask all of them; 1 when one is not content."""
    if arguments:
        raise Trouble("`./run interop` takes no arguments.")
    place = Place.usual().make()
    packages.ensure(place, packages.wanted_alone())
    environment.ensure(place)
    apart = _ensure(place)
    env = os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
    command = [str(PYTHON), "-m", "trials._interop", str(apart)]
    return subprocess.call(command, cwd=ROOT, env=env)


def _ensure(place: Place) -> Path:
    """The Python of the judges apart, installed from their lock if it is not what the lock says."""
    folder = place.var / "interop"
    python = folder / "bin" / "python"
    state = environment.digest([LOCK], str(folder), sys.version)
    if python.exists() and environment.stamp(folder) == state:
        return python
    print(f"Installing the judges apart in {folder}", flush=True)
    environment.check_room(place.var, environment.ROOM_TO_RUN)
    shutil.rmtree(folder, ignore_errors=True)
    environment.install_apart(folder, LOCK, place.logs / "interop.log")
    environment.set_stamp(folder, state)
    return python

"""`./run interop`: judges and clients of STAC that nobody here wrote, before a running site of its own.

Those whose pins clash with ours have their own lock and their own environment, `var/interop`.
"""

import os
import subprocess

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
    apart = environment.apart("interop", LOCK, place)
    env = os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
    command = [str(PYTHON), "-m", "trials._interop", str(apart)]
    return subprocess.call(command, cwd=ROOT, env=env)

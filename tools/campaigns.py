"""Every campaign in its small form, as `./run test` runs them: what a clock decides alone, the rest two at a time."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tools.environment import PYTHON, VENV
from tools.place import ROOT

# It compares milliseconds, and nothing else may take a core meanwhile.
ALONE = ("sign_in_times",)
# Begun first: two cores are idle least when the longest does not come last.
LONG = ("year", "readiness", "killed", "season")


def run_small() -> int:
    """Run each on servers of its own; 1 when a promise does not hold."""
    codes = [_run(name) for name in ALONE]
    with ThreadPoolExecutor(2) as pool:
        codes += pool.map(_run, _others())
    return 0 if not any(codes) else 1


def _others() -> list[str]:
    found = {path.stem for path in (ROOT / "trials").glob("[a-z]*.py")}
    return [*LONG, *sorted(found - {*ALONE, *LONG})]


def _run(name: str) -> int:
    """Run one and print what it said in one piece, so that two do not mix."""
    start = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), "-m", "benchmarks", "trials", name, "--small"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    print(f"{done.stdout.rstrip()}\n  ({time.monotonic() - start:.1f} s)", flush=True)
    return done.returncode

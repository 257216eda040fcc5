"""Every campaign in its small form, as `./run test` runs them: what a clock decides alone, the rest side by side."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tools.environment import PYTHON, VENV
from tools.place import ROOT

# It compares milliseconds, and nothing else may take a core meanwhile.
ALONE = ("sign_in_times",)
# They wait for leases, losses and one another: one more than there are cores keeps those busy.
TOGETHER = 1 + min(os.cpu_count() or 1, 3)
# Begun first: two cores are idle least when the longest does not come last.
LONG = ("year", "readiness", "killed", "season")


def run_small() -> int:
    """Run each on servers of its own; 1 when a promise does not hold."""
    codes = [_run(name) for name in ALONE]
    with ThreadPoolExecutor(TOGETHER) as pool:
        codes += pool.map(_run, _others())
    return 0 if not any(codes) else 1


def _others() -> list[str]:
    found = {path.stem for path in (ROOT / "trials").glob("[a-z]*.py")}
    return [*LONG, *sorted(found - {*ALONE, *LONG})]


def _run(name: str) -> int:
    """Run one and print what it said in one piece, so that they do not mix."""
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

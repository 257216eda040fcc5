"""`./run test`: every check, every test, every campaign in its small form, on servers of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import application, campaigns, check, environment, packages
from tools.environment import PYTHON, VENV
from tools.place import ROOT, Place
from tools.postgresql import DATABASE
from tools.servers import Servers
from tools.temporary import temporary

BROWSER = ROOT / "tests" / "browser"
# What a developer's or a real site's environment holds has no place in a test.
_FOREIGN = (
    "ALLOWED_HOSTS", "DEMO", "DEMO_INSIST", "EMAIL_URL", "METRICS_TOKEN", "PYTEST_ADDOPTS",
    "SECRET_KEY_FALLBACKS", "SITE_NAME", "SITE_URL", "TRUSTED_PROXY_COUNT", "X_ACCEL_PREFIX",
)  # fmt: skip

PLUGINS = ("-p", "tools.isolation", "-p", "tools.sharing")
# A worker waits for PostgreSQL, for other processes and for clocks: one more than there are cores keeps those busy.
# (Two more were slower: each first reads eight thousand tests.)
WORKERS = str(min(1 + (os.cpu_count() or 1), 8))
BROWSERS = str(min(1 + (os.cpu_count() or 1), 4))

# A run starts some sixty Pythons; each would compile the whole application anew.
BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Outcome:
    name: str
    holds: bool
    seconds: float
    closing: str


def test(arguments: list[str]) -> int:
    """Run everything, or with arguments only what they name to pytest; 1 on any failure."""
    place = Place.usual().make()
    chromium = packages.browser(place)
    packages.ensure(place, [*packages.wanted_alone(), *packages.FRONT])
    environment.ensure(place)
    application.compile_messages()
    with temporary(durable=False) as servers:
        env = variables(servers, chromium)
        if arguments:
            return _pytest(_with_workers(arguments), env)[0]
        return _everything(env)


def variables(servers: Servers, chromium: Path) -> dict[str, str]:
    """Return the environment of the tests: nothing real, nothing of this machine's."""
    dropped = {*_FOREIGN, BYTECODE}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return kept | servers.variables() | {
        "TESTING": "1",
        "SECRET_KEY": "a key for tests alone, which never leaves them; it is long enough",
        "STORAGE_URL": f"file://{servers.place.var / 'storage'}",
        "DJANGO_SETTINGS_MODULE": "dinamis.settings",
        "CHROMIUM": str(chromium),
        "TEST_TEMPLATE": DATABASE,
        "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}",
    }  # fmt: skip


def _everything(env: Mapping[str, str]) -> int:
    outcomes = [
        _timed("checks", lambda: (0 if check.run_all() else 1, "")),
        _timed(
            "tests",
            lambda: _pytest(["-n", WORKERS, "--dist", "loadfile", f"--ignore={BROWSER}"], env),
        ),
    ]
    if any(BROWSER.glob("**/test_*.py")):
        # A few walks are minutes long: they come first, and whoever has finished takes one test more.
        one_by_one = ["--dist", "load", "--maxschedchunk", "1"]
        outcomes.append(
            _timed("browser", lambda: _pytest(["-n", BROWSERS, *one_by_one, str(BROWSER)], env))
        )
    outcomes.append(_timed("campaigns", lambda: (campaigns.run_small(), "")))
    print("\nThe whole run:")
    for outcome in outcomes:
        word = "ok    " if outcome.holds else "FAILED"
        print(f"{word} {outcome.name:10} {outcome.seconds:6.1f} s  {outcome.closing}".rstrip())
    sys.stdout.flush()
    return 0 if all(outcome.holds for outcome in outcomes) else 1


def _timed(name: str, work: Callable[[], tuple[int, str]]) -> Outcome:
    print(f"\n── {name}", flush=True)
    start = time.monotonic()
    code, closing = work()
    return Outcome(name, code == 0, time.monotonic() - start, closing)


def _pytest(arguments: list[str], env: Mapping[str, str]) -> tuple[int, str]:
    """Run pytest, its words shown as they come; return its code and its closing line."""
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [str(PYTHON), "-m", "pytest", *PLUGINS, *colour, *arguments]
    closing = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as run:
        for line in run.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    return run.returncode, closing


def _with_workers(arguments: list[str]) -> list[str]:
    """Several workers, unless the person chose or a browser is wanted, which takes both cores."""
    chosen = any(word.startswith(("-n", "--dist", "-p", "--pdb", "-s")) for word in arguments)
    browser = any(word.startswith("tests/browser") for word in arguments)
    return arguments if chosen or browser else ["-n", WORKERS, "--dist", "loadfile", *arguments]

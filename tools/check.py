"""`./run check` and `./run fix`: style, layers, templates, migrations, settings, printed pages."""

import os
import secrets
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools import environment, packages
from tools.application import MANAGE
from tools.environment import PYTHON, VENV
from tools.place import ROOT, Place
from tools.trouble import Trouble

BIN = VENV / "bin"
TEMPLATES = ROOT / "templates"


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and the command that tells."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    check: Check
    output: str
    holds: bool
    seconds: float


def checks() -> list[Check]:
    django = (str(PYTHON), "-W", "ignore::RuntimeWarning", str(MANAGE))
    return [
        Check("style (ruff check)", (_tool("ruff"), "check", ".", "run")),
        Check("format (ruff format)", (_tool("ruff"), "format", "--check", ".", "run")),
        Check("layers (import-linter)", (_tool("lint-imports"),)),
        Check("templates (djlint)", (_tool("djlint"), str(TEMPLATES), "--lint", "--quiet")),
        Check("migrations complete", (*django, "makemigrations", "--check", "--dry-run")),
        Check(
            "settings (check --deploy)", (*django, "check", "--deploy", "--fail-level", "WARNING")
        ),
        Check("docs/states.md up to date", (*django, "states", "--check")),
    ]


def check(arguments: list[str]) -> int:
    """Run every check and return 1 when one does not hold."""
    if arguments:
        raise Trouble("`./run check` takes no arguments.")
    _install()
    return 0 if run_all() else 1


def fix(arguments: list[str]) -> int:
    """Put right what the tools can; the rest is told."""
    if arguments:
        raise Trouble("`./run fix` takes no arguments.")
    _install()
    pages = [str(path) for path in TEMPLATES.rglob("*.html")]
    subprocess.call([_tool("djade"), "--target-version", "5.2", *pages], cwd=ROOT)
    ruff = _tool("ruff")
    left = subprocess.call([ruff, "check", "--fix", ".", "run"], cwd=ROOT)
    return subprocess.call([ruff, "format", ".", "run"], cwd=ROOT) or left


def run_all() -> bool:
    """Run the checks two at a time, print their answers in order, tell whether all hold."""
    env = _environment()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: _ask(one, env), checks()))
    for answer in answers:
        word = "ok    " if answer.holds else "FAILED"
        print(f"{word} {answer.check.name} ({answer.seconds:.1f} s)", flush=True)
        if not answer.holds:
            print(answer.output, flush=True)
    return all(answer.holds for answer in answers)


def _ask(one: Check, env: Mapping[str, str]) -> Answer:
    start = time.monotonic()
    done = subprocess.run(
        one.command,
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Answer(one, done.stdout, done.returncode == 0, time.monotonic() - start)


def _environment() -> dict[str, str]:
    """Return the settings of a real site whose servers are not asked anything."""
    nowhere = {
        "DATABASE_URL": "postgis://nobody@//nonexistent/nothing",
        "REDIS_URL": "unix:///nonexistent/redis.sock?db=0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SITE_URL": "https://dinamis.example",
        "ALLOWED_HOSTS": "dinamis.example",
        "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "dinamis.settings",
    }
    unwanted = {
        "TESTING",
        "PYTHONDONTWRITEBYTECODE",
    }  # the second: three Pythons would compile anew
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | nowhere


def _install() -> None:
    place = Place.usual().make()
    packages.ensure(place, packages.wanted())
    environment.ensure(place)


def _tool(name: str) -> str:
    return str(BIN / name)

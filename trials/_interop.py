"""`python -m trials._interop PYTHON`: judges and clients of STAC before a running site of its own.

PYTHON is the interpreter of the judges whose pins clash with ours. What `./run interop` calls.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.catalogue.judges import questions
from tools.environment import PYTHON
from tools.place import ROOT
from trials._site import running

JUDGES = ROOT / "tests" / "catalogue" / "judges"
WORLD = """
import json
from tests.catalogue.judges import images
print(json.dumps(images.make_all()))
"""
SECONDS = 600  # of one judge


@dataclass(frozen=True, slots=True)
class Judge:
    """A command, and the words of its answer that say it is content."""

    name: str
    command: tuple[Any, ...]
    content: str


def main(arguments: list[str]) -> int:
    """Ask every judge; print what each said; 1 when one is not content."""
    with running(WORLD) as site, tempfile.TemporaryDirectory() as folder:
        judges = list(_judges(site.address, site.made, Path(folder), arguments[0]))
        answers = [_asked(judge, Path(folder)) for judge in judges]
    return 0 if all(answers) else 1


def _judges(address: str, paths: dict[str, str], folder: Path, apart: str) -> Iterator[Judge]:
    stac, offline = f"{address}/stac/", JUDGES / "offline.py"
    yield Judge(
        "stac-api-validator",
        (PYTHON, offline, "stac-api-validator", "--root-url", stac, *questions.OFFICIAL),
        "Errors: none",
    )
    days = json.dumps(questions.DAYS)
    for name in questions.CLIENTS:
        yield Judge(name, (PYTHON, JUDGES / "clients.py", name, stac), f'"days": {days}')
    for name, path in paths.items():
        file = folder / f"{name}.json"
        with urllib.request.urlopen(address + path, timeout=60) as page:  # noqa: S310 ours
            file.write_bytes(page.read())
        yield Judge(f"stac-check, {name}", (PYTHON, offline, "stac-check", file), "Passed: True")
        yield Judge(
            f"pystac, {name}",
            (PYTHON, JUDGES / "pystac_validation.py", file),
            "schema.json" if name in ("item", "pair") else "stacspec.org",
        )
        yield Judge(
            f"stac-valid, the newest, {name}",
            (apart, offline, "stac-valid", "validate", file),
            '"valid_stac": true',
        )


def _asked(judge: Judge, folder: Path) -> bool:
    start = time.monotonic()
    try:
        done = subprocess.run(
            [str(word) for word in judge.command],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        said, is_content = done.stdout + done.stderr, done.returncode == 0
    except subprocess.TimeoutExpired:
        said, is_content = f"no answer within {SECONDS} s", False
    is_content = is_content and judge.content in said
    word = "ok    " if is_content else "FAILED"
    print(f"{word} {judge.name} ({time.monotonic() - start:.1f} s)", flush=True)
    if not is_content:
        print(said, flush=True)
    return is_content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

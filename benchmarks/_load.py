"""Requests sent by wrk, a client in C of its own process, so that what is measured is who answers."""

import json
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import packages
from tools.place import Place

SCRIPT = Path(__file__).with_name("_wrk.lua")
PATIENCE = 30  # seconds, of one answer


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is JSON or nothing; `path` begins with a slash; `range` is the header's own words."""

    path: str
    body: Any = None
    range: str = ""

    @property
    def line(self) -> str:
        body = "" if self.body is None else json.dumps(self.body)
        return f"{'GET' if self.body is None else 'POST'}\t{self.path}\t{self.range}\t{body}\n"

    def answer(self, address: str, headers: Mapping[str, str]) -> Any:
        """What is answered to it, read as JSON."""
        data = None if self.body is None else json.dumps(self.body).encode()
        kind = {"Content-Type": "application/json"}
        asked = urllib.request.Request(address + self.path, data, {**kind, **headers})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=PATIENCE) as said:  # noqa: S310
            return json.load(said)


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, the 95th percentile in ms, MB/s."""

    per_second: float
    p95: float
    megabytes: float


def ensure() -> None:
    """Install wrk if it is not there."""
    packages.ensure(Place.usual().make(), ["wrk"])


def shoot(
    address: str,
    requests: Sequence[Request],
    *,
    headers: Mapping[str, str],
    seconds: float,
    folder: Path,
    clients: int = 8,
    to_the_end: bool = True,
) -> Rate:
    """Send the requests in turn, over and over. Raises RuntimeError when one is not answered well.

    Not `to_the_end`, an answer may be longer than the time there is: the bytes that came count.
    """
    script = folder / "requests.tsv"
    script.write_text("".join(one.line for one in requests), encoding="utf-8")
    said = {"Content-Type": "application/json", **headers}
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", f"{PATIENCE}s"]
    command += [word for name, value in said.items() for word in ("-H", f"{name}: {value}")]
    command += ["-s", str(SCRIPT), address, "--", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    if told["wrong"] or not (told["requests"] if to_the_end else told["bytes"]):
        raise RuntimeError(f"{address}: {told['wrong']} of {told['requests']} requests went wrong")
    return Rate(
        told["requests"] / told["seconds"], told["p95"], told["bytes"] / told["seconds"] / 1e6
    )

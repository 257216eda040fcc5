"""`python -m benchmarks PACKAGE [NAME …]`: what `./run bench` and `./run trial` call."""

import argparse
import importlib
import json
import os
import pkgutil
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import benchmarks
import trials
from benchmarks import Measurement, Scale
from tools import application
from tools.application import Site
from tools.processes import leave_in_order
from tools.temporary import temporary
from tools.trouble import Trouble, of_system

PACKAGES = {"benchmarks": benchmarks, "trials": trials}
COMMANDS = {"benchmarks": "bench", "trials": "trial"}
NOTES = Path(__file__).resolve().parent.parent / "docs" / "trials.md"


def main(arguments: list[str]) -> int:
    """Run the modules named, print their figures, return 1 when a goal does not hold."""
    options = _options(arguments)
    package = PACKAGES[options.package]
    known = sorted(
        module.name for module in pkgutil.iter_modules(package.__path__) if module.name[0] != "_"
    )
    for name in options.names:
        if name not in known:
            print(f"There is no {name!r}; there are: {', '.join(known)}.", file=sys.stderr)
            return 2
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        results = {name: _run(package, name, options.scale) for name in options.names or known}
    if options.json:
        print(json.dumps([asdict(one) for found in results.values() for one in found]))
    if options.note:
        _note(results, options)
    return 0 if all(one.holds for found in results.values() for one in found) else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    package = arguments[0]
    parser = argparse.ArgumentParser(prog=f"./run {COMMANDS[package]}")
    parser.add_argument("package", choices=[package], help=argparse.SUPPRESS)
    if package == "trials":
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help="all campaigns if none is named"
        )
        parser.add_argument(
            "--small", dest="scale", action="store_const", const="small", default="full"
        )
        parser.add_argument(
            "--note", action="store_true", help="write the result to docs/trials.md"
        )
    else:
        parser.add_argument("names", nargs=1, metavar="NAME")
        parser.add_argument("--scale", choices=["small", "full"], default="small")
        parser.set_defaults(note=False)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _run(package: ModuleType, name: str, scale: Scale) -> list[Measurement]:
    module = importlib.import_module(f"{package.__name__}.{name}")
    print(f"{name}: {(module.__doc__ or '').partition(chr(10))[0]}", flush=True)
    found = []
    with _surroundings(getattr(module, "NEEDS", "nothing")):
        for one in module.run(scale):
            found.append(one)
            print(_line(one), flush=True)
    return found


def _line(one: Measurement) -> str:
    mark = "holds" if one.holds else "FAILS"
    goal = f"{one.goal}: {mark}" if one.goal else ""
    return f"  {one.name:50} {one.value:>12,.6g} {one.unit:8} {goal}".rstrip()


@contextmanager
def _surroundings(needs: str) -> Iterator[None]:
    """Give the application on servers of its own to a module that needs it.

    The servers are durable ones, so that a figure is that of a real site.
    """
    if needs == "nothing":
        yield
        return
    before = dict(os.environ)
    with temporary(durable=True) as servers:
        benchmarks.servers.set(servers)
        site = Site(demo=needs == "demo")
        env = application.variables(servers.place, servers, site)
        application.prepare(servers.place, servers, env, demo=site.demo)
        os.environ.update(env)
        try:
            importlib.import_module("django").setup()
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _note(results: dict[str, list[Measurement]], options: argparse.Namespace) -> None:
    """Write each result under its name, in place of the one noted before."""
    text = NOTES.read_text(encoding="utf-8") if NOTES.exists() else _HEAD
    for name, found in results.items():
        size = " --small" if options.scale == "small" else ""
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        rows = [
            f"| {one.name} | {one.value:,.6g} {one.unit} | {one.goal} | {_yes(one)} |"
            for one in found
        ]
        head = f"## {name}\n\n`./run trial {name}{size}` on {machine}\n\n"
        section = head + "| what | found | promised | holds |\n| --- | ---: | --- | --- |\n"
        section += "\n".join(rows) + "\n"
        parts = text.split("\n## ")
        kept = [part for part in parts[1:] if part.partition("\n")[0] != name]
        sections = sorted([*kept, section.removeprefix("## ")])
        text = (
            parts[0].rstrip() + "\n\n## " + "\n## ".join(part.rstrip() + "\n" for part in sections)
        )
    NOTES.write_text(text, encoding="utf-8")


def _yes(one: Measurement) -> str:
    return "yes" if one.holds else "**no**"


_HEAD = (
    "# Campaigns\n\nWritten by `./run trial --note`; each says the command that gives it again.\n"
)

if __name__ == "__main__":
    leave_in_order()
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(f"./run: {trouble}")
    except OSError as error:
        sys.exit(f"./run: {of_system(error)}")

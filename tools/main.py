"""The commands of `./run` and how they are written."""

import argparse
import sys
from collections.abc import Callable

from tools import bench, check, interop, running, testing
from tools.trouble import Trouble, of_system

USAGE = """\
usage: ./run COMMAND …

  up [--port 8000] [--host 127.0.0.1] [--detach] [--empty]
                      install what is missing, start everything, print the address and the log-ins
  down                stop it
  manage …            a command of Django's, with the same environment
  test [pytest's …]   every check, every test, every campaign in its small form; or the tests named
  check               style, layers, templates, migrations, settings, printed pages
  fix                 what can be put right by itself
  bench NAME [--scale small|full] [--json]    measure; exit 1 when a goal does not hold
  trial [NAME] [--small] [--json]             campaigns at the figures the issues name
  interop             STAC before judges and clients of others, in a running site; exit 1 on a failure
"""


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code; trouble is one sentence on stderr."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    if name not in COMMANDS:
        print(f"./run does not know {name!r}.\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](rest)
    except Trouble as trouble:
        print(f"./run {name}: {trouble}", file=sys.stderr)
    except OSError as error:
        print(f"./run {name}: {of_system(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _up(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run up", description="Install and start everything.")
    parser.add_argument("--port", type=_port, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--detach", action="store_true", help="return when all is ready")
    parser.add_argument("--empty", action="store_true", help="without demonstration data")
    options = parser.parse_args(arguments)
    site = running.Site(host=options.host, port=options.port, demo=not options.empty)
    return running.up(site, detach=options.detach)


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return number


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": _up,
    "down": running.down,
    "manage": running.manage,
    "test": testing.test,
    "check": check.check,
    "fix": check.fix,
    "bench": bench.bench,
    "trial": bench.trial,
    "interop": interop.interop,
}

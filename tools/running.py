"""`./run up`, `./run down` and `./run manage`."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout

from tools import application, environment, logins, packages, sockets, supervisor
from tools.application import Site
from tools.place import Place
from tools.servers import Servers, end_leftovers
from tools.supervisor import PARTS, Supervisor
from tools.trouble import Trouble, of_system


def up(site: Site, *, detach: bool) -> int:
    """Install what is missing and start everything; returns at the end, or when ready if detached."""
    site.check_demo()
    place = Place.usual().make()
    if place.holder() == "up":
        return _already(place, site)
    with place.held("up", patience=2):
        end_leftovers(place, PARTS)
    supervisor.check_port(site)
    application.check_kept_data(place, site)
    install(place)
    if not detach:
        Supervisor(place, site).run(when_ready=lambda: _announce(place, site))
        return 0
    return _detached(place, lambda ready: Supervisor(place, site).run(when_ready=ready), site)


def down(arguments: list[str]) -> int:
    """Stop what `up` started, whichever way it was left."""
    _no_arguments("down", arguments)
    place = Place.usual()
    if not place.records.exists() or not supervisor.down(place):
        print("Nothing runs here.")
        return 0
    print("Stopped.")
    return 0


def manage(arguments: list[str]) -> int:
    """Run a command of Django's with the variables of `up`; servers not running run meanwhile."""
    place = Place.usual().make()
    with redirect_stdout(sys.stderr):  # what the command prints may be read by a program
        install(place)
    site = Site.of(place)
    if "DEMO" in os.environ:
        site = Site(site.host, site.port, demo=os.environ["DEMO"].lower() in ("1", "true", "on"))
    with _servers(place) as servers:
        env = application.variables(place, servers, site)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the command's
        try:
            return application.run_manage(env, arguments)
        finally:
            signal.signal(signal.SIGINT, before)


def install(place: Place) -> None:
    """Make sure of room and way, system packages, Python packages and the browser's libraries."""
    environment.check_room(place.var, environment.ROOM_TO_RUN)
    if not os.environ.get("DATABASE_URL"):
        # Before minutes of installing; once more with the server's own account when it starts.
        sockets.check_way(place.var, sockets.account("postgres", place.var / "pg"))
    packages.ensure(place, packages.wanted())
    environment.ensure(place)


@contextmanager
def _servers(place: Place) -> Iterator[Servers]:
    """Give the private servers, running; they are left as they were found."""
    if place.holder() == "up":
        servers = Servers(place)
        servers.wait_for_all()
        yield servers
        return
    with place.held("manage", patience=600):
        end_leftovers(place, PARTS)
        servers = Servers(place)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()


def _already(place: Place, site: Site) -> int:
    """A second `up` of the same site is content; of another it is told."""
    if Site.of(place) == site and supervisor.ready(site):
        print("DINAMIS runs here already.")
        _announce(place, site)
        return 0
    what = "is not ready" if Site.of(place) == site else "was started otherwise"
    raise Trouble(f"DINAMIS runs here already and {what}: `./run down` stops it.")


def _announce(place: Place, site: Site) -> None:
    env = application.variables(place, Servers(place), site)
    print(f"\nDINAMIS is at {env['SITE_URL']}\n")
    if site.demo:
        print(logins.shown(place.recall("demonstration") or application.log_ins(env)))
    else:
        print(f"No demonstration data: sign up at {env['SITE_URL']}/accounts/signup/, then")
        print("`./run manage appoint EMAIL administrator` names the first administrator.")
    sys.stdout.flush()


def _detached(place: Place, run: Callable[[Callable[[], None]], None], site: Site) -> int:
    """Run in a process of its own; return 0 once it is ready, 1 if it ended before that."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os._exit(_in_background(place, run, site, writer))
    os.close(writer)
    try:
        is_ready = os.read(reader, 1) == b"1"
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise
    return 0 if is_ready else 1


def _in_background(
    place: Place, run: Callable[[Callable[[], None]], None], site: Site, writer: int
) -> int:
    """The life of the detached process: at the terminal until ready, then in its log."""
    os.setsid()
    _redirect(os.open(os.devnull, os.O_RDONLY), 0)

    def ready() -> None:
        _announce(place, site)
        log = os.open(place.logs / "run.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        _redirect(log, 2)
        os.write(writer, b"1")
        os.close(writer)

    try:
        run(ready)
    except Trouble as trouble:
        print(f"./run up: {trouble}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"./run up: {of_system(error)}", file=sys.stderr, flush=True)
        return 1
    return 0


def _redirect(source: int, target: int) -> None:
    os.dup2(source, target)
    os.close(source)


def _no_arguments(name: str, arguments: list[str]) -> None:
    if arguments:
        raise Trouble(f"`./run {name}` takes no arguments.")

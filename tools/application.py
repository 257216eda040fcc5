"""The Django application: its variables, what must be done before it starts, what it runs as."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.environment import LOCK, NODE_FILES, PYTHON, VENV, digest
from tools.place import ROOT, Place
from tools.processes import perform
from tools.servers import Servers
from tools.trouble import Trouble

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ROOMS = ("dinamis", "accounts", "catalogue", "orders")
MANAGE = ROOT / "manage.py"
STATIC = ROOT / "var" / "static"  # made from the source alone, whichever folder holds the data
# What the packages of npm bring beside the files that our pages load: 26 MB of 64.
UNSHOWN = (
    "bootstrap-*", "bootstrap.bundle*", "bootstrap.esm*", "bootstrap*.rtl*", "countries-110m.json", "land-*.json",
    "leaflet-geoman.js*",
)  # fmt: skip
CELERY = (PYTHON, "-m", "celery", "-A", "dinamis")


@dataclass(frozen=True)
class Site:
    """How an installation was last started: kept, so that `./run manage` sees the same site."""

    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True

    @classmethod
    def of(cls, place: Place) -> "Site":
        return cls(**(place.recall("site") or {}))

    def keep(self, place: Place) -> None:
        place.remember("site", asdict(self))

    @property
    def name(self) -> str:
        """What a browser on this machine calls the host."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def address(self) -> str:
        return f"http://{_bracketed(self.name)}:{self.port}"

    @property
    def bind(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"

    def check_demo(self) -> None:
        """Raise Trouble when demonstration log-ins would be shown to a network."""
        if self.demo and self.host not in LOOPBACK and not os.environ.get("DEMO_INSIST"):
            raise Trouble(
                f"The demonstration's passwords are public, and --host {self.host} opens it to the "
                "network: add --empty, or set DEMO_INSIST=1 if that is really wanted."
            )


def variables(place: Place, servers: Servers, site: Site) -> dict[str, str]:
    """Return the environment that every process of Django gets; what is already set is kept."""
    env = {key: value for key, value in os.environ.items() if key not in _UNWANTED}
    storage = place.var / "storage"
    storage.mkdir(mode=0o700, exist_ok=True)
    inbox = place.var / "inbox"
    inbox.mkdir(mode=0o700, exist_ok=True)
    hosts = dict.fromkeys([site.name, "127.0.0.1", "localhost", "[::1]"])
    defaults = {
        "SECRET_KEY": place.secret_key(),
        "STORAGE_URL": f"file://{storage}",
        # The demonstration shows it; elsewhere it is the administrator's to name.
        "INBOX_URL": f"file://{inbox}" if site.demo else "",
        "OIDC_KEYS_DIR": str(place.var / "oidc_keys"),
        "SITE_URL": site.address,
        "ALLOWED_HOSTS": ",".join(hosts),
    }
    return (
        defaults
        | env
        | servers.variables()
        | {
            "DEMO": "1" if site.demo else "0",
            "DJANGO_SETTINGS_MODULE": "dinamis.settings",
            "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}",
            "VIRTUAL_ENV": str(VENV),
        }
    )


# Without compiled files every start reads all of Django anew; tests are started otherwise.
_UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "TESTING")


def parts(place: Place, site: Site) -> dict[str, list[str | Path]]:
    """Return the three processes of the application by name."""
    # Gunicorn's workers show life by touching a file: in memory, a slow disk cannot kill them.
    beat_folder = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    threads = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    # Each process listens for itself: of one socket one process often takes all connections that come together.
    threads.append("--reuse-port")
    limits = ["--timeout", "60", "--graceful-timeout", "15", *beat_folder]
    return {
        "web": [PYTHON, "-m", "gunicorn", "dinamis.wsgi", "--bind", site.bind, *threads, *limits],
        "worker": [*CELERY, "worker", "--concurrency", "2", "-O", "fair", "--without-gossip",
                   "--without-mingle", "--loglevel", "WARNING"],
        "beat": [*CELERY, "beat", "-s", place.records / "celerybeat-schedule", "--pidfile=",
                 "--loglevel", "WARNING"],
    }  # fmt: skip


def manage(env: Mapping[str, str], *arguments: str, deed: str, log: Path | None = None) -> str:
    """Run one of Django's commands and return what it printed; raises Trouble when it fails."""
    return perform(deed, [PYTHON, MANAGE, *arguments], env=env, log=log)


def prepare(place: Place, servers: Servers, env: Mapping[str, str], *, demo: bool) -> None:
    """Bring pages and database up to date, side by side; what did not change is not done again."""
    with ThreadPoolExecutor(2) as both:
        for work in [
            both.submit(_pages, place, env),
            both.submit(_data, place, servers, env, demo),
        ]:
            work.result()


def log_ins(env: Mapping[str, str]) -> str:
    """Return the demonstration's log-ins as JSON: what may be kept of them."""
    return manage(env, "demo_logins", "--json", deed="Reading the demonstration's log-ins").rstrip()


def compile_messages() -> None:
    """Compile the translations that are newer than their compiled form."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            command = ["msgfmt", "--check-format", "-o", compiled, source]
            perform(f"Compiling {source.relative_to(ROOT)}", command)


def run_manage(env: Mapping[str, str], arguments: list[str]) -> int:
    """Run Django's command at the terminal, in the folder the person stands in."""
    return subprocess.call([PYTHON, MANAGE, *arguments], env=dict(env))


def check_kept_data(place: Place, site: Site) -> None:
    """Raise Trouble when a site without demonstration would open data that hold one."""
    done = place.recall("prepared") or {}
    if not site.demo and done.get("demo") and not os.environ.get("DATABASE_URL"):
        raise Trouble(
            f"{place.var} holds the demonstration's accounts, whose passwords are public: "
            "start --empty with a new folder (remove that one, or set DINAMIS_VAR)."
        )


def _pages(place: Place, env: Mapping[str, str]) -> None:
    compile_messages()
    sources = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    state = digest([*sources, *NODE_FILES, LOCK, ROOT / "dinamis" / "settings.py"], *UNSHOWN)
    mark = STATIC / ".dinamis-stamp"
    if mark.exists() and mark.read_text() == state:
        return
    _say("Collecting style sheets, scripts and pictures")
    log = place.logs / "prepare.log"
    left = [f"--ignore={name}" for name in UNSHOWN]
    manage(
        env, "collectstatic", "--noinput", "--clear", *left, deed="Collecting static files", log=log
    )
    mark.write_text(state)


def _data(place: Place, servers: Servers, env: Mapping[str, str], demo: bool) -> None:
    state = _prepared(servers, demo=demo)
    if state["database"] and place.recall("prepared") == state:
        return
    log = place.logs / "prepare.log"
    _say("Migrating the database and loading reference data")
    manage(env, "migrate", "--noinput", deed="Migrating the database", log=log)
    manage(env, "load_reference", deed="Loading reference data", log=log)
    manage(env, "index_places", deed="Making the index of places", log=log)
    if demo:
        # Noted before: data half loaded are the demonstration's too.
        place.remember("prepared", {"demo": True})
        _say("Loading the demonstration: a minute or two, once")
        manage(env, "load_demo", deed="Loading the demonstration", log=log)
        place.remember("demonstration", log_ins(env))
    place.remember("prepared", state)


def note_prepared(place: Place, servers: Servers) -> None:
    """Remember that the private database, which was copied, is as `prepare` would leave it without demonstration."""
    place.remember("prepared", _prepared(servers, demo=False))


def source_state() -> str:
    """Return a digest of what the database must look like and hold."""
    return digest(_sources())


def _prepared(servers: Servers, *, demo: bool) -> dict[str, object]:
    return {"database": _database(servers), "source": source_state(), "demo": demo}


def _database(servers: Servers) -> str:
    """Return which private database this is; a real one may have changed unseen, so it is ""."""
    names = [server.identity() for server in servers.needed if server.name == "postgresql"]
    return names[0] if names else ""


def _sources() -> Iterator[Path]:
    """Yield the files that say what the database must look like and hold."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield LOCK


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(words: str, out: Callable[[str], object] = print) -> None:
    out(words)
    sys.stdout.flush()

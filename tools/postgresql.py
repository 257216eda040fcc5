"""A private PostgreSQL with PostGIS: one cluster, reached by a socket only."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tools import processes, sockets
from tools.place import Place
from tools.processes import perform
from tools.trouble import Trouble, failed

NAME = "postgresql"
DATABASE = "dinamis"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")
BINARIES = Path("/usr/lib/postgresql")
# Fast shutdown first; the second way out leaves the log to be replayed, as after a power cut.
SIGNALS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))

CONFIGURATION = """\
# Written by ./run at every start: change tools/postgresql.py instead.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_parallel_workers_per_gather = 1
max_wal_size = 1GB
jit = off
synchronous_commit = {durable}
fsync = {durable}
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_min_duration_statement = 1000
cluster_name = 'dinamis'
"""

SETUP = """\
SELECT 'CREATE ROLE {name} LOGIN CREATEDB' WHERE NOT EXISTS
  (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
{extensions}
SELECT 'CREATE DATABASE {name} OWNER {name} TEMPLATE template1' WHERE NOT EXISTS
  (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
"""


class PostgreSQL:
    """One private cluster under `var/pg`.

    Not durable means for tests: what a power cut would lose is never waited for.
    """

    name = NAME
    signals = SIGNALS

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable
        self.data = place.var / "pg"
        self.account = sockets.account("postgres", self.data)

    @property
    def sockets(self) -> Path:
        return sockets.folder(self.place) / NAME

    @property
    def url(self) -> str:
        """DATABASE_URL as django-environ reads it: without a host, the path begins with the socket's."""
        return f"postgis://{DATABASE}@/{self.sockets}/{DATABASE}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, its cluster made at the first start; `answers` tells when it is ready."""
        sockets.check_way(self.data.parent, self.account)
        sockets.own_folder(self.sockets, self.account)
        if not self.data.exists():
            self._make_cluster()
        self._configure()
        self._drop_stale_lock()
        command = [self.program("postgres"), "-D", self.data]
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return processes.start(
            self.place, NAME, command, env=env, account=self.account, cwd=self.data
        )

    def answers(self) -> bool:
        """Tell whether connections are taken; right after a crash the log is replayed first."""
        asked = [self.program("pg_isready"), "-q", "-h", self.sockets, "-d", "postgres"]
        return subprocess.run([str(part) for part in asked], cwd="/", check=False).returncode == 0

    def prepare(self) -> None:
        """Make role, extensions and database if they are not there.

        The extensions stand in template1 too, so that the tests' databases are born with them.
        """
        extensions = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS]
        quiet = "SET client_min_messages = warning;\n"
        self.run_sql(
            "template1", quiet + SETUP.format(name=DATABASE, extensions="\n".join(extensions))
        )
        self.run_sql(DATABASE, quiet + "\n".join(extensions))
        if not self.durable:
            # The tests change evidence by hand, as somebody with the superuser's password would.
            self.run_sql(
                DATABASE, f"GRANT SET ON PARAMETER session_replication_role TO {DATABASE};"
            )

    def run_sql(self, database: str, statements: str) -> str:
        """Run statements as the cluster's superuser and return their rows, one a line."""
        asked = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]
        command = [self.program("psql"), *asked, "-h", self.sockets, "-d", database]
        done = subprocess.run(
            [str(part) for part in command],
            input=statements,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if done.returncode:
            raise failed(f"Preparing the database {database}", done.stderr)
        return done.stdout.strip()

    def identity(self) -> str:
        """Return what tells this cluster from another made later in the same folder."""
        facts = (self.data / "PG_VERSION").stat()
        return f"{facts.st_ino}:{facts.st_mtime_ns}"

    def _make_cluster(self) -> None:
        """Make the cluster beside its final place, so that a cut leaves no half of one."""
        draft = self.data.with_name("pg.new")
        shutil.rmtree(draft, ignore_errors=True)
        sockets.own_folder(draft, self.account)
        command = [self.program("initdb"), "-D", draft, "-U", "postgres", "-E", "UTF8"]
        # No password: nobody but us can enter the folder of the socket, and there is no other door.
        command += ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
        command += [] if self.durable else ["--no-sync"]
        log = self.place.logs / f"{NAME}.log"
        try:
            perform(
                "Making the database cluster", command, log=log, account=self.account, cwd=draft
            )
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        draft.rename(self.data)

    def _configure(self) -> None:
        durable = "on" if self.durable else "off"
        text = CONFIGURATION.format(sockets=self.sockets, durable=durable)
        path = self.data / "postgresql.conf"
        path.write_text(text)
        if self.account:
            os.chown(path, *self.account)

    def _drop_stale_lock(self) -> None:
        """Remove a dead server's lock file whose number another process bears by now.

        PostgreSQL does so by itself, except when the number went to a process of the same user.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        first = lock.read_text().partition("\n")[0]
        try:
            works_in = Path(f"/proc/{int(first)}/cwd").readlink()
        except (OSError, ValueError):
            return
        if works_in != self.data.resolve():
            lock.unlink()

    def program(self, name: str) -> Path:
        """Return a program of the cluster's own version, or of the newest for a new cluster."""
        version = self.data / "PG_VERSION"
        wanted = version.read_text().strip() if version.exists() else None
        if wanted is None:
            found = [p for p in BINARIES.glob("*") if (p / "bin" / "postgres").exists()]
            with_postgis = [p for p in found if _has_postgis(p.name)]
            if not with_postgis:
                raise Trouble(f"No PostgreSQL with PostGIS is to be found under {BINARIES}.")
            wanted = max(with_postgis, key=lambda p: int(re.sub(r"\D", "", p.name) or 0)).name
        program = BINARIES / wanted / "bin" / name
        if not program.exists():
            raise Trouble(
                f"{self.data} was made by PostgreSQL {wanted}, which is not installed any more: "
                f"install postgresql-{wanted} and postgresql-{wanted}-postgis-3, or restore a backup."
            )
        return program


def _has_postgis(version: str) -> bool:
    shared = Path("/usr/share/postgresql") / version / "extension" / "postgis.control"
    return shared.exists()

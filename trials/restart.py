"""The private servers, killed with SIGKILL while written to, come back with their data."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator

from benchmarks import Measurement, Scale, at_least, at_most, exactly
from tools.postgresql import DATABASE, PostgreSQL
from tools.processes import Found, birth
from tools.redis import Redis
from tools.servers import Servers
from tools.temporary import temporary

ROUNDS = {"small": 1, "full": 20}
WRITING = 1.0  # seconds before the blow
EVERYSEC = 1.5  # seconds: Redis writes its file every second, PostgreSQL before it answers
KEYS = 500  # a round


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was lost of what had been confirmed, and how long the way back took."""
    rows = lost_rows = lost_keys = 0
    slowest = {"postgresql": 0.0, "redis": 0.0}
    with temporary(durable=True, bare=True) as servers:
        database, broker = _pair(servers)
        database.run_sql(DATABASE, "CREATE TABLE marks (round integer, number integer)")
        for number in range(ROUNDS[scale]):
            confirmed = _write_rows(servers, database, number)
            slowest["postgresql"] = max(slowest["postgresql"], _back(servers, "postgresql"))
            rows += confirmed
            lost_rows += confirmed - _rows_kept(database, number, confirmed)
            _write_keys(servers, broker, number)
            slowest["redis"] = max(slowest["redis"], _back(servers, "redis"))
            lost_keys += KEYS - _keys_kept(broker, number)
    yield at_least("rows confirmed before the blows", rows, ROUNDS[scale], "rows")
    yield exactly("confirmed rows lost by PostgreSQL", lost_rows, 0, "rows")
    yield exactly("keys older than a second lost by Redis", lost_keys, 0, "keys")
    yield at_most("PostgreSQL answers again after", slowest["postgresql"], 30, "s")
    yield at_most("Redis answers again after", slowest["redis"], 10, "s")


def _pair(servers: Servers) -> tuple[PostgreSQL, Redis]:
    database, broker = servers.needed
    assert isinstance(database, PostgreSQL)
    assert isinstance(broker, Redis)
    return database, broker


def _write_rows(servers: Servers, database: PostgreSQL, number: int) -> int:
    """Insert row after row until the server is killed; return how many it had confirmed.

    One INSERT is one transaction; psql prints its line once it is committed.
    """
    command = [database.program("psql"), "-X", "-h", database.sockets, "-U", "postgres"]
    confirmed = 0
    with subprocess.Popen(
        [str(part) for part in (*command, "-d", DATABASE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as line:
        threading.Timer(WRITING, _kill, [servers, "postgresql"]).start()
        try:
            while True:
                line.stdin.write(f"INSERT INTO marks VALUES ({number}, {confirmed});\n")
                if line.stdout.readline().strip() != "INSERT 0 1":
                    break
                confirmed += 1
        except BrokenPipeError:
            pass
        line.kill()
    return confirmed


def _rows_kept(database: PostgreSQL, number: int, confirmed: int) -> int:
    """Return how many confirmed rows stand; the one after them may stand too, unconfirmed."""
    those = f"round = {number} AND number < {confirmed}"
    return int(database.run_sql(DATABASE, f"SELECT count(*) FROM marks WHERE {those}"))


def _write_keys(servers: Servers, broker: Redis, number: int) -> None:
    for key in range(KEYS):
        assert broker.ask("SET", f"{number}:{key}", "mark") == "+OK"
    time.sleep(EVERYSEC)
    _kill(servers, "redis")


def _keys_kept(broker: Redis, number: int) -> int:
    names = [f"{number}:{key}" for key in range(KEYS)]
    return int(broker.ask("EXISTS", *names).removeprefix(":"))


def _kill(servers: Servers, name: str) -> None:
    """Kill the server's first process only: what it started must find out by itself."""
    child = servers.children[name]
    Found(child.pid, birth(child.pid) or "").tell(signal.SIGKILL)
    child.wait()


def _back(servers: Servers, name: str) -> float:
    """Start a killed server again and return the seconds until it answered."""
    start = time.monotonic()
    servers.start_again(name)
    return time.monotonic() - start

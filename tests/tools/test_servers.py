"""The private servers start, keep what they are given, and come back after any end."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from tools import processes, servers, sockets
from tools.place import Place
from tools.postgresql import DATABASE, EXTENSIONS, PostgreSQL
from tools.trouble import Trouble


@pytest.fixture
def place():
    # Not tmp_path: pytest closes its folders, and as root the servers are strangers to them.
    folder = Path(tempfile.mkdtemp(prefix="dinamis-test-"))
    folder.chmod(0o755)
    place = Place(folder / "var").make()
    yield place
    servers.end_leftovers(place)
    shutil.rmtree(folder)


@pytest.fixture
def private(place):
    """Servers of a place of their own, ready to be started; stopped after the test."""
    private = servers.Servers(place, durable=False, alone=True)
    yield private
    private.stop()


def test_a_new_cluster_is_ready_for_the_application_and_its_tests(private):
    private.start()
    database, broker = private.needed
    asked = "SELECT extname FROM pg_extension ORDER BY extname"
    for name in ("template1", DATABASE):
        assert set(EXTENSIONS) <= set(database.run_sql(name, asked).split())
    owner = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{DATABASE}'"
    assert database.run_sql(DATABASE, owner) == DATABASE
    powers = f"SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = '{DATABASE}'"
    assert database.run_sql(DATABASE, powers) == "f|t"
    assert broker.ask("PING") == "+PONG"


def test_the_servers_listen_on_closed_sockets_only(private):
    private.start()
    database, broker = private.needed
    assert database.run_sql(DATABASE, "SHOW listen_addresses") == ""
    for folder in (database.sockets, broker.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(database.data.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        owners = {database.data.stat().st_uid, broker.data.stat().st_uid}
        assert 0 not in owners


def test_a_durable_server_waits_for_the_disk_and_evicts_cache_keys_only(place):
    private = servers.Servers(place, alone=True)
    try:
        private.start()
        database, broker = private.needed
        asked = "SHOW fsync; SHOW synchronous_commit; SHOW full_page_writes; SHOW jit"
        assert database.run_sql(DATABASE, asked).split() == ["on", "on", "on", "off"]
        for key, value in {"appendonly": "yes", "appendfsync": "everysec"}.items():
            assert _option(broker, key) == value
        assert _option(broker, "maxmemory-policy") == "volatile-lru"
        assert _option(broker, "maxmemory") == str(256 * 1024 * 1024)
    finally:
        private.stop()


def test_data_outlive_a_stop(private):
    private.start()
    private.needed[0].run_sql(DATABASE, "CREATE TABLE kept AS SELECT 42 AS answer")
    private.stop()
    assert not list(private.place.records.glob("*.pid.json"))
    private.start()
    assert private.needed[0].run_sql(DATABASE, "SELECT answer FROM kept") == "42"


def test_a_lock_file_whose_number_went_to_another_process_is_no_obstacle(private):
    private.start()
    database = private.needed[0]
    lock = database.data / "postmaster.pid"
    text = lock.read_text()
    private.stop()
    lock.write_text("\n".join([str(os.getpid()), *text.splitlines()[1:]]))
    private.start()
    assert private.needed[0].answers()


def test_what_a_killed_supervisor_left_is_ended_and_nothing_else(place):
    left = servers.Servers(place, durable=False, alone=True)
    left.start()
    found = [processes.recall(place, server.name) for server in left.needed]
    folder = left.needed[0].sockets.parent
    assert servers.end_leftovers(place)
    for child in left.children.values():
        child.wait()
    assert not any(process.lives() for process in found)
    assert not folder.exists()
    assert not servers.end_leftovers(place)


def test_a_cluster_cut_while_it_was_made_is_made_anew(private, monkeypatch):
    database = private.needed[0]
    (database.data.with_name("pg.new") / "base").mkdir(parents=True)
    private.start()
    assert database.answers()
    assert not database.data.with_name("pg.new").exists()


def test_a_cluster_of_a_version_gone_is_told(place):
    data = place.var / "pg"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 9, which is not installed any more"):
        PostgreSQL(place).program("postgres")


def test_a_server_that_ends_at_once_is_told_with_its_last_words(private, monkeypatch):
    private.start()
    database = private.needed[0]
    private.stop()
    monkeypatch.setattr(database, "_configure", lambda: _break(database))
    with pytest.raises(Trouble, match=r"private postgresql ended at once: .* contains errors"):
        private.start()
    assert processes.recall(private.place, "redis") is None


def test_a_killed_server_is_started_again(private):
    private.start()
    child = private.children["redis"]
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    private.start_again("redis")
    assert private.needed[1].ask("PING") == "+PONG"


def test_real_servers_are_not_doubled(place, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://elsewhere/x")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert servers.Servers(place).variables() == {}
    assert set(servers.Servers(place, alone=True).variables()) == {"DATABASE_URL", "REDIS_URL"}
    sockets.remove(place)


def _option(broker, key):
    """Return one option as the server has it: the last line of the two-part answer."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(broker.socket))
        line.sendall(f"CONFIG GET {key}\r\n".encode())
        return line.recv(1000).decode().split("\r\n")[-2]


def _break(database):
    path = database.data / "postgresql.conf"
    path.write_text("no_such_setting = on\n")
    path.chmod(0o644)

"""What Django is started with, and what is not done twice."""

import os
from types import SimpleNamespace

import pytest

from tools import application
from tools.application import Site
from tools.place import Place
from tools.trouble import Trouble

REAL = (
    "DATABASE_URL",
    "REDIS_URL",
    "STORAGE_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "SITE_URL",
    "ALLOWED_HOSTS",
)
# What every database is brought up to date by.
PREPARED = ["migrate", "load_reference", "index_places"]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "var").make()


@pytest.fixture
def private(monkeypatch):
    """Private servers that need not run, and an environment that names no real one."""
    for name in (*REAL, "DEMO_INSIST"):
        monkeypatch.delenv(name, raising=False)
    database = SimpleNamespace(name="postgresql", identity=lambda: "cluster 1")
    urls = {"DATABASE_URL": "postgis://private", "REDIS_URL": "unix://private"}
    return SimpleNamespace(needed=[database], variables=lambda: urls)


@pytest.fixture
def deeds(monkeypatch):
    """Django's commands are only noted."""
    noted = []

    def note(env, *words, **how):
        noted.append(words[0])
        return "the log-ins\n"

    monkeypatch.setattr(application, "manage", note)
    return noted


def test_a_private_site_needs_no_variable_of_its_own(place, private):
    env = application.variables(place, private, Site(port=8123))
    assert env["DATABASE_URL"] == "postgis://private"
    assert env["REDIS_URL"] == "unix://private"
    assert env["STORAGE_URL"] == f"file://{place.var}/storage"
    assert env["INBOX_URL"] == f"file://{place.var}/inbox"
    assert env["SITE_URL"] == "http://127.0.0.1:8123"
    assert env["SECRET_KEY"] == place.secret_key()
    assert env["DEMO"] == "1"


def test_what_the_person_set_is_kept(place, private, monkeypatch):
    private.variables = dict
    for name in REAL:
        monkeypatch.setenv(name, f"real {name}")
    env = application.variables(place, private, Site(demo=False))
    assert {name: env[name] for name in REAL} == {name: f"real {name}" for name in REAL}
    assert env["DEMO"] == "0"


def test_a_site_is_never_started_as_a_test(place, private, monkeypatch):
    monkeypatch.setenv("TESTING", "1")
    assert "TESTING" not in application.variables(place, private, Site())


@pytest.mark.parametrize(
    ("host", "address", "bind"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("::1", "http://[::1]:8000", "[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000", "0.0.0.0:8000"),
        ("images.example", "http://images.example:8000", "images.example:8000"),
    ],
)
def test_an_address_is_written_as_browsers_and_servers_write_it(host, address, bind):
    assert (Site(host).address, Site(host).bind) == (address, bind)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "images.example"])
def test_the_demonstration_stays_on_loopback_unless_insisted_on(host, private, monkeypatch):
    with pytest.raises(Trouble, match="passwords are public"):
        Site(host).check_demo()
    Site(host, demo=False).check_demo()
    monkeypatch.setenv("DEMO_INSIST", "1")
    Site(host).check_demo()


def test_a_site_is_remembered_for_the_next_command(place):
    assert Site.of(place) == Site()
    Site("::1", 8123, demo=False).keep(place)
    assert Site.of(place) == Site("::1", 8123, demo=False)


def test_data_are_prepared_once(place, private, deeds):
    application._data(place, private, os.environ, demo=True)
    assert deeds == [*PREPARED, "load_demo", "demo_logins"]
    assert place.recall("demonstration") == "the log-ins"
    deeds.clear()
    application._data(place, private, os.environ, demo=True)
    assert deeds == []


def test_a_copy_of_a_database_that_was_prepared_is_not_prepared_again(place, private, deeds):
    application.note_prepared(place, private)
    application._data(place, private, os.environ, demo=False)
    assert deeds == []
    application._data(place, private, os.environ, demo=True)
    assert deeds == [*PREPARED, "load_demo", "demo_logins"]


def test_an_empty_site_gets_no_demonstration(place, private, deeds):
    application._data(place, private, os.environ, demo=False)
    assert deeds == PREPARED


def test_a_new_cluster_or_a_changed_source_is_prepared_anew(place, private, deeds, monkeypatch):
    application._data(place, private, os.environ, demo=False)
    private.needed[0].identity = lambda: "cluster 2"
    application._data(place, private, os.environ, demo=False)
    assert deeds == PREPARED * 2
    monkeypatch.setattr(application, "_sources", list)
    application._data(place, private, os.environ, demo=False)
    assert deeds == PREPARED * 3


def test_a_real_database_is_migrated_at_every_start(place, private, deeds):
    private.needed = []
    for _ in range(2):
        application._data(place, private, os.environ, demo=False)
    assert deeds == PREPARED * 2


def test_a_demonstration_half_loaded_counts_as_one(place, private, monkeypatch):
    def fails(env, *words, **how):
        if words[0] == "load_demo":
            raise Trouble("the disk is full")

    monkeypatch.setattr(application, "manage", fails)
    with pytest.raises(Trouble):
        application._data(place, private, os.environ, demo=True)
    with pytest.raises(Trouble, match="demonstration's accounts"):
        application.check_kept_data(place, Site(demo=False))
    application.check_kept_data(place, Site(demo=True))


def test_a_translation_is_compiled_when_it_is_newer(tmp_path, monkeypatch):
    monkeypatch.setattr(application, "ROOT", tmp_path)
    source = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    source.write_text(head + 'msgid "image"\nmsgstr "image"\n')
    application.compile_messages()
    compiled = source.with_suffix(".mo")
    os.utime(compiled, (source.stat().st_mtime + 10,) * 2)
    first = compiled.stat()
    application.compile_messages()
    assert compiled.stat() == first
    os.utime(source, (first.st_mtime + 10,) * 2)
    application.compile_messages()
    assert compiled.stat() != first


def test_a_translation_that_loses_a_placeholder_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(application, "ROOT", tmp_path)
    source = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    source.write_text(head + '#, python-format\nmsgid "%(n)s left"\nmsgstr "il reste %(m)s"\n')
    with pytest.raises(Trouble, match=r"Compiling locale/fr/LC_MESSAGES/django\.po failed"):
        application.compile_messages()

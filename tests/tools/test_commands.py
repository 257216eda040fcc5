"""The files that people and CI start, and how the tests are started by them."""

import os
import pkgutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

import trials
from tools import campaigns, check, testing
from tools.isolation import separate
from tools.main import COMMANDS, USAGE
from tools.place import ROOT
from tools.sharing import CUT, piece_of


@pytest.mark.parametrize("name", ["run", ".ci/run"])
def test_the_scripts_can_be_started(name):
    assert os.access(ROOT / name, os.X_OK)


def test_the_script_of_ci_is_sound_bash():
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0


def test_help_names_every_command():
    done = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout == USAGE
    for name in COMMANDS:
        assert f"  {name} " in USAGE


def test_the_page_on_running_names_every_command_and_variable_of_the_settings():
    page = (ROOT / "docs" / "operations.md").read_text()
    for name in COMMANDS:
        assert f"`./run {name}" in page
    settings = (ROOT / "dinamis" / "settings.py").read_text()
    read = [
        part.partition('"')[0]
        for part in settings.split("env.")[1:]
        for part in part.split('("')[1:2]
    ]
    missing = [name for name in read if name.isupper() and f"`{name}`" not in page]
    assert [name for name in missing if name != "TESTING"] == []


def test_tests_run_on_nothing_real(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "EMAIL_URL", "SECRET_KEY", "DEMO",
                 "PYTHONDONTWRITEBYTECODE"):  # fmt: skip
        monkeypatch.setenv(name, "real")
    urls = {"DATABASE_URL": "postgis://private", "REDIS_URL": "unix://private"}
    place = SimpleNamespace(var=Path("/temporary"))
    servers = SimpleNamespace(variables=lambda: urls, place=place)
    env = testing.variables(servers, Path("/usr/bin/chromium"))
    assert "real" not in env.values()
    assert env["TESTING"] == "1"
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["STORAGE_URL"] == "file:///temporary/storage"


def test_every_campaign_is_run_once_whatever_it_runs_beside():
    known = {module.name for module in pkgutil.iter_modules(trials.__path__)}
    assert sorted([*campaigns.ALONE, *campaigns._others()]) == sorted(
        name for name in known if not name.startswith("_")
    )


def test_a_campaign_that_fails_fails_the_run(monkeypatch):
    monkeypatch.setattr(campaigns, "_run", lambda name: int(name == "restart"))
    assert campaigns.run_small() == 1
    monkeypatch.setattr(campaigns, "_run", lambda name: 0)
    assert campaigns.run_small() == 0


def test_parallel_workers_share_neither_cache_nor_files():
    alone = {"REDIS_URL": "unix:///x/redis.sock?db=0", "STORAGE_URL": "file:///x/storage"}
    found = []
    for worker in ("gw0", "gw1"):
        env = alone | {"PYTEST_XDIST_WORKER": worker}
        separate(env)
        found.append((env["REDIS_URL"], env["STORAGE_URL"]))
    assert found == [
        ("unix:///x/redis.sock?db=1", "file:///x/storage-gw0"),
        ("unix:///x/redis.sock?db=2", "file:///x/storage-gw1"),
    ]


def test_one_process_alone_keeps_what_it_was_given():
    env = {"REDIS_URL": "redis://x/1", "STORAGE_URL": "file:///x"}
    separate(env)
    assert env == {"REDIS_URL": "redis://x/1", "STORAGE_URL": "file:///x"}


def test_the_checks_ask_no_real_server(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "TESTING"):
        monkeypatch.setenv(name, "real")
    assert "real" not in check._environment().values()


@pytest.mark.parametrize(
    ("given", "workers"),
    [
        (["tests/orders"], True),
        (["tests/orders", "-k", "quota"], True),
        (["tests/browser"], False),
        (["tests/browser/test_join.py"], False),
        (["tests/orders", "-n", "0"], False),
        (["tests/orders", "-n0"], False),
        (["tests/orders", "--pdb"], False),
    ],
)
def test_two_workers_run_what_they_can_share(given, workers):
    assert ("loadfile" in testing._with_workers(given)) is workers
    assert testing._with_workers(given)[-len(given) :] == given


def test_the_closing_line_of_pytest_is_kept_and_its_code_told(tmp_path, capsys):
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert 1 == 2\n")
    plain = ["-p", "no:randomly", "-p", "no:django", "-c", os.devnull, str(tmp_path)]
    code, closing = testing._pytest(plain, os.environ)
    assert code == 1
    assert "1 failed" in closing
    assert closing in capsys.readouterr().out


def test_a_file_is_one_piece_of_work_and_a_long_one_is_cut_by_parameter():
    assert piece_of("tests/a.py::test_one[x]") == piece_of("tests/a.py::test_two")
    assert piece_of("tests/a.py::test_one") != piece_of("tests/b.py::test_one")
    for file, pieces in CUT.items():
        assert (ROOT / file).is_file()
        tests = [f"{file}::test_{name}[route {number}]" for number in range(50) for name in "ab"]
        assert len({piece_of(test) for test in tests}) == pieces
        assert all(piece_of(a) == piece_of(b) for a, b in zip(tests[::2], tests[1::2], strict=True))

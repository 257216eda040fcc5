"""Only missing packages are installed, and what stands in the way is told."""

import os
from pathlib import Path

import pytest

from tools import packages
from tools.place import Place
from tools.trouble import Trouble


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "var").make()


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine whose programs are the scripts written here, with nothing installed yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "archive_Packages").touch()
    (tmp_path / "installed").touch()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(packages, "LISTS", tmp_path / "lists")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def program(name, script):
        path = folder / name
        path.write_text(f"#!/bin/sh\nhere={tmp_path}\n{script}\n")
        path.chmod(0o755)

    program("dpkg-query", 'while read -r name; do echo "$name installed"; done < $here/installed')
    return program


APT = """
echo "$*" >> $here/asked
for word; do last=$word; done
case "$*" in
  *install*) echo "$last" >> $here/installed ;;
esac
"""
OLD_LISTS = """
echo "$*" >> $here/asked
for word; do last=$word; done
case "$*" in
  *update) touch $here/updated ;;
  *install*) [ -e $here/updated ] || { echo "E: Unable to locate package $last"; exit 100; }
             echo "$last" >> $here/installed ;;
esac
"""
OFFLINE = "echo \"W: Temporary failure resolving 'archive'\"; exit 100"


def asked(tmp_path):
    """Return the deeds asked of apt-get, in order."""
    path = tmp_path / "asked"
    lines = path.read_text().splitlines() if path.exists() else []
    return [word for line in lines for word in line.split() if word in ("install", "update")]


def test_what_is_there_is_left_alone(machine, place, tmp_path):
    machine("apt-get", APT)
    (tmp_path / "installed").write_text("gettext\n")
    packages.ensure(place, ["gettext"])
    assert asked(tmp_path) == []


def test_what_is_missing_is_installed_and_nothing_else(machine, place, tmp_path):
    machine("apt-get", APT)
    (tmp_path / "installed").write_text("gettext\n")
    packages.ensure(place, ["gettext", "redis-server"])
    assert (tmp_path / "asked").read_text().endswith("--no-install-recommends redis-server\n")


def test_old_lists_are_renewed_once(machine, place, tmp_path):
    machine("apt-get", OLD_LISTS)
    packages.ensure(place, ["redis-server"])
    assert asked(tmp_path) == ["install", "update", "install"]


def test_lists_that_were_never_read_are_read_first(machine, place, tmp_path):
    machine("apt-get", OLD_LISTS)
    (tmp_path / "lists" / "archive_Packages").unlink()
    packages.ensure(place, ["redis-server"])
    assert asked(tmp_path) == ["update", "install"]


def test_a_missing_network_is_told(machine, place):
    machine("apt-get", OFFLINE)
    with pytest.raises(Trouble, match="the network cannot be reached"):
        packages.ensure(place, ["redis-server"])


def test_an_account_without_rights_is_told_what_to_ask_for(machine, monkeypatch, place, tmp_path):
    machine("apt-get", APT)
    machine("sudo", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="`apt-get install redis-server` as root"):
        packages.ensure(place, ["redis-server"])
    assert asked(tmp_path) == []


def test_sudo_is_used_where_it_answers(machine, monkeypatch, place, tmp_path):
    machine("apt-get", APT)
    machine("sudo", 'while [ "$1" = -n ]; do shift; done; "$@"')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    packages.ensure(place, ["redis-server"])
    assert asked(tmp_path) == ["install"]


def test_a_machine_without_apt_is_told_what_is_missing(monkeypatch, place, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match=r"missing: redis-server\. This machine has no apt-get"):
        packages.ensure(place, ["redis-server"])


def test_real_servers_need_no_server_packages(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://elsewhere/x")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert not {"postgresql", "postgresql-postgis", "redis-server"} & set(packages.wanted())
    assert {"postgresql", "postgresql-postgis", "redis-server"} <= set(packages.wanted_alone())


def test_the_browser_named_is_the_browser_used(monkeypatch, place):
    monkeypatch.setenv("CHROMIUM", "/bin/true")
    assert packages.browser(place) == Path("/bin/true")


def test_a_named_browser_that_is_no_program_is_told(monkeypatch, place, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path))
    (tmp_path / "chromium").touch()
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chromium"))
    with pytest.raises(Trouble, match="is not a program"):
        packages.browser(place)


def test_ubuntu_is_asked_for_a_browser_in_one_sentence(monkeypatch, place, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(packages, "CHROMIUM", tmp_path / "none")
    monkeypatch.setattr(packages, "SHELL", tmp_path / "none")
    monkeypatch.setattr(packages.platform, "freedesktop_os_release", lambda: {"ID": "ubuntu"})
    with pytest.raises(Trouble, match=r"CHROMIUM=/its/path \./run test"):
        packages.browser(place)


@pytest.fixture
def debian(machine, monkeypatch, tmp_path):
    """Debian with neither of its browsers yet; apt-get puts the headless shell where it is looked for."""
    machine("apt-get", APT + "touch $here/chromium-headless-shell")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(packages, "CHROMIUM", tmp_path / "chromium")
    monkeypatch.setattr(packages, "SHELL", tmp_path / "chromium-headless-shell")
    monkeypatch.setattr(packages.platform, "freedesktop_os_release", lambda: {"ID": "debian"})
    return machine


def test_debian_gets_the_browser_without_a_window(debian, place, tmp_path):
    (tmp_path / "chromium").touch()
    assert packages.browser(place) == tmp_path / "chromium-headless-shell"
    assert asked(tmp_path) == ["install"]
    assert packages.browser(place) == tmp_path / "chromium-headless-shell"
    assert asked(tmp_path) == ["install"]


def test_where_that_is_not_to_be_had_the_whole_browser_will_do(debian, place, tmp_path):
    debian("apt-get", OFFLINE)
    (tmp_path / "chromium").touch()
    assert packages.browser(place) == tmp_path / "chromium"

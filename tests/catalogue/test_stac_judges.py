"""The STAC API before judges and clients that nobody here wrote, each unchanged and in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.catalogue import make
from tests.catalogue.judges import images, questions

JUDGES = Path(__file__).parent / "judges"
OFFLINE = str(JUDGES / "offline.py")


@pytest.fixture
def served(transactional_db, live_server, settings, licences):
    settings.SITE_URL = live_server.url
    images.make_all()
    return f"{live_server.url}/stac/"


def run(tmp_path, *command):
    ran = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(tmp_path),
        },
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-6000:]
    return ran.stdout


def test_the_official_validator_finds_no_error(served, tmp_path):
    told = run(tmp_path, OFFLINE, "stac-api-validator", "--root-url", served, *questions.OFFICIAL)
    assert "Errors: none" in told


@pytest.mark.parametrize("name", questions.CLIENTS)
def test_a_client_finds_the_images_of_its_question(served, tmp_path, name):
    told = json.loads(run(tmp_path, str(JUDGES / "clients.py"), name, served).splitlines()[-1])
    assert set(told["collections"]) >= {"pleiades", "spot67"}
    assert told["days"] == questions.DAYS


def test_documents_are_valid_with_all_their_extensions(db, licences, tmp_path):
    """An item with files, one of a pair, a collection, the landing page."""
    names = []
    for name, path in images.make_all().items():
        names.append(f"{name}.json")
        (tmp_path / names[-1]).write_bytes(Client().get(path).content)
    told = run(tmp_path, str(JUDGES / "pystac_validation.py"), *names)
    for extension in ("authentication", "file", "order", "processing", "stereo-imagery", "view"):
        assert f"/{extension}/" in told
    for name in names:
        assert "Passed: True" in run(tmp_path, OFFLINE, "stac-check", name)
        assert '"valid_stac": true' in run(tmp_path, OFFLINE, "stac-valid", "validate", name)


def test_an_item_that_is_wrong_is_refused_by_the_same_judges(db, licences, tmp_path):
    path = f"/stac/collections/pleiades/items/{make.scene().item_id}"
    item = Client().get(path).json()
    item["properties"]["gsd"] = "coarse"
    (tmp_path / "item.json").write_text(json.dumps(item))
    for judge in ([str(JUDGES / "pystac_validation.py")], [OFFLINE, "stac-check"]):
        with pytest.raises(AssertionError, match="coarse"):
            run(tmp_path, *judge, "item.json")

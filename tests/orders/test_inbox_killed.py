"""The inbox with a worker of flesh: a process that is killed again and again, in the middle of whatever it does."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from catalogue.models import Product, ProductFile
from dinamis.outbox import Promise
from dinamis.storage import INCOMING, forget_unfinished
from orders.models import Arrival, Delivery
from orders.services.delivering import inbox
from tests.catalogue.deliveries import make as make_files
from tests.orders import make

KILLS = 8
# A worker's loop without a broker: claim, keep, next.
WORKER = """
import django
django.setup()
from dinamis import outbox
from dinamis.celery import app
app.loader.import_default_modules()
outbox.wake = lambda pk: None
print("ready", flush=True)
while promise := outbox.Promise.objects.claimable().filter(
    task__startswith="orders.tasks.work_on_"
).first():
    outbox.keep(promise.pk)
print("done", flush=True)
"""


def worker(env: dict[str, str]) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def lapse() -> None:
    """As after the three quarters of a minute in which a dead worker's leases end."""
    past = timezone.now() - timedelta(seconds=1)
    Promise.objects.filter(done_at=None).update(claimed_until=past, due_at=past, attempts=0)
    for model in (Arrival, Delivery):
        model.objects.exclude(claimed_until=None).update(claimed_until=past)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_survives_a_worker_that_is_killed_at_any_moment(
    tmp_path, settings, reference, researcher, desk, year
):
    settings.STORAGE_URL = f"file://{tmp_path / 'store'}"
    settings.STORAGES = dict(settings.STORAGES)
    settings.STAGING_DIR = tmp_path / "staging"
    settings.INBOX_URL = f"file://{tmp_path / 'inbox'}"
    line = make.with_supplier(researcher, desk)
    made = make_files(tmp_path / "made", cloud=7.25)
    folder = tmp_path / "inbox" / "airbus"
    folder.mkdir(parents=True)
    shutil.make_archive(str(folder / line.reference), "zip", made.parent)
    (folder / f"{line.reference}.zip.done").touch()
    inbox.look()
    database = connection.settings_dict["NAME"]
    head, _name = os.environ["DATABASE_URL"].partition("?")[0].rsplit("/", 1)
    query = os.environ["DATABASE_URL"].partition("?")[2]
    env = os.environ | {
        "DATABASE_URL": f"{head}/{database}" + (f"?{query}" if query else ""),
        "STORAGE_URL": site.STORAGE_URL,
        "STAGING_DIR": str(settings.STAGING_DIR),
        "INBOX_URL": site.INBOX_URL,
    }
    chance, kills = random.Random(5), 0
    for _time in range(KILLS):
        lapse()
        process = worker(env)
        time.sleep(chance.uniform(0.02, 0.5))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
    for _time in range(3):  # what fails beside a killed one is put off for some seconds
        lapse()
        process = worker(env)
        assert process.communicate(timeout=120)[0] == "done\n"
    assert kills >= 3
    line.refresh_from_db()
    arrival, delivery = Arrival.objects.get(), Delivery.objects.get()
    assert (arrival.state, delivery.state, line.supply) == ("done", "published", "delivered")
    assert Product.objects.count() == 1
    files = list(ProductFile.objects.all())
    assert {Path(file.name).name for file in files} >= {"VOL_PHR.XML"}
    for file in files:
        assert Path(default_storage.path(file.storage_name)).stat().st_size == file.size
    # Nothing doubled, nothing forgotten: the files, two pictures, and what a death left half written.
    forget_unfinished(older_than=timedelta(0))
    stored = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(stored) == len(files) + 2
    assert not list((tmp_path / "store" / INCOMING).iterdir())
    assert [path.name for path in (folder / "done").iterdir()] == [f"{line.reference}.zip"]
    assert not [path for path in settings.STAGING_DIR.rglob("*") if path.is_file()]

"""The store of a process that has not used it yet, and what a death left half written in it."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.functional import LazyObject

from dinamis.storage import INCOMING, Objects, forget_unfinished, is_local


@pytest.fixture
def incoming(settings, tmp_path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}"
    folder = tmp_path / INCOMING
    folder.mkdir()
    return folder


class Twice(LazyObject):
    """As Django's own default storage: lazy around ours, which is lazy too."""

    def _setup(self) -> None:
        self._wrapped = Objects()


def test_a_store_is_known_before_its_first_use(settings, tmp_path):
    settings.STORAGE_URL = f"file://{tmp_path}"
    assert is_local(Twice())
    assert is_local(FileSystemStorage(location=tmp_path))
    settings.STORAGE_URL = "s3://bucket?endpoint=http://127.0.0.1:1"
    assert not is_local(Twice())


def test_what_a_death_left_is_removed_by_the_age_of_its_name_there(incoming):
    for name, days in (("old-content", -3), ("content-of-tomorrow", 1)):
        (incoming / name).write_text("half")
        hour = time.time() + 86_400 * days
        os.utime(incoming / name, (hour, hour))
    assert forget_unfinished(older_than=timedelta(hours=1)) == 0
    assert forget_unfinished(older_than=timedelta(0)) == 2
    assert list(incoming.iterdir()) == []
    assert is_local(default_storage)

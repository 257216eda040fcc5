"""What a dying web process leaves of an upload: a folder that no delivery names. A night's rule removes it."""

import shutil
import time
from pathlib import Path

from django.conf import settings

from dinamis import retention
from orders.models import Delivery
from orders.states import DeliveryState

# An upload takes minutes; whoever has copied for a day is dead.
AFTER_SECONDS = 24 * 3600
_IN_USE = (DeliveryState.RECEIVED, DeliveryState.STORED, DeliveryState.WAITING)


def uploads() -> Path:
    """Where what officers send is copied to, a folder each."""
    return settings.STAGING_DIR / "uploads"


def register() -> None:
    """Called once, when the apps are ready."""
    retention.register("uploads", _forget)


def _forget(most: int) -> int:
    root = uploads()
    if not root.is_dir():
        return 0
    old = time.time() - AFTER_SECONDS
    aged = (one for one in root.iterdir() if one.lstat().st_mtime < old)
    left = [one for one in aged if not _is_in_use(one)][
        : most - 1
    ]  # one run is enough: see `apply`
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _is_in_use(folder: Path) -> bool:
    return Delivery.objects.filter(source__startswith=f"{folder}/", state__in=_IN_USE).exists()

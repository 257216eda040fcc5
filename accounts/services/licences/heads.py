"""The chain's head, noted every day outside the database: whoever rewrites the chain cannot rewrite it there.

One object a day in HEADS_URL, written once and never over: a folder that only its owner may change, or a
bucket whose objects are locked. A line reads `2026-11-25T02:00:00+00:00 signatures 1234 <hash>`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import ChainHead, Signature
from accounts.services.licences import chain
from accounts.services.licences.chain import Fault
from dinamis.storage import storage_at

FOLDER = "heads"


@dataclass(frozen=True, slots=True)
class Noted:
    """A head as it was noted: when, how many signatures there were, the hash of the last."""

    at: datetime
    length: int
    hash: str

    @property
    def line(self) -> str:
        return f"{self.at.isoformat()} {chain.NAME} {self.length} {self.hash}\n"


def note() -> Noted | None:
    """Note today's head; once a day, whoever asks how often. None when today's stands already."""
    store, name = _store(), f"{FOLDER}/{timezone.now():%Y-%m-%d}.txt"
    if store.exists(name):
        return None
    with transaction.atomic():
        chain.lock()
        head = ChainHead.objects.filter(name=chain.NAME).first()
    now = timezone.now().replace(microsecond=0)
    noted = Noted(now, head.length, head.hash) if head else Noted(now, 0, chain.GENESIS)
    store.save(name, ContentFile(noted.line.encode()))
    return noted


def newest() -> Noted | None:
    """The last head that was noted, or None before the first day."""
    store = _store()
    if not store.exists(FOLDER):
        return None
    days = sorted(name for name in store.listdir(FOLDER)[1] if name.endswith(".txt"))
    if not days:
        return None
    with store.open(f"{FOLDER}/{days[-1]}") as file:
        at, _name, length, last = file.read().decode().split()[:4]
    return Noted(datetime.fromisoformat(at), int(length), last)


def faults(noted: Noted | None) -> list[Fault]:
    """What the chain says otherwise than the head that was noted: it was cut, or made anew."""
    if noted is None or noted.length == 0:
        return []
    row = Signature.objects.filter(number=noted.length).first()
    if row is not None and row.hash == noted.hash:
        return []
    what = f"it is not the one noted on {noted.at:%Y-%m-%d}: the chain was made anew or cut"
    return [Fault(f"signature {noted.length}", what)]


def _store() -> Any:
    return storage_at(settings.HEADS_URL)

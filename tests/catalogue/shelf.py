"""Published products with real bytes in the store, and their readers."""

import hashlib
import itertools
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.policies import current_affiliation
from accounts.services.people import affiliations
from catalogue.models import Product, ProductFile
from catalogue.services import uses
from dinamis.actors import Actor
from tests import make as people
from tests.catalogue import make

_numbers = itertools.count(1)
SIZE = 300_007  # bytes: no multiple of any block


def data(size: int = SIZE, seed: int = 1) -> bytes:
    """Bytes that differ at every place, so that a slice of the wrong place is seen."""
    block = hashlib.sha256(str(seed).encode()).digest()
    return b"".join(
        hashlib.sha256(block + number.to_bytes(4)).digest() for number in range(size // 32 + 1)
    )[:size]


def product(licence: str = "pleiades", *, names: tuple[str, ...] = ("IMG/IMG.TIF",)) -> Product:
    """A published product with one stored file for each name."""
    made = make.product(make.scene(), licence=licence)
    for seed, name in enumerate(names, start=1):
        file(made, name, data(seed=seed))
    return made


def file(of: Product, name: str, content: bytes) -> ProductFile:
    stored = default_storage.save(f"shelf/{next(_numbers):06d}.bin", ContentFile(content))
    return ProductFile.objects.create(
        product=of,
        name=name,
        role="image",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        storage_name=stored,
    )


def signed(user: User, of: Product) -> User:
    """The person signs the licence of this product, and has said what images are for."""
    people.signature(user, of.licence_id, subject=of.licence_subject)
    return said(user)


def said(user: User, use: str = "To follow the coast.", *, project: str = "") -> User:
    """The person says theme and use."""
    uses.say(user, theme="coast", use=use, project=project, by=Actor.of(user))
    return user


def body(answer: Any) -> bytes:
    """Every byte of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def taken(answer: Any) -> Any:
    """The answer, read to its end as a reader would; its bytes are `.taken`."""
    answer.taken = body(answer)
    return answer


def leave(user: User) -> None:
    """The person leaves the organisation."""
    affiliations.leave(current_affiliation(user), by=Actor.of(user))


def stored_path(of: ProductFile) -> Path:
    return Path(default_storage.path(of.storage_name))

"""The quicklooks of proposed images, stored once under their digest."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalogue.services.quicklooks import SUFFIXES, kind_of


def store(picture: bytes) -> str:
    """Store a PNG, JPEG or WebP picture; return its name. Raises Invalid (quicklook_unreadable)."""
    digest = hashlib.sha256(picture).hexdigest()
    name = f"proposals/{digest[:2]}/{digest}{SUFFIXES[kind_of(picture)]}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(picture))
    return name

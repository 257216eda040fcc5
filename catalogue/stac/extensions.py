"""What an item says under the extensions of STAC: each only where there is something to say."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.dates import MONTHS

from catalogue.search import files
from catalogue.stac.conformance import EXTENSIONS
from catalogue.stac.instants import stamped, written
from dinamis import formats
from dinamis.storage import is_local

_COUNTS = {"stereo": 2, "tri_stereo": 3}
# Our levels in the words that other catalogues use.
LEVELS = {"primary": "L1A", "projected": "L2A", "ortho": "L3", "mosaic": "L4"}
SIGNED = "signed"
STORED = "stored"
# As the United Nations' register of objects launched into space has them.
DESIGNATORS = {
    "PHR1A": "2011-076F", "PHR1B": "2012-068A", "SPOT1": "1986-019A", "SPOT2": "1990-005A",
    "SPOT3": "1993-061A", "SPOT4": "1998-017A", "SPOT5": "2002-021A", "SPOT6": "2012-047A",
    "SPOT7": "2014-034A", "PNEO3": "2021-034A", "PNEO4": "2021-073E",
}  # fmt: skip
# Each in its own words, and in those of who does not read it.
_LANGUAGES = {
    "fr": {"code": "fr", "name": "français", "alternate": "French"},
    "en": {"code": "en", "name": "English"},
}


def of_scene(scene: Any, sign: str) -> dict[str, Any]:
    """Properties; the absent ones are None. `sign` is where the addresses of files are made into links."""
    taken = scene.stereo_key if scene.stereo in _COUNTS else ""
    return {
        "stereo-img:count": _COUNTS[scene.stereo] if taken else None,
        "stereo-img:group": taken or None,
        "dinamis:base_height": scene.base_height,
        "dinamis:products": _words(scene.offered) or None,
        "sat:platform_international_designator": DESIGNATORS.get(scene.platform_id),
        "sat:orbit_state": scene.orbit_state or None,
        "sat:relative_orbit": scene.relative_orbit,
        "dinamis:embargo_until": _embargo(scene),
        "storage:schemes": storage() if scene.offered else None,
        "product:type": product_type(scene.offered[0]) if scene.offered else None,
        "dinamis:names": _names(scene),
        **languages(),
        "published": stamped(min(p.published_at for p in scene.offered)) if scene.offered else None,
        "auth:schemes": _schemes(sign) if scene.offered else None,
        # The schema wants it of the item, where an asset has it too.
        "processing:level": LEVELS.get(scene.offered[0].level) if scene.offered else None,
    }


def of_asset(product: Any) -> dict[str, Any]:
    """What is true of every file of a product."""
    said = {
        "auth:refs": [SIGNED],
        "processing:level": LEVELS.get(product.level),
        "processing:datetime": written(product.produced_at) if product.produced_at else None,
        "gsd": product.resolution_m,
        "product:type": product_type(product),
        "storage:refs": [STORED] if storage() else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def used(properties: dict[str, Any], assets: dict[str, Any]) -> list[str]:
    """The addresses of the extensions of which this item says something, by their names."""
    within = {name for asset in assets.values() for name in asset}
    return [*_used(tuple(properties), frozenset(within))]


@lru_cache(maxsize=1024)
def _used(properties: tuple[str, ...], within: frozenset[str]) -> tuple[str, ...]:
    """An archive has a hundred kinds of item at most, and millions of each."""
    names = [*properties, *within]
    found = {_PREFIXES.get(name.partition(":")[0]) for name in names if ":" in name}
    found |= {_BARE[name] for name in properties if name in _BARE}
    return tuple(EXTENSIONS[name] for name in sorted(name for name in found if name))


_PREFIXES = {
    "auth": "authentication",
    "eo": "eo",
    "file": "file",
    "order": "order",
    "processing": "processing",
    "product": "product",
    "sat": "sat",
    "storage": "storage",
    "stereo-img": "stereo-imagery",
    "view": "view",
}
_BARE = {"published": "timestamps", "language": "language"}


def languages() -> dict[str, Any]:
    """The language of the answer, and the others that it may be asked in by Accept-Language."""
    told = "en" if (translation.get_language() or "").startswith("en") else "fr"
    others = [one for code, one in _LANGUAGES.items() if code != told]
    return {"language": _LANGUAGES[told], "languages": others}


def product_type(product: Any) -> str:
    """What a product is: its level, and how its bands were put together, in the words of its delivery."""
    return " ".join(word for word in (product.level, product.spectral) if word)


def _words(products: Iterable[Any]) -> list[str]:
    """What a filter may ask of its files: each level and kind of bands, alone and as one product has them."""
    several = (files.words(product.level, product.spectral) for product in products)
    return sorted({word for words in several for word in words})


def storage() -> dict[str, Any] | None:
    """Where the files are: the S3 that holds them, nothing for a disk of ours."""
    if is_local(default_storage):
        return None
    scheme = {
        "type": "custom-s3",
        "platform": default_storage.endpoint_url or "https://{bucket}.s3.{region}.amazonaws.com",
        "bucket": default_storage.bucket_name,
        "region": default_storage.region_name,
        "requester_pays": False,
    }
    return {STORED: scheme}


def _embargo(scene: Any) -> str | None:
    """The day from which files that are kept back now are everybody's: the first, where there are several."""
    days = [product.embargo_until for product in scene.kept_back]
    return min(days).isoformat() if days else None


def _names(scene: Any) -> dict[str, str]:
    """What people call an image, in both languages: satellite and day (UTC)."""
    at, name = scene.datetime, scene.platform.name
    said = {code: f"{at.day} {_months(code)[at.month]} {at.year}" for code in _LANGUAGES}
    said["fr"] = formats.of_first(said["fr"])
    return {code: f"{name}, {day}" for code, day in said.items()}


@cache
def _months(language: str) -> dict[int, str]:
    with translation.override(language):
        return {number: str(month) for number, month in MONTHS.items()}


def _schemes(sign: str) -> dict[str, Any]:
    """How a file's address becomes a link: asked with a key or a token, for at most 64 at once."""
    urls = {
        "in": "body",
        "required": True,
        "description": "Addresses of files, at most 64; the answer has a link for each",
        "schema": {"type": "array", "items": {"type": "string"}},
    }
    flow = {
        "authorizationApi": sign,
        "method": "POST",
        "parameters": {"urls": urls},
        "responseField": "hrefs",
    }
    return {SIGNED: {"type": "signedUrl", "flows": {"authorizationCode": flow}}}

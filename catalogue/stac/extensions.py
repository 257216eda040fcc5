"""What an item says under the extensions of STAC: each only where there is something to say."""

from typing import Any

from catalogue.stac.instants import written

_COUNTS = {"stereo": 2, "tri_stereo": 3}
# Our levels in the words that other catalogues use.
LEVELS = {"primary": "L1A", "projected": "L2A", "ortho": "L3", "mosaic": "L4"}
SIGNED = "signed"


def of_scene(scene: Any, sign: str) -> dict[str, Any]:
    """Properties; the absent ones are None. `sign` is where the addresses of files are made into links."""
    taken = scene.stereo_key if scene.stereo in _COUNTS else ""
    return {
        "stereo-img:count": _COUNTS[scene.stereo] if taken else None,
        "stereo-img:group": taken or None,
        "dinamis:base_height": scene.base_height,
        "published": written(min(p.published_at for p in scene.offered)) if scene.offered else None,
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
    }
    return {name: value for name, value in said.items() if value is not None}


def used(properties: dict[str, Any], assets: dict[str, Any]) -> set[str]:
    """The extensions of which this item says something."""
    names = [*properties, *(name for asset in assets.values() for name in asset)]
    found = {_PREFIXES.get(name.partition(":")[0]) for name in names if ":" in name}
    if "published" in properties:
        found.add("timestamps")
    return {name for name in found if name}


_PREFIXES = {
    "auth": "authentication",
    "eo": "eo",
    "file": "file",
    "order": "order",
    "processing": "processing",
    "stereo-img": "stereo-imagery",
    "view": "view",
}


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

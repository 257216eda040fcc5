"""A scene as a STAC item: facts under their standard names, the files of its products as assets."""

import mimetypes
import re
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus
from uuid import UUID

import shapely
from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from catalogue.stac import extensions
from catalogue.stac.conformance import STAC_VERSION
from catalogue.stac.instants import stamped, written
from dinamis import geo

# The word of our files to the words of STAC; `data` is what clients sign and read.
ROLES = {
    "image": ["data"],
    "cog": ["data"],
    "metadata": ["metadata"],
    "mask": ["data-mask"],
    "preview": ["overview"],
    "icon": ["thumbnail"],
}
_COG = "image/tiff; application=geotiff; profile=cloud-optimized"
_SHA256 = "1220"  # how a multihash says "SHA-256, 32 bytes"


def absolute(name: str, *args: Any) -> str:
    """An address of ours with its host; a page of items has a hundred of them, so each is looked up once."""
    standing = tuple(_KEY if isinstance(arg, UUID) else _NUMBER for arg in args)
    begins, *parts = _form(name, standing, settings.SITE_URL, get_script_prefix())
    told = [quote(str(arg), safe=_SAFE) + part for arg, part in zip(args, parts, strict=True)]
    return "".join([begins, *told])


@cache
def _form(name: str, standing: tuple[Any, ...], site: str, _prefix: str) -> list[str]:
    """What stands before, between and after the arguments: a number fits wherever a word does."""
    return re.split(f"{_NUMBER}|{_KEY}", site + reverse(name, args=standing))


_NUMBER = 7_300_000_001
_KEY = UUID(int=_NUMBER)
_SAFE = "!$&'()*+,;=/~:@"  # as `reverse` quotes


def link(rel: str, href: str, kind: str = "application/json", **more: Any) -> dict[str, Any]:
    return {"rel": rel, "href": href, "type": kind, **more}


def item(scene: Any) -> dict[str, Any]:
    """One item. The scene comes from `catalogue.services.stac`: with `outline` (its footprint as WKB), its
    collection, its satellite and its `offered` products with their files.
    """
    collection = absolute("stac_collection", scene.collection_id)
    assets = _pictures(scene)
    for product in scene.offered:
        assets |= _files(product)
    properties = _properties(scene)
    outline = shapely.from_wkb(bytes(scene.outline))
    return {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": extensions.used(properties, assets),
        "id": scene.item_id,
        "collection": scene.collection_id,
        "geometry": geo.to_mapping(outline),
        "bbox": [*outline.bounds],
        "properties": properties,
        "links": [
            link("self", item_url(scene), "application/geo+json"),
            link("parent", collection),
            link("collection", collection),
            link("root", absolute("stac")),
            link("alternate", absolute("scene", scene.item_id), "text/html"),
            *(told for product in scene.offered for told in _licence(product)),
            *_order(scene),
        ],
        "assets": assets,
    }


def item_url(scene: Any) -> str:
    return absolute("stac_item", scene.collection_id, scene.item_id)


def _properties(scene: Any) -> dict[str, Any]:
    """What is absent stays absent: no figure for the clouds is not 0 %."""
    facts = {
        "title": scene.item_id,
        "datetime": written(scene.datetime),
        "created": stamped(scene.added_at),
        "platform": scene.platform_id,
        "constellation": scene.platform.collection_id,
        "gsd": scene.resolution_m,
        "eo:cloud_cover": scene.cloud_cover,
        "eo:snow_cover": scene.snow_cover,
        "view:incidence_angle": _size(scene.incidence),
        "view:off_nadir": _size(scene.viewing),
        "view:sun_azimuth": scene.sun_azimuth,
        "view:sun_elevation": scene.sun_elevation,
        "order:status": _status(scene),
        "dinamis:incidence_along": scene.incidence_along,
        "dinamis:incidence_across": scene.incidence_across,
        "dinamis:orientation": scene.orientation,
        "dinamis:stereo": scene.stereo,
        "dinamis:footprint_source": scene.footprint_source,
        "dinamis:demonstration": scene.collection.is_demonstration or None,
        **extensions.of_scene(scene, absolute("sign_urls") if scene.offered else ""),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _status(scene: Any) -> str | None:
    """Here already, to be ordered, or None: withdrawn, of a satellite that nobody orders from."""
    if scene.offered:
        return "succeeded"
    return "orderable" if scene.platform.sensor_id else None


def _size(angle: float | None) -> float | None:
    """STAC's angles from the vertical have no sign."""
    return None if angle is None else abs(angle)


def _pictures(scene: Any) -> dict[str, Any]:
    if not scene.quicklook:
        return {}
    return {
        "thumbnail": {
            "href": absolute("scene_thumbnail", scene.item_id),
            "type": "image/jpeg",
            "title": _("Thumbnail"),
            "roles": ["thumbnail"],
        },
        "quicklook": {
            "href": absolute("scene_quicklook", scene.item_id),
            "type": "image/jpeg",
            "title": _("Quicklook"),
            "roles": ["overview"],
        },
    }


def _files(product: Any) -> dict[str, Any]:
    """The files behind the licence: their addresses are signed by POST /signing/sign_urls."""
    made = {}
    for file in product.files.all():
        made[f"{product.pk}/{file.name}"] = {
            "href": absolute("product_file", product.pk, file.pk),
            "type": _COG if file.role == "cog" else _kind(file.name),
            "title": f"{product.title}: {file.name.rpartition('/')[2]}",
            "roles": ROLES.get(file.role, ["metadata"]),
            "file:size": file.size,
            "file:checksum": _SHA256 + file.sha256,
            **extensions.of_asset(product),
            **(_bands(product) if file.role in ("image", "cog") else {}),
        }
    return made


def _bands(product: Any) -> dict[str, Any]:
    """The bands of its images, in their order."""
    return {"bands": [{"name": str(band)} for band in product.bands]} if product.bands else {}


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _licence(product: Any) -> list[dict[str, Any]]:
    """The page where it is signed, and for who may read it the sidecar: text, credit line, signature, files."""
    name = product.licence.name
    page, sidecar = (absolute(view, product.pk) for view in ("product", "product_licence"))
    return [
        link("license", page, "text/html", title=f"{name}: {product.title}"),
        link("license", sidecar, "application/json", title=f"{name}. {product.credit}"),
    ]


def _order(scene: Any) -> list[dict[str, Any]]:
    """Where the scene can be asked for, while nothing of it is here."""
    if _status(scene) != "orderable":
        return []
    asked = f"identifier={quote_plus(scene.item_id)}"
    return [link("order", f"{settings.SITE_URL}/orders/new?{asked}", "text/html")]

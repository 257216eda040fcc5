"""What the product page is given: figures, files, the map's features, and whose turn it is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.dimap.facts import Role
from catalogue.models import Product
from catalogue.services import downloads, passing, uses
from catalogue.views import figures, shown
from dinamis import formats
from dinamis.errors import Refused


def page(product: Product, user: Any) -> dict[str, Any]:
    """Everything that templates/catalogue/product.html shows."""
    files = list(product.files.all())
    return {
        "product": product,
        "scene": product.scene,
        "acquired": figures.instant(product.scene),
        "features": features(product),
        "facts": facts(product),
        "files": files,
        "images": [file for file in files if file.role == Role.IMAGE],
        "others": [file for file in files if file.role != Role.IMAGE],
        "size": sum(file.size for file in files),
        "answers": list(product.licence.answers.all()),
        "may_hand": bool(user.is_authenticated and passing.receivers(product)),
        "identifiers": [one.value for one in product.identifiers.all()],
        **standing(product, user),
    }


def standing(product: Product, user: Any) -> dict[str, Any]:
    """Whether this reader may download now, and if not, why and what to do."""
    signature = downloads.signature_of(user, product)
    try:
        downloads.check(user, product)
    except Refused as refused:
        to_sign = refused.code == "licence_not_signed"
        url = downloads.sign_url(product) if to_sign else ""
        return {"may_take": False, "refused": refused, "sign_url": url, "signature": signature}
    asked = uses.is_asked(product)
    use = uses.stated(user) if asked else None
    return {
        "may_take": not asked or use is not None,
        "may_hand_now": True,
        "refused": None,
        "sign_url": "",
        "signature": signature,
        "use": use,
        "use_url": uses.say_url(product) if asked else "",
    }


def facts(product: Product) -> list[tuple[str, str]]:
    """The figures of the product, what is not said left out."""
    percent = None if product.cloud_cover is None else formats.percent(product.cloud_cover, 1)
    metres = product.resolution_m and f"{formats.number(product.resolution_m)}\u00a0m"
    known = [
        (_("Processing level"), product.get_level_display()),
        (_("Spectral processing"), product.spectral),
        (_("Bands"), ", ".join(product.bands)),
        (_("Bits per value"), product.bits and formats.number(product.bits)),
        (_("Format"), product.image_format),
        (_("Coordinate system"), product.epsg and f"EPSG:{product.epsg}"),
        (_("Resolution"), metres),
        (_("Cloud over the product"), percent),
        (_("Area"), formats.area(product.area_km2, 1)),
        (_("Produced"), product.produced_at and formats.day(product.produced_at)),
        (_("Published"), formats.day(product.published_at)),
    ]
    return [(label, str(value)) for label, value in known if value]


def features(product: Product) -> dict[str, Any]:
    """The product's footprint and picture for static/js/footprints.js."""
    about: dict[str, Any] = {"id": str(product.pk), "way": "download", "label": product.title}
    if product.quicklook and product.quicklook_corners:
        upper_left, upper_right, _lower_right, lower_left = product.quicklook_corners
        about["quicklook"] = quicklook_url(product)
        about["quicklook_corners"] = [
            [corner[1], corner[0]] for corner in (upper_left, upper_right, lower_left)
        ]
    shape = shown.outline(product.footprint)
    feature = {"type": "Feature", "properties": about, "geometry": shape}
    return {"type": "FeatureCollection", "features": [feature]}


def quicklook_url(product: Product) -> str:
    """The address of the picture, which changes with it."""
    version = product.quicklook.rpartition("-")[2].partition(".")[0]
    return f"{reverse('product_quicklook', args=[product.pk])}?v={version}"

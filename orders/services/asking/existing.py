"""What members already have over an area: nobody pays twice for an image that an institution has."""

from decimal import Decimal
from typing import Any

from catalogue.models import Product, Sensor
from dinamis import geo

MOST = 5  # products told of


def existing_products(area: Any, area_km2: Decimal, *, sensor: Sensor) -> list[dict[str, str]]:
    """Published products of a sensor over an area, the one that covers most of it first, as JSON.

    `share` is in per cent of the area, `overlap_km2` geodesic.
    """
    near = (
        Product.objects.published()
        .filter(footprint__intersects=area, scene__platform__sensor=sensor)
        .select_related("scene")
        .order_by("-scene__datetime")[:50]
    )
    told = [_told(product, geo.overlap_km2(area, product.footprint), area_km2) for product in near]
    told = [product for product in told if Decimal(product["overlap_km2"]) > 0]
    return sorted(told, key=lambda product: -Decimal(product["overlap_km2"]))[:MOST]


def _told(product: Product, overlap: Decimal, area_km2: Decimal) -> dict[str, str]:
    share = min(Decimal(100), (100 * overlap / area_km2).quantize(Decimal("0.1")))
    return {
        "product": str(product.pk),
        "title": product.title,
        "acquired_on": product.scene.datetime.date().isoformat(),
        "overlap_km2": str(overlap),
        "share": str(share),
        "licence": product.licence_id,
    }

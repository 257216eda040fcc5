"""Products: what a delivery's image becomes for every member, from the moment it is published."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Licence
from accounts.policies import check_is_desk
from catalogue.dimap.facts import ProductFacts
from catalogue.models import (
    Identifier,
    Product,
    ProductFile,
    Scene,
    SceneEvent,
    bare,
)
from catalogue.services import fixity, platforms, quicklooks, scenes, withdrawing
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit
from dinamis.said import gettext as _


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store: its name inside the delivery, role, size in bytes, digest, stored name."""

    name: str
    role: str
    size: int
    sha256: str
    storage_name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A product's pictures in the store; `bounds` are west, south, east, north in degrees."""

    quicklook: str = ""
    thumbnail: str = ""
    bounds: tuple[float, float, float, float] | None = None

    @property
    def corners(self) -> list[list[float]] | None:
        if self.bounds is None:
            return None
        return [list(corner) for corner in quicklooks.box_corners(*self.bounds)]


def delivery_key(root: Path, facts: ProductFacts) -> str:
    """What makes one product one, however often it is handed in: the digest of what describes it."""
    return facts.digest or hashlib.sha256((root / facts.path).read_bytes()).hexdigest()


@transaction.atomic
def publish(
    facts: ProductFacts,
    *,
    key: str,
    files: Sequence[Stored],
    picture: Picture,
    licence: str = "",
    notes: Sequence[dict[str, str]] = (),
    embargo_until: date | None = None,
    by: Actor,
) -> Product:
    """Make a product of what a delivery says and holds, and tell the rooms above.

    Under an embargo, which a day that has come is not, they are told when it ends.

    Published already (the same `key`), it is returned as it is, its damaged files restored from what was
    handed in again. Raises Invalid (no_date,
    no_footprint, satellite_not_offered), NotNow (product_withdrawn).
    """
    known = Product.objects.filter(delivery_key=key).first()
    if known is not None:
        product = _still_offered(known)
        fixity.restore(product, [(file.sha256, file.storage_name) for file in files], by=by)
        return product
    scene = scene_of(facts, by=by)
    footprint = geo.to_multi(facts.footprint)
    product = Product.objects.create(
        **_columns(facts, scene),
        scene=scene,
        delivery_key=key,
        footprint=geo.to_geos(footprint, multi=True),
        clouds=geo.to_geos(facts.clouds, multi=True) if facts.clouds else None,
        snow=geo.to_geos(facts.snow, multi=True) if facts.snow else None,
        area_km2=geo.area_km2(footprint),
        licence=licence_of(scene, licence),
        published_at=timezone.now(),
        embargo_until=embargo_until
        if embargo_until and embargo_until > timezone.localdate()
        else None,
        notes=list(notes),
        quicklook=picture.quicklook,
        thumbnail=picture.thumbnail,
        quicklook_corners=picture.corners,
        **by.columns(),
    )
    # Their digests were worked out of the bytes as these were stored.
    now = product.published_at
    ProductFile.objects.bulk_create(_file(product, file, now) for file in files)
    _name(product, scene, facts)
    _show(scene, picture)
    _tell_orbit(scene, facts)
    _note(product, SceneEvent.Kind.PUBLISHED, by=by)
    if product.is_under_embargo:
        until = product.embargo_until.isoformat()
        _note(product, SceneEvent.Kind.EMBARGOED, by=by, until=until)
        return product
    emit("product.published", product=product, by=by)
    return product


@transaction.atomic
def withdraw(product: Product, *, reason: str, by: Actor) -> Product:
    """Take a product out of the catalogue: its links stop with the next request."""
    check_is_desk(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: members will read it."))
    product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)
    product.state, product.state_reason = Product.State.WITHDRAWN, reason.strip()[:300]
    product.save(update_fields=["state", "state_reason"])
    _note(product, SceneEvent.Kind.WITHDRAWN, by=by, reason=product.state_reason)
    return product


def scene_of(facts: ProductFacts, *, by: Actor) -> Scene:
    """The scene of a product, found by any of its names, else added from what the delivery says."""
    for name in facts.identifiers:
        found = scenes.find(name)
        if found is not None and found.withdrawn_at is not None:
            raise withdrawing.withdrawn(found)
        if found is not None:
            return found
    if facts.acquired_at is None:
        raise Invalid("no_date", _("Neither the metadata nor a name says when this was taken."))
    platform = platforms.named(facts.platform)
    return scenes.add(
        item_id=facts.scene_identifier,
        acquired_at=facts.acquired_at,
        footprint=footprint_of(facts),
        footprint_source=Scene.FootprintSource.SUPPLIER,
        figures=_figures(facts),
        platform=platform,
        collection=platforms.collection_for(facts.collection, platform),
        names=facts.identifiers,
        by=by,
    )


def licence_of(scene: Scene, code: str) -> Licence:
    """The licence named, else that of the scene's collection, else of its satellite's.

    Raises Invalid (no_licence) where nothing says it: nobody guesses under what files are given out.
    """
    if code:
        return Licence.objects.get(code=code)
    found = scene.collection.licence or scene.platform.collection.licence
    if found is None:
        raise Invalid(
            "no_licence",
            _("Nothing says under which licence images of “%(collection)s” are offered: name one.")
            % {"collection": scene.platform.collection},
        )
    return found


def footprint_of(facts: ProductFacts) -> Any:
    """The outline of a product's pixels. Raises Invalid (no_footprint) when nothing says it."""
    if facts.footprint is None:
        raise Invalid("no_footprint", _("The metadata does not say where this image lies."))
    return facts.footprint


def _still_offered(known: Product) -> Product:
    if known.state == Product.State.PUBLISHED:
        return known
    raise NotNow(
        "product_withdrawn",
        _("This product was here and was withdrawn: %(reason)s") % {"reason": known.state_reason},
    )


def _figures(facts: ProductFacts) -> scenes.Figures:
    angles = facts.angles
    return scenes.Figures(
        cloud_cover=facts.cloud_cover,
        snow_cover=facts.snow_cover,
        incidence=angles.incidence,
        incidence_along=angles.incidence_along,
        incidence_across=angles.incidence_across,
        viewing=angles.viewing,
        viewing_along=angles.viewing_along,
        viewing_across=angles.viewing_across,
        orientation=angles.orientation,
        sun_azimuth=angles.sun_azimuth,
        sun_elevation=angles.sun_elevation,
    )


def _columns(facts: ProductFacts, scene: Scene) -> dict[str, Any]:
    footprint_of(facts)
    level = facts.level or Product.Level.PRIMARY
    day = scene.datetime.date().isoformat()
    return {
        "title": f"{scene.platform.name} · {day} · {facts.spectral or '–'} · {level}"[:200],
        "level": str(level),
        "spectral": facts.spectral[:20],
        "bands": list(facts.bands),
        "bits": facts.bits,
        "image_format": facts.image_format,
        "epsg": facts.epsg,
        "resolution_m": facts.resolution_m,
        "cloud_cover": facts.cloud_cover,
        "produced_at": facts.produced_at,
    }


def _file(product: Product, file: Stored, now: datetime) -> ProductFile:
    return ProductFile(
        product=product,
        name=file.name,
        role=file.role,
        size=file.size,
        sha256=file.sha256,
        storage_name=file.storage_name,
        hashed_at=now,
        looked_at=now,
    )


def _name(product: Product, scene: Scene, facts: ProductFacts) -> None:
    """A name that nobody bears yet is the product's; the scene keeps its own."""
    for name in facts.identifiers:
        Identifier.objects.get_or_create(value=bare(name)[:120], defaults={"product": product})


def _note(product: Product, kind: str, *, by: Actor, **facts: str) -> None:
    """A line of history, which hangs on the scene."""
    written = {"product": product.pk, **facts}
    SceneEvent.objects.create(scene=product.scene, kind=kind, facts=written, **by.columns())


def _tell_orbit(scene: Scene, facts: ProductFacts) -> None:
    """What a scene does not know of its orbit its first delivery tells."""
    if not scene.orbit_state and scene.relative_orbit is None:
        scene.orbit_state, scene.relative_orbit = facts.orbit_state, facts.relative_orbit
        if facts.orbit_state or facts.relative_orbit is not None:
            scene.save(update_fields=["orbit_state", "relative_orbit"])


def _show(scene: Scene, picture: Picture) -> None:
    """A scene without a picture takes the product's."""
    if picture.quicklook and not scene.quicklook and picture.corners:
        scene.quicklook, scene.quicklook_corners = picture.quicklook, picture.corners
        scene.save(update_fields=["quicklook", "quicklook_corners"])

"""A wish as it is sent, by a form or a program, turned into a wish that can be priced."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import Scene, Sensor
from catalogue.services import areas, scenes
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound
from orders.pricing.words import Kind
from orders.services.asking.wishes import Production, Tasking


def wish_of(sent: Mapping[str, Any], *, by: Actor | None) -> Production | Tasking:
    """Find what a checked form names: the scene by identifier, the sensor, the saved area.

    `sent` has kind, mode, options, and scene, or sensor, window, ceilings and tries; the area is
    `area` (a geometry) or `area_key`. Raises Invalid (identifier_malformed, sensor_unknown) and
    NotFound (area_unknown). A well-formed identifier that is unknown becomes a scene to complete,
    or without `by`, where nothing is written, is not found.
    """
    without = tuple(sent.get("without", ()))
    area = areas.get(sent["area_key"]).geometry if sent.get("area_key") else sent.get("area")
    if sent["kind"] == Kind.PRODUCTION:
        return Production(
            _scene(sent["scene"], by=by), area, sent["mode"], sent["options"], without
        )
    sensor = Sensor.objects.filter(code=sent["sensor"]).first()
    if sensor is None:
        raise Invalid("sensor_unknown", _("There is no sensor of this name."), field="sensor")
    return Tasking(
        sensor=sensor,
        area=area,
        starts_on=sent["window"]["starts_on"],
        ends_on=sent["window"]["ends_on"],
        mode=sent["mode"],
        max_cloud=sent.get("max_cloud"),
        max_incidence=sent.get("max_incidence"),
        tries=sent.get("tries"),
        accept_cloud=sent.get("accept_cloud"),
        min_bh=sent.get("min_bh"),
        max_bh=sent.get("max_bh"),
        options=sent["options"],
        without=without,
    )


def _scene(identifier: str, *, by: Actor | None) -> Scene:
    found = scenes.find(identifier)
    if found is None and by is None:
        raise NotFound("scene_unknown", _("We have no image with this identifier."))
    found = found or scenes.from_identifier(identifier, by=by)
    return Scene.objects.select_related("platform__sensor").get(pk=found.pk)

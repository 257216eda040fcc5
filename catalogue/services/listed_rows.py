"""The lines of a list held against the catalogue: new, changed, unchanged, or refused with the sentence."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from catalogue.lists.names import Listed, Told, told
from catalogue.models import Identifier, Platform, Scene, SceneEvent, SceneImportRow, bare
from dinamis import geo
from dinamis.errors import Invalid, Refused

Outcome = SceneImportRow.Outcome
FIGURES = (
    "cloud_cover", "snow_cover", "incidence", "incidence_along", "incidence_across", "viewing",
    "orientation", "sun_azimuth", "sun_elevation", "resolution_m",
)  # fmt: skip
_SAME_DEGREES = 1e-7  # a centimetre: the same outline written with fewer digits
_SAME_FIGURE = 1e-6


def judged(listed: Sequence[Listed]) -> list[SceneImportRow]:
    """One unsaved row for each line, in order."""
    read: list[tuple[Listed, Told | Refused]] = []
    for line in listed:
        try:
            read.append((line, told(line)))
        except Refused as refused:
            read.append((line, refused))
    names = [one.item_id for _line, one in read if isinstance(one, Told)]
    known = _known(names)
    platforms = Platform.objects.in_bulk()
    seen: set[str] = set()
    return [_row(line, one, known, platforms, seen) for line, one in read]


def scene_facts(scene: Scene) -> dict[str, Any]:
    """What a list may change of a scene, as JSON."""
    facts = {name: getattr(scene, name) for name in FIGURES}
    return {**facts, "footprint": geo.to_mapping(geo.to_shapely(scene.footprint))}


def same(one: Any, two: Any) -> bool:
    """Two figures, or two outlines in GeoJSON, that say the same."""
    if isinstance(one, dict) and isinstance(two, dict):
        first, second = (geo.to_shapely(shape).normalize() for shape in (one, two))
        return first.equals_exact(second, _SAME_DEGREES) or first.equals(second)
    if isinstance(one, float | int) and isinstance(two, float | int):
        return abs(one - two) <= _SAME_FIGURE
    return one == two


def _known(names: Sequence[str]) -> dict[str, Scene]:
    """Scenes by each bare name under which the list may call them, in two queries."""
    rows = Identifier.objects.written(*names).values_list("value", "scene_id", "product__scene_id")
    by_name = {value: scene or product_scene for value, scene, product_scene in rows}
    scenes = Scene.objects.in_bulk(set(by_name.values()))
    return {value: scenes[pk] for value, pk in by_name.items() if pk in scenes}


def _row(
    line: Listed,
    read: Told | Refused,
    known: dict[str, Scene],
    platforms: dict[str, Platform],
    seen: set[str],
) -> SceneImportRow:
    row = SceneImportRow(number=line.number, outcome=Outcome.REFUSED)
    try:
        if isinstance(read, Refused):
            raise read
        row.item_id = read.item_id
        if bare(read.item_id) in seen:
            raise Invalid("listed_twice", _("It stands in this list twice; the first line counts."))
        seen.add(bare(read.item_id))
        _check_offered(read, platforms)
        scene = known.get(bare(read.item_id))
        if scene is None:
            _new(row, read)
        else:
            _against(row, read, scene)
    except Refused as refused:
        row.outcome, row.sentence = Outcome.REFUSED, str(refused.sentence)[:500]
        row.after, row.before = {}, {}
    return row


def _check_offered(read: Told, platforms: dict[str, Platform]) -> None:
    platform = platforms.get(read.platform)
    if platform is None or platform.sensor_id is None:
        raise Invalid(
            "satellite_not_offered",
            _("Images of %(satellite)s cannot be ordered here.") % {"satellite": read.platform},
        )
    day = read.acquired_at.date()
    ended = platform.in_service_to is not None and day > platform.in_service_to
    if day < platform.in_service_from or ended:
        told_day = {"satellite": platform.name, "day": day.isoformat()}
        sentence = _("%(satellite)s took no image on %(day)s: it was not in service.")
        raise Invalid("satellite_not_in_service", sentence % told_day)


def _new(row: SceneImportRow, read: Told) -> None:
    if read.shape is None:
        raise Invalid("no_footprint", _("Its line has no footprint that can be used."))
    row.outcome = Outcome.NEW
    row.after = {
        **read.figures,
        "footprint": geo.to_mapping(_checked(read.shape)),
        "datetime": read.acquired_at.isoformat(),
        "platform": read.platform,
    }


def _against(row: SceneImportRow, read: Told, scene: Scene) -> None:
    """Only what the line says and the scene says otherwise; silence changes nothing."""
    row.scene = scene
    if scene.withdrawn_at is not None and not _was_undone(scene):
        told_reason = {"reason": scene.withdrawn_reason}
        sentence = _("This image was withdrawn from the catalogue: %(reason)s")
        raise Invalid("scene_withdrawn", sentence % told_reason)
    says: dict[str, Any] = dict(read.figures)
    if read.shape is not None:
        says["footprint"] = geo.to_mapping(_checked(read.shape))
    stands = scene_facts(scene)
    if not scene.is_complete and "footprint" not in says:
        raise Invalid("no_footprint", _("Its line has no footprint that can be used."))
    differs = {name: value for name, value in says.items() if not same(value, stands[name])}
    if not scene.is_complete:
        differs["footprint"] = says["footprint"]
    row.after, row.before = differs, {name: stands[name] for name in differs}
    is_back = scene.withdrawn_at is not None
    row.outcome = Outcome.NEW if is_back else Outcome.CHANGED if differs else Outcome.UNCHANGED


def _was_undone(scene: Scene) -> bool:
    """It is away only because the list that added it was undone: another list may bring it back."""
    last = (
        scene.events.filter(kind__in=[SceneEvent.Kind.UNDONE, SceneEvent.Kind.SET_ASIDE])
        .order_by("at", "pk")
        .last()
    )
    return last is not None and last.kind == SceneEvent.Kind.UNDONE


def _checked(shape: BaseGeometry) -> BaseGeometry:
    return geo.check_area(shape).geometry

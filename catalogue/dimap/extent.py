"""Where a product lies: the raster's frame, and the region that holds pixels."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from shapely.geometry import MultiPolygon, Polygon

from catalogue.dimap import masks as gml
from catalogue.dimap import shapes, xml
from catalogue.dimap.facts import Corner, Mask
from catalogue.dimap.notes import Notes
from catalogue.dimap.shapes import epsg_of
from catalogue.dimap.tree import Tree
from dinamis.said import gettext as _

__all__ = ["Place", "epsg_of", "frame_polygon", "read", "vertices"]


@dataclass(frozen=True, slots=True)
class Place:
    """Corners of the frame, centre, footprint, clouds and snow, in degrees WGS 84."""

    corners: tuple[Corner, ...]
    centre: tuple[float, float] | None
    footprint: Polygon | MultiPolygon | None
    footprint_from: str
    clouds: MultiPolygon | None
    snow: MultiPolygon | None = None


def read(
    tree: Tree, root: Element, masks: tuple[Mask, ...], epsg: int | None, notes: Notes
) -> Place:
    """The product's place. The frame of an ortho is wider than its image: where the region of
    interest can be read it is the footprint, and its area is the stated one."""
    frame = xml.first(root, "Dataset_Extent")
    corners, centre = vertices(frame, notes)
    shape = frame_polygon(corners, notes)
    read_masks = {}
    for kind in ("roi", "cld", "snw"):
        path = next((mask.path for mask in masks if mask.kind == kind), None)
        read_masks[kind] = _mask(tree, path, corners, epsg, notes) if path else None
    region = read_masks["roi"]
    if region is not None and not region.is_empty:
        single = region.geoms[0] if len(region.geoms) == 1 else region
        return Place(corners, centre, single, "roi", read_masks["cld"], read_masks["snw"])
    source = "extent" if shape else ""
    return Place(corners, centre, shape, source, read_masks["cld"], read_masks["snw"])


def vertices(
    frame: Element | None, notes: Notes, *, prefix: str = ""
) -> tuple[tuple[Corner, ...], tuple[float, float] | None]:
    """The vertices in their order, without a repeated last one, and the centre.

    `prefix` stands before LON, LAT, ROW and COL in DIMAP V1 (FRAME_).
    """
    if frame is None:
        notes.add("no_footprint", _("The metadata gives no footprint."))
        return (), None
    found = [_corner(vertex, prefix) for vertex in xml.all_of(frame, "Vertex")]
    corners = [corner for corner in found if corner is not None]
    if len(corners) != len(found):
        notes.add("bad_value", _("A vertex of the footprint has no usable coordinates."))
    if len(corners) > 1 and (corners[0].lon, corners[0].lat) == (corners[-1].lon, corners[-1].lat):
        corners = corners[:-1]
    elif corners:
        notes.add("ring_closed", _("The footprint's ring was not closed; it was closed here."))
    middle = xml.first(frame, "Scene_Center" if prefix else "Center")
    centre = _corner(middle, prefix) if middle is not None else None
    return tuple(corners), (centre.lon, centre.lat) if centre else None


def _corner(vertex: Element, prefix: str) -> Corner | None:
    lon, lat, col, row = (
        xml.number(xml.text(vertex, prefix + name)) for name in ("LON", "LAT", "COL", "ROW")
    )
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return Corner(lon, lat, col, row)


def frame_polygon(corners: tuple[Corner, ...], notes: Notes) -> Polygon | MultiPolygon | None:
    """The outline of the raster's frame, None when its corners make none."""
    if not corners:
        return None
    # Some files list the centre as a fifth vertex, which would cut a notch into the frame.
    four = shapes.corners_of(corners)
    ring = [(corner.lon, corner.lat) for corner in four or corners]
    if four and len(corners) > 4 and not all(_on_edge(corner, four) for corner in corners):
        notes.add("vertex_dropped", _("A vertex inside the frame was left out of the footprint."))
    elif len(corners) > 4:
        ring = [(corner.lon, corner.lat) for corner in corners]
    shape = shapes.polygon(ring)
    if shape is None:
        notes.add("bad_footprint", _("The footprint crosses itself or is empty: not used."))
    return shape


def _on_edge(corner: Corner, four: tuple[Corner, ...]) -> bool:
    cols, rows = {c.col for c in four}, {c.row for c in four}
    return corner.col in cols or corner.row in rows


def _mask(
    tree: Tree, path: str, corners: tuple[Corner, ...], epsg: int | None, notes: Notes
) -> MultiPolygon | None:
    try:
        return gml.read(tree.path(path), path, corners=corners, epsg=epsg)
    except gml.Unusable:
        sentence = _("The mask %(file)s cannot be placed on the Earth: not used.")
        notes.add("mask_unusable", sentence % {"file": path}, path)
        return None

"""What the child's refusals and remarks say to people."""

from django.utils.translation import gettext_lazy as _

# The child's code: what the reader is told. Facts fill the named places.
REFUSALS = {
    "area_outside_crs": _("Some points lie where %(system)s has no meaning."),
    "crs_unknown": _("%(crs)s is no coordinate system that we know: give an EPSG number."),
    "file_empty": _("There is no area in this file."),
    "file_too_many_areas": _(
        "This file holds %(count)s areas; at most %(limit)s are read: keep those that you need."
    ),
    "file_too_many_features": _(
        "This file holds more than %(limit)s objects: keep the areas that you need."
    ),
    "file_too_many_fields": _("This file has %(count)s columns; at most %(limit)s are read."),
    "file_too_many_layers": _(
        "This file has %(count)s layers; at most %(limit)s are read: keep the one that you need."
    ),
    "file_too_many_vertices": _(
        "The areas of this file have %(count)s points; at most %(limit)s are read. Simplify them first."
    ),
    "file_unreadable": _("This file cannot be read: it is damaged, or not what its name says."),
    "file_without_polygon": _(
        "This file holds points or lines: an area must be a closed outline (a polygon)."
    ),
    "kmz_without_kml": _("There is no KML in this KMZ."),
    "missing_crs": _(
        "This file does not say its coordinate system (a shapefile says it in its .prj): tell us which it is."
    ),
    "not_kml": _("This file is XML, but not KML."),
    "not_utf8": _("This GeoJSON is not written in UTF-8: save it again with that encoding."),
    "xml_broken": _("This KML is damaged: its XML cannot be read."),
    "xml_entities": _("This KML declares a document type or entities, which is not accepted."),
    "xml_too_deep": _("The elements of this KML are nested too deeply."),
    "zip_bomb": _("This archive is far larger unpacked than it looks: it is not opened."),
    "zip_broken": _("This archive is damaged: pack it again."),
    "zip_encrypted": _("This archive is protected by a password: pack it without one."),
    "zip_link": _("This archive holds links instead of files: pack the files themselves."),
    "zip_many_files": _("This archive holds %(count)s files of areas: send one at a time."),
    "zip_nested": _("This archive holds another archive: send the inner one."),
    "zip_same_name_twice": _("Two files in this archive have the same name."),
    "zip_too_many_entries": _(
        "This archive has %(count)s entries; at most %(limit)s are looked at."
    ),
    "zip_too_many_shapefiles": _(
        "This archive has %(count)s shapefiles; at most %(limit)s are read."
    ),
    "zip_unsafe_name": _("A file in this archive has a name that leads outside it."),
    "zip_without_area": _(
        "There is no area in this archive: a shapefile, GeoJSON, KML or GeoPackage is looked for."
    ),
}

NOTES = {
    "closed": _("A ring that was left open was closed."),
    "converted": _("It was read in %(system)s and converted to longitude and latitude."),
    "others_left": _("Points, lines or other things in the file were left aside: %(count)s."),
}

# The child gave no answer.
DEATHS = {
    "time": (
        "file_took_too_long",
        _("Reading this file took too long: simplify it, or send it as GeoJSON."),
    ),
    "memory": (
        "file_took_too_much_memory",
        _("Reading this file took too much memory: simplify it, or send it as GeoJSON."),
    ),
    "crash": ("file_unreadable", REFUSALS["file_unreadable"]),
}

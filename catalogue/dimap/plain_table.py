"""holdings.csv: one line a product, its columns in English or French, made into STAC items."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

TABLE_MAX = 20 * 1024 * 1024  # bytes
ROWS_MAX = 10_000
CELL_MAX = 100_000  # letters: a footprint of some thousand corners

# What the header may call each column; the first name is the one of docs/holdings.md.
COLUMNS = {
    "identifier": ("identifier", "identifiant", "id"),
    "satellite": ("satellite", "platform", "plateforme"),
    "acquired_at": ("acquired_at", "datetime", "date"),
    "files": ("files", "fichiers"),
    "footprint": ("footprint", "emprise", "wkt", "geometry"),
    "collection": ("collection",),
    "level": ("level", "niveau"),
    "spectral": ("spectral", "mode"),
    "bands": ("bands", "bandes"),
    "resolution_m": ("resolution_m", "resolution", "gsd"),
    "epsg": ("epsg",),
    "cloud_cover": ("cloud_cover", "nuages"),
    "snow_cover": ("snow_cover", "neige"),
    "incidence": ("incidence", "incidence_angle"),
    "viewing": ("viewing", "off_nadir", "depointage"),
    "azimuth": ("azimuth", "azimut"),
    "sun_azimuth": ("sun_azimuth", "azimut_solaire"),
    "sun_elevation": ("sun_elevation", "elevation_solaire"),
    "orbit_state": ("orbit_state", "sens_orbite"),
    "relative_orbit": ("relative_orbit", "orbite"),
    "preview": ("preview", "apercu"),
    "icon": ("icon", "vignette"),
    "metadata": ("metadata", "metadonnees"),
    "cloud_mask": ("cloud_mask", "masque_nuages"),
    "snow_mask": ("snow_mask", "masque_neige"),
}
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
_NEEDED = ("identifier", "satellite", "acquired_at", "files", "footprint")
_FIGURES = {
    "resolution_m": "gsd",
    "epsg": "proj:epsg",
    "cloud_cover": "eo:cloud_cover",
    "snow_cover": "eo:snow_cover",
    "incidence": "view:incidence_angle",
    "viewing": "view:off_nadir",
    "azimuth": "view:azimuth",
    "sun_azimuth": "view:sun_azimuth",
    "sun_elevation": "view:sun_elevation",
    "relative_orbit": "sat:relative_orbit",
}
_ROLES = {
    "preview": "overview",
    "icon": "thumbnail",
    "metadata": "metadata",
    "cloud_mask": "cloud",
    "snow_mask": "snow-ice",
}


def items(data: bytes, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(identifier, item) for each line. Raises Invalid (table_broken), TooLarge (too_many_rows)."""
    rows = _rows(data, path)
    header = next(rows, None)
    columns = _columns(header[1] if header else [], path)
    for number, (line, cells) in enumerate(rows, start=1):
        if number > ROWS_MAX:
            sentence = _("The table has more than %(limit)d lines.") % {"limit": ROWS_MAX}
            raise TooLarge("too_many_rows", sentence, limit=ROWS_MAX)
        row = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        if not any(row.values()):
            continue
        missing = [name for name in _NEEDED if not row.get(name)]
        if missing:
            raise _broken(path, line, _("it lacks %(names)s") % {"names": ", ".join(missing)})
        yield row["identifier"], _item(row, path, line)


def _rows(data: bytes, path: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken(path, 1, _("it is not UTF-8")) from error
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(len(cell) > CELL_MAX or "\0" in cell for cell in cells):
                raise _broken(path, reader.line_num, _("a cell is too long or not text"))
            yield reader.line_num, cells
    except csv.Error as error:
        raise _broken(path, reader.line_num, _("its quotes or separators are wrong")) from error


def _columns(header: list[str], path: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, title in enumerate(header):
        name = _NAMES.get(title.strip().casefold().replace(" ", "_"))
        if name in found:
            raise _broken(path, 1, _("the column %(name)s stands there twice") % {"name": name})
        if name:
            found[name] = at
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        told = {"names": ", ".join(missing)}
        raise _broken(path, 1, _("the columns %(names)s are missing") % told)
    return found


def _item(row: dict[str, str], path: str, line: int) -> dict[str, Any]:
    """The line as a STAC item: its cells under STAC's names, its files as assets."""
    properties: dict[str, Any] = {
        "platform": row["satellite"],
        "datetime": row["acquired_at"],
        "processing:level": row.get("level", ""),
        "dinamis:spectral": row.get("spectral", ""),
        "sat:orbit_state": row.get("orbit_state", ""),
    }
    for name, key in _FIGURES.items():
        if written := row.get(name):
            try:
                properties[key] = float(written.replace(",", "."))
            except ValueError as error:
                told = {"name": name, "value": written[:40]}
                raise _broken(
                    path, line, _("%(name)s says “%(value)s”, no number") % told
                ) from error
    bands = [{"name": name} for name in _listed(row.get("bands", ""))]
    assets = {
        f"data-{number}": {"href": href, "roles": ["data"]}
        for number, href in enumerate(_listed(row["files"]), start=1)
    }
    for name, role in _ROLES.items():
        for number, href in enumerate(_listed(row.get(name, "")), start=1):
            assets[f"{name}-{number}"] = {"href": href, "roles": [role]}
    return {
        "id": row["identifier"],
        "collection": row.get("collection", ""),
        "geometry": row["footprint"],
        "properties": {**properties, **({"bands": bands} if bands else {})},
        "assets": assets,
    }


def _listed(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]


def _broken(path: str, line: int, why: str) -> Invalid:
    sentence = _("%(file)s, line %(line)d: %(why)s.") % {"file": path, "line": line, "why": why}
    return Invalid("table_broken", sentence, file=path, line=line)

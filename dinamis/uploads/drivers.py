"""The formats that GDAL may open in the child; every other one is switched off before it starts.

A VRT saved under another name would make GDAL read any file of the server or call the network, and
GDAL looks at contents, not names. OGR_SKIP must be in the environment when the library loads.
"""

ALLOWED = frozenset({"GeoJSON", "KML", "LIBKML", "ESRI Shapefile", "GPKG", "FlatGeobuf"})

# All that pyogrio 0.13 (GDAL 3.12) knows besides; the child refuses to work when one is missing here.
SKIPPED = (
    "MEM", "PCIDSK", "PDS4", "VICAR", "PDF", "MBTiles", "EEDA", "OGCAPI", "GDALG", "MapInfo File",
    "LVBAG", "S57", "DGN", "OGR_VRT", "CSV", "GML", "GPX", "GeoJSONSeq", "ESRIJSON", "TopoJSON",
    "OGR_GMT", "SQLite", "WAsP", "OpenFileGDB", "DXF", "GeoRSS", "VFK", "PGDUMP", "OSM", "GPSBabel",
    "OGR_PDS", "WFS", "OAPIF", "EDIGEO", "Idrisi", "ODS", "XLSX", "Elasticsearch", "Carto",
    "AmigoCloud", "SXF", "Selafin", "JML", "PLSCENES", "CSW", "VDV", "MVT", "NGW", "MapML", "GTFS",
    "PMTiles", "JSONFG", "MiraMonVector", "ADBC", "AVCBin", "AVCE00", "AIVector", "HTTP",
)  # fmt: skip

ENVIRONMENT = {
    "OGR_SKIP": ",".join(SKIPPED),
    "GDAL_DISABLE_READDIR_ON_OPEN": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "SHAPE_RESTORE_SHX": "YES",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "20",
}

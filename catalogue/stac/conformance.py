"""What this API says it can do: a class stands here when the whole of it is served and tested."""

STAC_VERSION = "1.1.0"
_STAC = "https://api.stacspec.org/v1.0.0"
_STAC_RC1 = f"{_STAC}-rc.1"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_FILTER = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"

CLASSES = [
    f"{_STAC}/core",
    f"{_STAC}/collections",
    f"{_STAC}/ogcapi-features",
    f"{_STAC}/item-search",
    f"{_FEATURES}/core",
    f"{_FEATURES}/oas30",
    f"{_FEATURES}/geojson",
    f"{_STAC}/item-search#filter",
    f"{_FILTER}/filter",
    f"{_FILTER}/features-filter",
    f"{_FILTER}/queryables",
    f"{_CQL2}/cql2-text",
    f"{_CQL2}/cql2-json",
    f"{_CQL2}/basic-cql2",
    f"{_CQL2}/advanced-comparison-operators",
    f"{_CQL2}/case-insensitive-comparison",
    f"{_CQL2}/accent-insensitive-comparison",
    f"{_CQL2}/basic-spatial-functions",
    f"{_CQL2}/property-property",
    f"{_STAC}/item-search#fields",
    f"{_STAC}/ogcapi-features#fields",
    f"{_STAC}/item-search#query",
    f"{_STAC}/ogcapi-features#query",
    f"{_STAC_RC1}/item-search#free-text",
    f"{_STAC_RC1}/ogcapi-features#free-text",
    f"{_STAC_RC1}/collection-search",
    f"{_STAC_RC1}/collection-search#free-text",
    f"{_STAC_RC1}/collection-search#fields",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query",
    "https://api.stacspec.org/v0.3.0/aggregation",
    f"{_STAC}-rc.2/children",
    f"{_STAC}-rc.2/language",
    f"{_STAC}/ogcapi-features/extensions/transaction",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/simpletx",
    # pystac-client 0.9 knows 1.0 alone, the specification is at 1.1.
    f"{_STAC}/item-search#sort",
    f"{_STAC}/ogcapi-features#sort",
    "https://api.stacspec.org/v1.1.0/item-search#sort",
    "https://api.stacspec.org/v1.1.0/ogcapi-features#sort",
]

_SCHEMAS = "https://stac-extensions.github.io"
EXTENSIONS = {
    name: f"{_SCHEMAS}/{name}/{version}/schema.json"
    for name, version in {
        "authentication": "v1.1.0",
        "eo": "v1.1.0",
        "file": "v2.1.0",
        "language": "v1.0.0",
        "order": "v1.1.0",
        "processing": "v1.2.0",
        "product": "v1.0.0",
        "sat": "v1.0.0",
        "stereo-imagery": "v1.0.0",
        "storage": "v2.0.0",
        "timestamps": "v1.1.0",
        "view": "v1.0.0",
    }.items()
}

"""How each judge is asked, in the tests and in `./run interop`."""

CLIENTS = ("rustac", "eodag", "owslib", "gdal", "pystac-client")
DAYS = [f"2020-01-0{day}" for day in (6, 5, 4, 3, 2)]  # what every client finds
_CLASSES = [
    "core", "collections", "features", "item-search", "filter", "children", "item-search#sort",
    "item-search#fields", "item-search#query", "features#sort", "features#fields", "features#query",
]  # fmt: skip
_AROUND = '{"type":"Polygon","coordinates":[[[-60,0],[-40,0],[-40,10],[-60,10],[-60,0]]]}'
OFFICIAL = [
    *(word for name in _CLASSES for word in ("--conformance", name)),
    "--collection", "pleiades", "--geometry", _AROUND, "--validate-pagination",
    "--fields-nested-property", "properties.eo:cloud_cover",
    "--query-comparison-field", "eo:cloud_cover", "--query-eq-value", "8",
    "--query-neq-value", "8", "--query-lt-value", "40", "--query-lte-value", "40",
    "--query-gt-value", "40", "--query-gte-value", "40",
    "--query-substring-field", "platform", "--query-starts-with-value", "PHR",
    "--query-ends-with-value", "1A", "--query-contains-value", "HR",
    # It takes the value for a list: a text shares its letters with the names asked.
    "--query-in-field", "platform", "--query-in-values", "PHR1A,P",
]  # fmt: skip

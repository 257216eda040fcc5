"""Holdings without Airbus's metadata (radar, RapidEye, Kalideos): described by STAC items or one CSV.

A STAC item is any JSON file of the delivery that says it is one; the CSV is called holdings.csv.
Both come down to the same item, read by `plain_item`. See docs/holdings.md for what may be written.
"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from catalogue.dimap import plain_item, plain_table, xml
from catalogue.dimap.facts import ProductFacts
from catalogue.dimap.notes import Notes
from catalogue.dimap.plain_item import Described
from catalogue.dimap.tree import Tree
from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

TABLE = "holdings.csv"
JSON_MAX = 2 * 1024 * 1024  # bytes: an item with a footprint and a hundred files is some 50 kB
PRODUCTS_MAX = 10_000


def read(tree: Tree, notes: Notes, *, pixels: bool) -> list[ProductFacts]:
    """The products described; [] when nothing describes any.

    Raises Invalid: item_broken, table_broken, bad_value, no_image, missing_tile, empty_tile,
    outside_reference, described_twice; TooLarge: xml_too_large, too_many_products.
    """
    found: list[ProductFacts] = []
    known: set[str] = set()
    for described in _described(tree, notes):
        if len(found) >= PRODUCTS_MAX:
            sentence = _("More than %(limit)d products are described.") % {"limit": PRODUCTS_MAX}
            raise TooLarge("too_many_products", sentence, limit=PRODUCTS_MAX)
        facts, taken = plain_item.read(tree, described, pixels=pixels)
        if facts.path in known:
            sentence = _("“%(name)s” is described twice.") % {"name": facts.dataset_name}
            raise Invalid("described_twice", sentence, name=facts.dataset_name)
        known.add(facts.path)
        found.append(facts)
        notes.taken += taken
    return found


def documents(tree: Tree) -> list[str]:
    """The files of the delivery that describe products: the table, and what claims to be an item."""
    return [path for path in tree.files if _is_table(path) or path.lower().endswith(".json")]


def _described(tree: Tree, notes: Notes) -> Iterator[Described]:
    for path in documents(tree):
        folder = str(PurePosixPath(path).parent)
        folder = "" if folder == "." else folder
        data = xml.load(
            tree.path(path), path, plain_table.TABLE_MAX if _is_table(path) else JSON_MAX
        )
        if _is_table(path):
            for identifier, item in plain_table.items(data, path):
                yield Described(f"{path}#{identifier}", folder, item, path)
        elif (item := _item(data, path)) is not None:
            yield Described(path, folder, item, "")


def _is_table(path: str) -> bool:
    return PurePosixPath(path).name.casefold() == TABLE


def _item(data: bytes, path: str) -> dict[str, Any] | None:
    """The STAC item a JSON file holds; None for JSON of another kind. Raises Invalid (item_broken)."""
    try:
        read = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        sentence = _("%(file)s is not well-formed JSON.") % {"file": path}
        raise Invalid("item_broken", sentence, file=path) from error
    if not isinstance(read, dict) or read.get("type") != "Feature" or "stac_version" not in read:
        return None
    return read


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON

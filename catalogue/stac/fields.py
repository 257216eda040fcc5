"""The `fields` extension: what of an item is sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dinamis.errors import Malformed

MAX_FIELDS = 200
# What makes an item one: sent unless it is excluded by name.
USUAL = frozenset({
    "type", "stac_version", "stac_extensions", "id", "geometry", "bbox", "links", "assets",
    "collection", "properties.datetime",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with dots for what lies inside (`properties.gsd`). Nothing said: everything is sent."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    is_asked: bool = False

    @classmethod
    def read(cls, written: Any) -> "Fields":
        """Read `["id", "-links"]` or `{"include": […], "exclude": […]}`. Raises Malformed."""
        if written is None:
            return cls()
        if isinstance(written, str):
            written = written.split(",")
        if isinstance(written, list) and all(isinstance(name, str) for name in written):
            kept = [name for name in written if name]
            written = {
                "include": [name.lstrip("+ ") for name in kept if not name.startswith("-")],
                "exclude": [name[1:] for name in kept if name.startswith("-")],
            }
        if not isinstance(written, dict):
            raise _wrong()
        return cls(_names(written.get("include")), _names(written.get("exclude")), is_asked=True)

    def of(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item with what was asked of it."""
        if not self.is_asked or not (self.include or self.exclude):
            return item
        include = self.include | USUAL if self.include else frozenset()
        return _kept(item, "", include, self.exclude - self.include)


def _kept(
    item: dict[str, Any], before: str, include: frozenset[str], exclude: frozenset[str]
) -> dict[str, Any]:
    made = {}
    for name, value in item.items():
        path = f"{before}{name}"
        if path in exclude:
            continue
        inside = f"{path}."
        whole = not include or path in include
        if not whole and not any(asked.startswith(inside) for asked in include):
            continue
        if isinstance(value, dict):
            deeper = frozenset() if whole else include
            value = _kept(value, inside, deeper, exclude)
        made[name] = value
    return made


def _names(written: Any) -> frozenset[str]:
    if written is None:
        return frozenset()
    if not isinstance(written, list) or not all(isinstance(name, str) for name in written):
        raise _wrong()
    if len(written) > MAX_FIELDS:
        raise _wrong()
    return frozenset(written)


def _wrong() -> Malformed:
    return Malformed(
        "fields_wrong",
        _("“fields” names what is sent: at most %(limit)s names.") % {"limit": MAX_FIELDS},
        field="fields",
    )

"""The `fields` extension: what of an item is sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dinamis.errors import Malformed

MAX_FIELDS = 200
# What is sent where names are asked for: a thing says what it is, whatever else of it is wanted.
ALWAYS = frozenset({"type", "stac_version", "id", "collection"})
# What makes an item, or a collection, one that validates: sent where `fields` names nothing.
USUAL = ALWAYS | {
    "stac_extensions", "geometry", "bbox", "links", "assets", "properties.datetime",
    "description", "license", "extent",
}  # fmt: skip
_ALL = frozenset({""})


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with dots for what lies inside (`properties.gsd`); of two that meet, the longer counts.

    Nothing said: everything is sent.
    """

    include: frozenset[str] = _ALL
    exclude: frozenset[str] = frozenset()

    @classmethod
    def read(cls, written: Any) -> "Fields":
        """Read `["id", "-links"]` or `{"include": […], "exclude": […]}`. Raises Malformed."""
        if isinstance(written, str):
            written = written.split(",")
        if isinstance(written, list) and all(isinstance(name, str) for name in written):
            kept = [name.strip() for name in written if name.strip()]
            excluded = [name[1:] for name in kept if name.startswith("-")]
            included = [name.lstrip("+ ") for name in kept if not name.startswith("-")]
            # In an address, what is only taken away is taken from everything.
            written = {"exclude": excluded} | (
                {} if excluded and not included else {"include": included}
            )
        if not isinstance(written, dict):
            raise _wrong()
        include, exclude = _names(written.get("include")), _names(written.get("exclude"))
        if include:
            return cls(include | ALWAYS, exclude - include)
        if exclude and "include" not in written:
            return cls(_ALL, exclude)
        return cls(USUAL - exclude, exclude)

    @property
    def is_all(self) -> bool:
        return self.include == _ALL and not self.exclude

    def of(self, thing: dict[str, Any]) -> dict[str, Any]:
        """The item or collection with what was asked of it."""
        if self.is_all:
            return thing
        return self._kept(thing, "")

    def _kept(self, node: dict[str, Any], before: str) -> dict[str, Any]:
        made = {}
        for name, value in node.items():
            path = f"{before}{name}"
            if isinstance(value, dict) and self._says_more_within(f"{path}."):
                inner = self._kept(value, f"{path}.")
                if inner or self._wants(path):
                    made[name] = inner
            elif self._wants(path):
                made[name] = value
        return made

    def _says_more_within(self, path: str) -> bool:
        return any(
            name.startswith(path) for names in (self.include, self.exclude) for name in names
        )

    def _wants(self, path: str) -> bool:
        """By the longest name that covers the path; "" covers all."""
        while True:
            if path in self.include:
                return True
            if path in self.exclude or not path:
                return False
            path = path.rpartition(".")[0]


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

"""Metadata XML, opened safely: no DTD, no entity, no more bytes than metadata has."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

XML_MAX = 20 * 1024 * 1024  # bytes; the longest real DIM file seen is 0.5 MB
_STYLE = re.compile(rb"<\?xml-stylesheet[^>]*?href\s*=\s*[\"']([^\"']{1,300})[\"']")


def read(path: Path, shown: str, limit: int = XML_MAX) -> Element:
    """The root element of an XML file, called `shown` in sentences.

    Raises TooLarge (xml_too_large) over `limit` bytes, Invalid (xml_forbidden) for a DTD, an
    entity or an external reference, Invalid (xml_broken) when it is not well formed.
    """
    data = load(path, shown, limit)
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        sentence = _("%(file)s holds a document type or an entity, which metadata never needs.")
        raise Invalid("xml_forbidden", sentence % {"file": shown}, file=shown) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        sentence = _("%(file)s is not well-formed XML.")
        raise Invalid("xml_broken", sentence % {"file": shown}, file=shown) from error


def load(path: Path, shown: str, limit: int = XML_MAX) -> bytes:
    """The bytes of a file that must be small; raises TooLarge (xml_too_large)."""
    with path.open("rb") as opened:
        data = opened.read(limit + 1)
    if len(data) > limit:
        sentence = _("%(file)s is larger than %(megabytes)d MB: metadata is never that long.")
        told = {"file": shown, "megabytes": limit // (1024 * 1024)}
        raise TooLarge("xml_too_large", sentence % told, file=shown, limit=limit)
    return data


def stylesheet(path: Path) -> str | None:
    """The href of the style sheet named in the first lines, which an XML tree forgets."""
    with path.open("rb") as opened:
        found = _STYLE.search(opened.read(2048))
    return found.group(1).decode("utf-8", "replace") if found else None


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def all_of(root: Element, name: str) -> Iterator[Element]:
    """Every element of that name below root, whatever its namespace, in document order."""
    return (element for element in root.iter() if local(element) == name)


def first(root: Element | None, *names: str) -> Element | None:
    """The first element found going down by these names, each anywhere below the last."""
    for name in names:
        if root is None:
            return None
        root = next((found for found in all_of(root, name) if found is not root), None)
    return root


def text(root: Element | None, *names: str) -> str:
    """The text of the element found by these names, without blanks around; "" when absent."""
    found = first(root, *names) if names else root
    return " ".join((found.text or "").split()) if found is not None else ""


def number(written: str) -> float | None:
    """A finite number as DIMAP writes them, or None."""
    try:
        value = float(written)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole(written: str) -> int | None:
    """A whole number, or None."""
    value = number(written)
    return int(value) if value is not None and value == int(value) else None

"""KML looked over before GDAL sees it: no document type, no entity, no abyss of nested elements."""

from pathlib import Path
from xml.sax import ContentHandler, SAXException

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from dinamis.uploads.refusal import Bad

MAX_DEPTH = 64


class _Depth(ContentHandler):
    """Counts how deep the elements go, and the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.root = ""

    def startElement(self, name: str, attrs: object) -> None:
        self.root = self.root or name
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Bad("xml_too_deep")

    def endElement(self, name: str) -> None:
        self.depth -= 1


def check_kml(path: Path) -> None:
    """Refuse a KML with a document type or entities, malformed, or that is no KML at all."""
    parser = make_parser()
    parser.forbid_dtd = True
    depth = _Depth()
    parser.setContentHandler(depth)
    try:
        with path.open("rb") as source:
            parser.parse(source)
    except DefusedXmlException as error:
        raise Bad("xml_entities") from error
    except (SAXException, ValueError, LookupError) as error:
        raise Bad("xml_broken") from error
    if depth.root.rpartition(":")[2].lower() != "kml":
        raise Bad("not_kml")

"""What the catalogue holds, one file per subject."""

from catalogue.models.collection import Collection
from catalogue.models.conversion import Conversion
from catalogue.models.download import Download
from catalogue.models.identifier import Identifier, bare
from catalogue.models.passing import Passing, PassingEvent
from catalogue.models.platform import Platform
from catalogue.models.product import Product
from catalogue.models.product_file import ProductFile
from catalogue.models.saved_area import SavedArea
from catalogue.models.saved_search import SavedSearch, SearchHit
from catalogue.models.scene import Scene
from catalogue.models.scene_event import SceneEvent
from catalogue.models.scene_import import SceneImport, SceneImportEvent, SceneImportRow
from catalogue.models.scene_load import SceneLoad
from catalogue.models.sensor import Sensor
from catalogue.models.stated_use import StatedUse
from catalogue.models.theme import Theme

__all__ = [
    "Collection",
    "Conversion",
    "Download",
    "Identifier",
    "Passing",
    "PassingEvent",
    "Platform",
    "Product",
    "ProductFile",
    "SavedArea",
    "SavedSearch",
    "Scene",
    "SceneEvent",
    "SceneImport",
    "SceneImportEvent",
    "SceneImportRow",
    "SceneLoad",
    "SearchHit",
    "Sensor",
    "StatedUse",
    "Theme",
    "bare",
]

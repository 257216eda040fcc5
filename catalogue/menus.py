"""What the catalogue adds to the menus and to the desk's rail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import ProductFile, Scene, SceneImport
from catalogue.policies import may_complete_scenes
from catalogue.states import ImportState
from dinamis.compiled import Keys
from dinamis.navigation import Counted, Entry, signed_in
from dinamis.navigation import register as add


def to_complete(request: Any) -> Counted:
    """Scenes known by their name alone."""
    return _to_complete()


def lists_seen(request: Any) -> Counted:
    """Lists that were read and are neither written nor dropped."""
    return _lists_seen()


def damaged_files(request: Any) -> Counted:
    return _damaged()


# Asked by every page with the desk's rail, so written once.
_to_complete = Keys(lambda: Scene.objects.to_complete())
_lists_seen = Keys(lambda: SceneImport.objects.filter(state=ImportState.SEEN))
_damaged = Keys(lambda: ProductFile.objects.damaged())


def register() -> None:
    """Called once, when the apps are ready."""
    add(Entry("images", "catalogue", _("Images"), order=10))
    add(Entry("search", "catalogue", _("Image identifier…"), place="search"))
    add(
        Entry(
            "saved_searches",
            "saved_searches",
            _("Saved searches"),
            signed_in,
            order=24,
            place="account",
            icon="search",
        )
    )
    add(
        Entry(
            "passed_on",
            "passed_on",
            _("Passed on"),
            signed_in,
            order=25,
            place="account",
            icon="forward",
        )
    )
    add(
        Entry(
            "desk_scenes",
            "desk_scenes",
            _("Scenes to complete"),
            _desk,
            to_complete,
            order=42,
            place="desk",
            group=_("To do"),
        )
    )

    add(
        Entry(
            "desk_scene_imports",
            "desk_scene_imports",
            _("Lists of scenes"),
            _desk,
            lists_seen,
            order=43,
            place="desk",
            group=_("To do"),
        )
    )
    add(
        Entry(
            "desk_files",
            "desk_files",
            _("Stored files"),
            _desk,
            damaged_files,
            order=73,
            place="desk",
            group=_("To watch"),
        )
    )
    add(
        Entry(
            "desk_downloads",
            "desk_downloads",
            _("Downloads"),
            _desk,
            order=72,
            place="desk",
            group=_("To watch"),
        )
    )


def _desk(request: Any) -> bool:
    return may_complete_scenes(request.user)

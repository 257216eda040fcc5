"""The words that scripts say, told to them in the page's language by a JSON element of every page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "dismiss": _("Dismiss"),
    "copied": _("Copied"),
    "copy_failed": _("Copying is not allowed here: select the text instead."),
    "passkey_failed": _("No passkey was used: it was cancelled, or there is none for this site."),
    "theme_to_dark": _("Switch to the dark theme"),
    "theme_to_light": _("Switch to the light theme"),
    "file_chosen": _("Chosen: %(name)s"),
    "file_too_large": _("%(name)s is larger than the %(limit)s that can be read."),
    "map": {
        "label": _("Map"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "credit": _("Base map: Natural Earth"),
        "no_world": _("The base map could not be loaded. Footprints and areas are still right."),
        "no_tiles": _("The online map does not answer. The base map stays."),
        "quicklook": _("Quicklook of the scene"),
        "chooser": _("%(count)s footprints here"),
        "close": _("Close"),
    },
    "draw": {
        "start_polygon": _("Click each corner; click the first one again to finish."),
        "start_rectangle": _("Click one corner, then the opposite one."),
        "editing": _("Drag the corners. A corner in the middle of a side adds one."),
        "crossing": _("The outline crosses itself. Move a corner so that it no longer does."),
        "approximately": _("≈ %(area)s km²"),
        "removed": _("The area is removed."),
        "drawn": _("The area is drawn, about %(area)s km²."),
    },
}

"""What the workbench's script says, told to it in the page's language."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "copied": _("The address of this search is copied: it holds the whole question."),
    "failed": _("The server does not answer. What you see is the last answer."),
    "checking": _("The area is being checked…"),
    "searching": _("Searching…"),
    "found": _("%(count)s found."),
    "swap": _("Read it the other way round"),
    "trust": _("The place is right as it is"),
    "simplify": _("Simplify the outline"),
    "crs": _("Coordinate system of the area"),
    "use_crs": _("Read it in this system"),
    "choose": _("This file holds several areas: which one?"),
    "unnamed": _("Area without a name"),
    "dismiss": _("Close"),
    "set_aside": _("Set aside. Now choose the image to compare it with."),
    "choose_other": _("choose the other one"),
    "compare_at": _("Border between %(first)s on the left and %(second)s on the right"),
    "crowd_count": _("%(count)s scenes here"),
    "crowd_capped": _("the newest %(count)s footprints"),
    "basket": _("Into the basket…"),
    "crossing": _("The outline crosses itself here"),
}

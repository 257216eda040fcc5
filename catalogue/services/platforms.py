"""Satellites and collections as deliveries name them, found among the rows an administrator keeps."""

from catalogue.models import Collection, Platform
from dinamis.errors import Invalid
from dinamis.said import gettext as _


def named(text: str) -> Platform:
    """The satellite of this code or name, however it is spelt: SPOT5, “SPOT 5”, terrasar-x.

    Raises Invalid (satellite_not_offered) for one that has no row here.
    """
    found = Platform.objects.filter(code=text).first()
    if found is None and (wanted := _letters(text)):
        rows = Platform.objects.select_related("collection", "sensor")
        found = next(
            (one for one in rows if wanted in (_letters(one.code), _letters(one.name))), None
        )
    if found is None:
        raise Invalid(
            "satellite_not_offered",
            _("Images of “%(satellite)s” are not part of what DINAMIS keeps.")
            % {"satellite": text[:40] or "?"},
            satellite=text[:40],
        )
    return found


def collection_for(code: str, platform: Platform) -> Collection:
    """The collection a delivery names, else its satellite's. Raises Invalid (collection_unknown)."""
    if not code:
        return platform.collection
    found = Collection.objects.filter(code=code.lower()).first()
    if found is None:
        raise Invalid(
            "collection_unknown",
            _("There is no collection called “%(code)s”.") % {"code": code[:40]},
            collection=code[:40],
        )
    return found


def _letters(text: str) -> str:
    """Letters and digits alone, small: what two spellings of one satellite share."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())

"""Areas drawn or uploaded: checked, saved under a key, kept in a library, grown, let go."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import SavedArea
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound
from dinamis.geo import CheckedArea

MAX_NAME = 120  # characters
# A researcher of a French institution who seems to be elsewhere has often swapped the axes.
USUAL_PLACES = geo.FRANCE


@transaction.atomic
def save(checked: CheckedArea, *, by: Actor, name: str = "") -> SavedArea:
    """Save an area that has kept every rule of `dinamis.geo.check_area`, under a new key.

    It belongs to the user who acts; a visitor's belongs to whoever knows its key.
    """
    return SavedArea.objects.create(
        owner=by.user,
        name=" ".join(name.split())[:MAX_NAME],
        geometry=geo.to_geos(checked.geometry, multi=True),
        area_km2=checked.area_km2,
    )


def get(key: uuid.UUID | str) -> SavedArea:
    """The area of this key, for whoever knows it. Raises NotFound (area_unknown)."""
    area = find(key)
    if area is None:
        raise NotFound("area_unknown", unknown_sentence())
    return area


def unknown_sentence() -> str:
    """What to say of a key that names nothing."""
    return _("The area named in the address does not exist.")


def find(key: uuid.UUID | str | None) -> SavedArea | None:
    """The area of this key, or None; what is no key names nothing."""
    try:
        key = uuid.UUID(str(key))
    except ValueError:
        return None
    return SavedArea.objects.filter(key=key).first()


@transaction.atomic
def keep(area: SavedArea, *, name: str, by: Actor) -> SavedArea:
    """Put an area into the library of the user who acts, under a name.

    Another's area, reached by its key, is copied: nobody's library changes by another's deed.
    """
    name = " ".join(name.split())[:MAX_NAME]
    if not name:
        raise Invalid("area_unnamed", _("An area is kept under a name: give it one."))
    if area.owner_id != by.user.pk:
        return SavedArea.objects.create(
            owner=by.user,
            name=name,
            geometry=area.geometry,
            area_km2=area.area_km2,
            is_kept=True,
        )
    area = SavedArea.objects.select_for_update(of=("self",), no_key=True).get(pk=area.pk)
    area.name, area.is_kept = name, True
    area.save(update_fields=["name", "is_kept"])
    return area


@transaction.atomic
def let_go(area: SavedArea, *, by: Actor) -> None:
    """Take an area out of its owner's library; addresses that name it still work."""
    if area.owner_id != by.user.pk:
        raise NotFound("area_unknown", unknown_sentence())
    SavedArea.objects.filter(pk=area.pk).update(is_kept=False)


def grow(area: SavedArea, *, to_km2: Decimal, by: Actor) -> SavedArea:
    """A new area around this one of at least `to_km2` km²; one large enough comes back as it is."""
    if area.area_km2 >= to_km2:
        return area
    grown = geo.grow_to(area.geometry, float(to_km2))
    return save(geo.check_area(grown), name=area.name, by=by)


def library(user: Any) -> list[SavedArea]:
    """The areas this person has kept, the newest first."""
    return list(SavedArea.objects.visible_to(user).kept())

"""The mail of a saved search: new images, the newest first, and where they are."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails.message import Message
from catalogue.models import SavedSearch, SearchHit
from dinamis.formats import day

SHOWN = 8


def found(search: SavedSearch, hits: Sequence[SearchHit], *, is_more: bool) -> Message:
    """To the owner; `is_more` says that there are more than were looked at."""
    count = len(hits) - is_more
    if is_more:
        subject = _("More than %(count)s new images: %(name)s")
    else:
        subject = ngettext("%(count)s new image: %(name)s", "%(count)s new images: %(name)s", count)
    return Message(
        to=search.owner.email,
        language=search.owner.language,
        subject=subject % {"count": count, "name": search.name},
        paragraphs=(_("Your saved search found what was not there when it last looked."),),
        facts=tuple((hit.scene.item_id, _said(hit)) for hit in hits[:SHOWN]),
        why=_("You receive this because you saved this search; you can pause it on its page."),
        label=_("See the images"),
        path=search.get_absolute_url(),
    )


def _said(hit: SearchHit) -> str:
    words = [hit.scene.platform.name, str(day(hit.scene.datetime))]
    if hit.scene.cloud_cover is not None:
        words.append(_("%(cloud)s %% of cloud") % {"cloud": round(hit.scene.cloud_cover)})
    if hit.kind == SearchHit.Kind.PUBLISHED:
        words.append(hit.get_kind_display())
    return " · ".join(words)

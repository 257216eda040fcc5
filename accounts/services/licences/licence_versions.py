"""Which versions of a licence exist, which is in force, and which signatures still count.

A version is whole with all languages, and waits for its day. When another takes its place, signatures
of the former one count for the licence's days of grace.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Licence, LicenceText
from dinamis.errors import NotFound


@dataclass(frozen=True, slots=True)
class Version:
    """A whole version, and the day from which it is in force."""

    name: str
    effective_on: date


def whole(code: str, *, until: date | None = None) -> list[Version]:
    """The whole versions of a licence that take effect until a day, newest first; all of them without it."""
    texts = LicenceText.objects.filter(licence=code)
    if until:
        texts = texts.filter(effective_on__lte=until)
    rows = (
        texts.values("version")
        .annotate(languages=Count("pk"), on=Max("effective_on"), last=Max("pk"))
        .filter(languages=len(settings.LANGUAGES))
        .order_by("-on", "-last")
    )
    return [Version(row["version"], row["on"]) for row in rows]


def in_force(code: str) -> Version:
    """The newest whole version that has taken effect; raises NotFound when there is none."""
    taken_effect = whole(code, until=timezone.localdate())
    if not taken_effect:
        raise NotFound("licence_unknown", _("There is no such licence in force."), licence=code)
    return taken_effect[0]


def to_come(code: str) -> list[Version]:
    """The whole versions that wait for their day."""
    return [one for one in whole(code) if one.effective_on > timezone.localdate()]


def counting(licence: Licence) -> dict[str, date | None]:
    """The versions of which a signature counts today, each with its last day; None has no end.

    Where nothing is signed again, every version counts for ever.
    """
    today = timezone.localdate()
    counted: dict[str, date | None] = {}
    newer: Version | None = None
    for version in whole(licence.code, until=today):
        ends = None
        if newer and licence.resign_on_new_version:
            ends = last_day(licence, newer)
        if ends is None or today <= ends:
            counted[version.name] = ends
        newer = version
    return counted


def last_day(licence: Licence, newer: Version) -> date:
    """The last day on which a signature of the version before `newer` counts."""
    return newer.effective_on + timedelta(days=licence.grace_days - 1)

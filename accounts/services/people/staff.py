"""The people of an organisation, with what a referent wants to know of each: last activity, last day, flags."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Affiliation, ApiKey, Organisation, PersonalDomain
from accounts.states.affiliation import State

ENDS_SOON = timedelta(days=60)
ASLEEP = timedelta(days=365)
FLAGS = {
    "ending": gettext_lazy("ends within 60 days"),
    "personal": gettext_lazy("personal address"),
    "asleep": gettext_lazy("not seen for a year"),
}
VIEWS = {
    "active": (gettext_lazy("Active"), [State.ACTIVE]),
    "suspended": (gettext_lazy("Suspended"), [State.SUSPENDED]),
    "ended": (gettext_lazy("Ended"), [State.ENDED]),
}
SORTS = {
    "name": (gettext_lazy("name"), ["user__full_name", "pk"]),
    "activity": (gettext_lazy("last activity"), [F("seen_at").asc(nulls_first=True), "pk"]),
    "end": (gettext_lazy("last day"), [F("ends_on").asc(nulls_last=True), "pk"]),
    "since": (gettext_lazy("arrival"), [F("activated_at").desc(nulls_last=True), "pk"]),
}


def people_of(organisation: Organisation) -> QuerySet[Affiliation]:
    """Everybody who was ever attached, with `seen_at`, `is_personal` and the person."""
    used = ApiKey.objects.filter(user=OuterRef("user")).order_by().values("user")
    host = Func(OuterRef("user__email"), Value("@"), Value(2), function="split_part")
    personal = PersonalDomain.objects.annotate(host=host).filter(domain=F("host"))
    rows = Affiliation.objects.filter(organisation=organisation, activated_at__isnull=False)
    return rows.select_related("user", "organisation").annotate(
        seen_at=Greatest(
            "user__last_login", Subquery(used.annotate(at=Max("last_used_at")).values("at"))
        ),
        is_personal=Exists(personal),
    )


def chosen(rows: QuerySet[Affiliation], asked: Any) -> QuerySet[Affiliation]:
    """The rows of a list as its address asks: `view`, `q`, `flag`, `sort`; anything unknown is ignored."""
    rows = rows.filter(state__in=VIEWS.get(asked.get("view", ""), VIEWS["active"])[1])
    words = asked.get("q", "").strip()[:80]
    if words:
        rows = rows.filter(
            Q(user__full_name__icontains=words)
            | Q(user__email__icontains=words)
            | Q(position__icontains=words)
        )
    rows = flagged(rows, asked.get("flag", ""))
    return rows.order_by(*SORTS.get(asked.get("sort", ""), SORTS["name"])[1])


def flagged(rows: QuerySet[Affiliation], flag: str) -> QuerySet[Affiliation]:
    """Those with one flag; all of them for none."""
    if flag == "ending":
        return rows.filter(ends_on__lte=timezone.localdate() + ENDS_SOON)
    if flag == "personal":
        return rows.filter(is_personal=True)
    if flag == "asleep":
        long_ago = timezone.now() - ASLEEP
        never = Q(seen_at=None, activated_at__lt=long_ago)
        return rows.filter(Q(seen_at__lt=long_ago) | never)
    return rows


def flags_of(row: Any) -> list[str]:
    """The keys of FLAGS that hold for a row of `people_of`."""
    seen = row.seen_at or row.activated_at
    holds = {
        "ending": row.ends_on is not None and row.ends_on <= timezone.localdate() + ENDS_SOON,
        "personal": row.is_personal,
        "asleep": seen is not None and seen < timezone.now() - ASLEEP,
    }
    return [name for name, true in holds.items() if true]


def table(rows: Iterable[Any]) -> Iterator[list[object]]:
    """The list under a header, for `dinamis.sheets`, in the reader's language."""
    yield [
        _("Name"), _("E-mail address"), _("Position"), _("State"), _("Referent"), _("Since"),
        _("Last day"), _("Last activity"), _("Flags"),
    ]  # fmt: skip
    for row in rows:
        flags = ", ".join(str(FLAGS[name]) for name in flags_of(row))
        yes = _("yes") if row.is_referent else ""
        cells = [row.user.full_name, row.user.email, row.position, row.get_state_display(), yes]
        days = [_day(row.activated_at), row.ends_on, _day(row.seen_at)]
        yield [*cells, *days, flags]


def _day(at: Any) -> date | None:
    return timezone.localdate(at) if at else None

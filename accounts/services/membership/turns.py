"""Whose turn, in one sentence: who acts, since when, until when, what silence does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Affiliation, Change, Membership
from accounts.states import affiliation as affiliation_life
from accounts.states import change as change_life
from accounts.states import membership as membership_life
from dinamis.formats import ago, day


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page opens with. `kind` is the badge's: you, house, out, done, bad or off."""

    mine: bool
    kind: str
    title: str
    say: str
    badge: str
    since: datetime
    due_at: datetime | None


def _holders() -> dict[str, str]:
    return {
        membership_life.REFERENT: _("The future referent"),
        membership_life.LEGAL: _("The legal representative"),
        membership_life.DESK: _("The DINAMIS desk"),
        membership_life.ADVISER: _("The outside advisers"),
    }


def of_membership(membership: Membership, *, reader: str) -> Turn:
    """The turn of a membership as one role reads it (`referent`, `legal_representative`, `desk`)."""
    holder = membership.turn
    mine = holder == reader
    if not holder:
        kind = {"active": "done", "refused": "bad", "dismissed": "bad"}.get(membership.state, "off")
        label = str(membership_life.State(membership.state).label)
        return _turn(membership, False, kind, label, "", label)
    names = _holders()
    title = _("Your turn") if mine else names[holder]
    kind = "you" if mine else ("out" if holder == membership_life.ADVISER else "house")
    badge = _("Yours") if mine else names[holder]
    return _turn(membership, mine, kind, title, _silence(membership), badge)


def _silence(membership: Membership) -> str:
    lapses = "lapse" in membership_life.LIFE.open_from(membership.state)
    if membership.due_at is None:
        return ""
    when = day(membership.due_at)
    if lapses:
        return _("Until %(day)s; without an answer the request lapses.") % {"day": when}
    return _("An answer is expected by %(day)s.") % {"day": when}


def of_change(change: Change, *, reader: str) -> Turn:
    """The turn of a change as one role reads it (`referent`, `desk`); late, it says who was told."""
    holder = change.turn
    mine = holder == reader
    label = str(change_life.State(change.state).label)
    if not holder:
        kind = {"applied": "done", "refused": "bad"}.get(change.state, "off")
        return _turn(change, False, kind, label, "", label)
    names = _holders() | {change_life.LEGAL: _("The new legal representative")}
    title = _("Your turn: approve or refuse") if mine else names[holder]
    badge = _("Yours") if mine else names[holder]
    return _turn(change, mine, "you" if mine else "house", title, _waits(change), badge)


def _waits(change: Change) -> str:
    """Until when, and what was done about it being late."""
    if change.turn != change_life.DESK:
        return _("Until %(day)s; without an answer the change lapses.") % {
            "day": day(change.due_at)
        }
    said = [_("An answer is expected by %(day)s.") % {"day": day(change.due_at)}]
    if change.escalated_at:
        said.append(
            _("The administrators were told on %(day)s.") % {"day": day(change.escalated_at)}
        )
    elif change.reminded_at:
        said.append(_("The desk was reminded on %(day)s.") % {"day": day(change.reminded_at)})
    return " ".join(said)


def of_affiliation(affiliation: Affiliation, reader: Any) -> Turn:
    """The turn of an affiliation as its person or its referent reads it."""
    name = affiliation.organisation.name
    if affiliation.turn == affiliation_life.REFERENT:
        mine = reader.pk != affiliation.user_id
        title = (
            _("Your turn: accept or refuse")
            if mine
            else _("The referent of %(name)s has your request") % {"name": name}
        )
        if affiliation.state == affiliation_life.State.SUSPENDED:
            title = _("Your affiliation with %(name)s is suspended") % {"name": name}
        say = _("Asked %(ago)s.") % {"ago": ago(affiliation.requested_at)}
        return _turn(affiliation, mine, "you" if mine else "house", title, say, _("The referent"))
    label = str(affiliation_life.State(affiliation.state).label)
    kind = {"active": "done", "refused": "bad"}.get(affiliation.state, "off")
    return _turn(affiliation, False, kind, f"{name}: {label.lower()}", "", label)


def _turn(row: Any, mine: bool, kind: str, title: str, say: str, badge: str) -> Turn:
    return Turn(mine, kind, str(title), str(say), str(badge), row.state_since, row.due_at)

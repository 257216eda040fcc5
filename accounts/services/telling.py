"""Mail about what time or another person did to somebody's rights, sent by tasks."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation

from accounts.emails import api_keys, time
from accounts.emails.message import TEMPLATE, Message
from accounts.models import Affiliation, ApiKey, Change, Duty, Review, User
from accounts.services.membership import organisations
from accounts.services.people import reviews, sleeping
from accounts.services.trust import rights
from accounts.states.affiliation import State
from accounts.states.change import DESK
from dinamis.mail import send


def key_expires(key: ApiKey) -> None:
    """Say that a key stops soon, unless it does not work any more."""
    if key.is_living:
        _to([key.user], lambda person: api_keys.expires(key))


def key_revoked(key: ApiKey) -> None:
    _to([key.user], lambda person: api_keys.revoked(key))


def end_near(affiliation: Affiliation) -> None:
    """Tell the person and the referents, unless the last day was moved away meanwhile."""
    if affiliation.state == State.ACTIVE and affiliation.end_told_days is not None:
        leading = organisations.referents_of(affiliation.organisation)
        others = [person for person in leading if person.pk != affiliation.user_id]
        _to([affiliation.user, *others], lambda person: time.end_near(affiliation, person))


def request_waits(affiliation: Affiliation) -> None:
    if affiliation.state == State.REQUESTED:
        leading = organisations.referents_of(affiliation.organisation)
        _to(leading, lambda person: time.request_waits(affiliation, person))


def request_escalated(affiliation: Affiliation) -> None:
    if affiliation.state == State.REQUESTED:
        _send(time.request_escalated(affiliation))


def change_waits(change: Change) -> None:
    """Remind the desk, unless it has decided meanwhile."""
    if change.turn == DESK:
        _send(time.change_waits(change))


def change_escalated(change: Change) -> None:
    """Tell every administrator, unless the desk has decided meanwhile."""
    if change.turn == DESK:
        held = Duty.objects.current().filter(kind=Duty.Kind.ADMINISTRATOR, user__is_active=True)
        people = User.objects.filter(duties__in=held).distinct().order_by("pk")
        _to(people, lambda person: time.change_escalated(change, person))


def review(row: Review, what: str) -> None:
    """Tell of a review that is open still."""
    if row.closed_at:
        return
    if what == "escalated":
        _send(time.review_escalated(row))
        return
    count = reviews.undecided(row).count()
    leading = organisations.referents_of(row.organisation)
    _to(leading, lambda person: time.review(row, what, count, person))


def sleeping_account(user: User) -> None:
    if user.is_active and user.sleep_told_at:
        _to([user], lambda person: time.sleeping(person, sleeping.closing_day(person)))


def closed(user: User) -> None:
    _to([user], time.closed)


def strays() -> int:
    """Report to the desk what stands without a membership; return how many rows."""
    rows = rights.as_rows()
    if rows:
        _send(time.strays(rows))
    return len(rows)


def _to(people: Iterable[Any], write: Callable[[Any], Message]) -> None:
    """Write to each person in their own language."""
    for person in people:
        with translation.override(person.language):
            _send(write(person))


def _send(message: Message) -> None:
    send(message.to, TEMPLATE, message.context, message.language, attachments=message.attachments)

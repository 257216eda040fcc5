"""What is told of what time or another person did to somebody's rights, called by tasks; once each."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.utils import timezone, translation

from accounts.emails import api_keys, time, webhooks
from accounts.emails.message import Message
from accounts.models import Affiliation, ApiKey, Change, Duty, Review, User, WebhookEvent
from accounts.services.membership import organisations
from accounts.services.notices.telling import tell
from accounts.services.people import reviews, sleeping
from accounts.services.trust import rights
from accounts.states.affiliation import State
from accounts.states.change import DESK
from accounts.states.webhook import State as WebhookState


def key_expires(key: ApiKey) -> None:
    """Say that a key stops soon, unless it does not work any more."""
    if key.is_living:
        about = f"key_expires:{key.pk}:{key.expires_at.isoformat()}"
        _to([key.user], lambda person: api_keys.expires(key), key=about, family="account")


def key_revoked(key: ApiKey) -> None:
    _to(
        [key.user],
        lambda person: api_keys.revoked(key),
        key=f"key_revoked:{key.pk}",
        family="account",
    )


def end_near(affiliation: Affiliation) -> None:
    """Tell the person and the referents, unless the last day was moved away meanwhile."""
    if affiliation.state == State.ACTIVE and affiliation.end_told_days is not None:
        leading = organisations.referents_of(affiliation.organisation)
        others = [person for person in leading if person.pk != affiliation.user_id]
        about = f"end_near:{affiliation.pk}:{affiliation.ends_on}:{affiliation.end_told_days}"
        said = partial(time.end_near, affiliation)
        _to([affiliation.user], said, key=about, family="belonging")
        _to(others, said, key=about, family="people")


def request_waits(affiliation: Affiliation) -> None:
    if affiliation.state == State.REQUESTED:
        leading = organisations.referents_of(affiliation.organisation)
        about = f"request_waits:{affiliation.pk}:{affiliation.state_since.isoformat()}"
        said = partial(time.request_waits, affiliation)
        _to(leading, said, key=about, family="people")


def request_escalated(affiliation: Affiliation) -> None:
    if affiliation.state == State.REQUESTED:
        about = f"request_escalated:{affiliation.pk}:{affiliation.state_since.isoformat()}"
        tell([time.request_escalated(affiliation)], key=about, family="people")


def change_waits(change: Change) -> None:
    """Remind the desk, unless it has decided meanwhile."""
    if change.turn == DESK:
        about = f"change_waits:{change.pk}:{change.state_since.isoformat()}"
        tell([time.change_waits(change)], key=about, family="membership")


def change_escalated(change: Change) -> None:
    """Tell every administrator, unless the desk has decided meanwhile."""
    if change.turn == DESK:
        held = Duty.objects.current().filter(kind=Duty.Kind.ADMINISTRATOR, user__is_active=True)
        people = User.objects.filter(duties__in=held).distinct().order_by("pk")
        about = f"change_escalated:{change.pk}:{change.state_since.isoformat()}"
        said = partial(time.change_escalated, change)
        _to(people, said, key=about, family="membership")


def review(row: Review, what: str) -> None:
    """Tell of a review that is open still."""
    if row.closed_at:
        return
    if what == "escalated":
        tell([time.review_escalated(row)], key=f"review:{row.pk}:{what}", family="people")
        return
    count = reviews.undecided(row).count()
    leading = organisations.referents_of(row.organisation)
    said = partial(time.review, row, what, count)
    _to(leading, said, key=f"review:{row.pk}:{what}", family="people")


def sleeping_account(user: User) -> None:
    if user.is_active and user.sleep_told_at:
        about = f"sleeping:{user.pk}:{user.sleep_told_at.isoformat()}"
        closing = sleeping.closing_day(user)
        _to([user], lambda person: time.sleeping(person, closing), key=about, family="account")


def closed(user: User) -> None:
    _to([user], time.closed, key=f"closed:{user.pk}:{user.closed_at}", family="account")


def webhook_stopped(event: WebhookEvent) -> None:
    """Tell the referents, unless one of them has let it go on meanwhile."""
    if event.webhook.state == WebhookState.DISABLED:
        leading = organisations.referents_of(event.webhook.organisation)
        _to(leading, partial(webhooks.stopped, event), key=f"webhook:{event.pk}", family="account")


def strays() -> int:
    """Report to the desk what stands without a membership; return how many rows."""
    rows = rights.as_rows()
    if rows:
        tell([time.strays(rows)], key=f"strays:{timezone.localdate()}", family="membership")
    return len(rows)


def _to(people: Iterable[Any], write: Callable[[Any], Message], *, key: str, family: str) -> None:
    """Tell each person in their own language."""
    for person in people:
        with translation.override(person.language):
            tell([write(person)], key=key, family=family)

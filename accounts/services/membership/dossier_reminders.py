"""Reminders and escalation: each counted in the database, so that a clock that ticks twice sends once.

A wait has a few ranks, in days; only the highest that has come is sent, so that a clock that stood
still does not pour out the earlier ones.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import MailedLink, Membership, Opinion, Reminder
from accounts.services.membership import join_links, opinions
from accounts.services.membership import membership_steps as steps
from accounts.states import opinion as opinion_life
from accounts.states.membership import RENEW_FROM, State
from dinamis.outbox import after_commit

Act = MailedLink.Purpose
# State → the act reminded of, and the days after which it is.
WAITS = {
    State.DRAFT: (Act.DRAFT, (7, 21)),
    State.AWAITING_REFERENT: (Act.PROVE, (3,)),
    State.AWAITING_LEGAL: (Act.ACCEPT, (7, 21)),
    State.SENT_BACK: (Act.CORRECT, (7, 21)),
}
# From this rank on, the referent is told that the legal representative does not answer.
ESCALATES = (Act.ACCEPT, 2)
RENEWAL_DAYS = (RENEW_FROM.days, 30, 7)  # before the last day
LATE_EVERY = timedelta(days=7)


def send_due() -> int:
    """Promise every reminder that is due and was not promised; return how many."""
    return _of_people() + _of_the_desk() + _of_renewals() + _of_opinions()


def _of_people() -> int:
    sent, now = 0, timezone.now()
    for state, (act, days) in WAITS.items():
        waiting = Membership.objects.filter(
            state=state, state_since__lte=now - timedelta(days=days[0]), due_at__gt=now
        )
        for membership in waiting:
            rank = _rank((now - membership.state_since).days, days)
            sent += _once(membership, _wait(membership, rank), _sends(act, rank))
    return sent


def _of_the_desk() -> int:
    """A file that waits for the desk past its time is told every week."""
    sent, now = 0, timezone.now()
    late = Membership.objects.filter(
        state__in=[State.UNDER_REVIEW, State.APPEALED], due_at__lte=now
    )
    for membership in late:
        rank = (now - membership.due_at) // LATE_EVERY + 1
        sent += _once(membership, _wait(membership, rank), _tells)
    return sent


def _of_renewals() -> int:
    sent, today = 0, timezone.localdate()
    ending = Membership.objects.ending()
    for membership in ending:
        left = (membership.ends_on - today).days
        rank = sum(left <= days for days in RENEWAL_DAYS)
        key = f"renew:{membership.ends_on}:{rank}"
        sent += _once(membership, key, _sends(Act.RENEW, rank))
    return sent


def _of_opinions() -> int:
    sent, now = 0, timezone.now()
    asked = Opinion.objects.open().filter(
        asked_at__lte=now - opinion_life.REMIND_AFTER, due_at__gt=now
    )
    for opinion in asked.select_related("membership", "adviser"):
        sent += _once(opinion.membership, f"opinion:{opinion.pk}:1", _asks(opinion))
    return sent


def _rank(waited: int, days: Sequence[int]) -> int:
    return sum(waited >= limit for limit in days)


def _wait(membership: Membership, rank: int) -> str:
    return f"{membership.state}:{membership.state_since.isoformat()}:{rank}"


@transaction.atomic
def _once(membership: Membership, key: str, send: Callable[[Reminder], None]) -> bool:
    """Send what `send` promises unless the key has been sent, or the wait is over meanwhile."""
    seen = membership.state, membership.state_since
    membership = steps.locked(membership)
    if (membership.state, membership.state_since) != seen:
        return False
    reminder, new = Reminder.objects.get_or_create(membership=membership, key=key)
    if new:
        send(reminder)
    return new


def _sends(act: str, rank: int) -> Callable[[Reminder], None]:
    def send(reminder: Reminder) -> None:
        reminder.link = join_links.promise(reminder.membership, act)
        reminder.save(update_fields=["link"])
        if (act, rank) == ESCALATES:
            _tells(reminder)

    return send


def _asks(opinion: Opinion) -> Callable[[Reminder], None]:
    def send(reminder: Reminder) -> None:
        opinion.refresh_from_db()
        if opinion.state == opinion_life.State.ASKED:
            reminder.link = opinions.promise(opinion)
            reminder.save(update_fields=["link"])

    return send


def _tells(reminder: Reminder) -> None:
    after_commit("accounts.tasks.tell_reminder", reminder.pk)

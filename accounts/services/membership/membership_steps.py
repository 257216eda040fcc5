"""How any step of a membership is taken: locked, checked against the table, written, told."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Membership, MembershipEvent
from accounts.services import links
from accounts.states.membership import LIFE, PATIENCE, State
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.events import emit
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit


def take(
    membership: Membership,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    also: Sequence[str] = (),
    uses_link: bool = True,
) -> Membership:
    """Lock, check, write the history, change.

    `also` names columns the caller has set beside it; `uses_link` is off where the step belongs to an
    act that has used the link already. Raises NotNow, NotAllowed, Invalid without needed words, and
    Gone for a link that another was faster to use.
    """
    changes = {column: getattr(membership, column) for column in also}
    membership = locked(membership)
    row = LIFE.check(name, membership.state)
    policies.check_may_take(by, row, policies.roles_in_membership(by, membership))
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    now, source = timezone.now(), membership.state
    if by.link is not None and uses_link:
        links.use(by.link, at=now)
    advance(membership, LIFE, name, at=now, due_at=due(row.target, now))
    event = MembershipEvent.objects.create(
        membership=membership,
        step=name,
        source=source,
        target=membership.state,
        reason=reason.strip(),
        at=now,
        **by.columns(),
    )
    for column, value in changes.items():
        setattr(membership, column, value)
    membership.save(update_fields=["state", "state_since", "due_at", *also])
    if State.ACTIVE in {source, membership.state}:
        emit("membership.changed", organisation=membership.organisation, by=by)
    after_commit("accounts.tasks.tell_membership", event.pk)
    return membership


def locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation").get(pk=membership.pk)


def due(state: str, now: datetime) -> datetime | None:
    patience = PATIENCE.get(State(state))
    return now + patience if patience else None

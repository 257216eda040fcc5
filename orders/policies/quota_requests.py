"""Who a person is to a request for more quota, and what they may do with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk, is_quota_administrator, is_referent_of
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.lifecycle import Step
from orders.models import QuotaRequest
from orders.states.quota_request import DESK, QUOTA_REQUEST, REFERENT, SYSTEM


def may_decide_some(user: Any) -> bool:
    """The desk and the quota administrator decide requests."""
    return is_desk(user) or is_quota_administrator(user)


def check_may_decide_some(user: Any) -> None:
    if not may_decide_some(user):
        raise NotAllowed("desk_only", _("This is for the DINAMIS desk."))


def roles(by: Actor, asked: QuotaRequest) -> frozenset[str]:
    """The words of the table; whoever asked, or leads the organisation, decides nothing of it."""
    if by.part:
        return frozenset({SYSTEM})
    if by.user is None:
        return frozenset()
    if is_referent_of(by.user, asked.organisation):
        return frozenset({REFERENT})
    theirs = by.user.pk == asked.requester_id
    return frozenset({DESK} if may_decide_some(by.user) and not theirs else ())


def steps_open_to(user: Any, asked: QuotaRequest) -> dict[str, Step]:
    """The buttons of a request for a person, in the table's order."""
    mine = roles(Actor.of(user), asked)
    found = QUOTA_REQUEST.open_from(asked.state).items()
    return {name: row for name, row in found if mine & row.actors}

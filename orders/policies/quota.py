"""Who may move the quota: one administrator up to an amount, beyond it another than whoever wrote it."""

from accounts.policies import (
    check_is_quota_administrator,
    check_is_second_person,
    is_quota_administrator,
    is_second_person,
)
from dinamis.actors import ActedBy, Actor
from dinamis.lifecycle import Life

SECOND = "second_quota_administrator"


def may_take(by: Actor, name: str, row: ActedBy, life: Life, *, alone: bool) -> bool:
    """Whether a quota administrator may take a step of a row; `alone` where one person is enough."""
    if not is_quota_administrator(by.user):
        return False
    needs_second = SECOND in life.steps[name].actors and not alone
    return not needs_second or is_second_person(row, by)


def check_may_take(by: Actor, name: str, row: ActedBy, life: Life, *, alone: bool) -> None:
    """Raise NotAllowed: no quota administrator, or whoever wrote what a second person decides on."""
    check_is_quota_administrator(by.user)
    if not may_take(by, name, row, life, alone=alone):
        check_is_second_person(row, by)

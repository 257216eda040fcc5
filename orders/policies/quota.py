"""Who may read the scheme's budget; who may change it is accounts.policies.is_quota_administrator."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import is_administrator, is_desk, is_quota_administrator
from dinamis.errors import NotAllowed


def may_read_budget(user: Any) -> bool:
    return is_quota_administrator(user) or is_desk(user) or is_administrator(user)


def check_may_read_budget(user: Any) -> None:
    """Raise NotAllowed for anybody but the desk and the administrators."""
    if not may_read_budget(user):
        raise NotAllowed(
            "budget_not_yours", _("The scheme's budget is read by the desk and administrators.")
        )

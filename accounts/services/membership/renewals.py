"""The end of a membership, and its renewal before that end."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.eligibility import Category
from accounts.models import Membership
from accounts.services.membership import membership_steps as steps
from accounts.services.membership import particulars
from accounts.states.membership import LIFE, RENEW_FROM
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.formats import day


def end_of_period(membership: Membership, *, after: date) -> date | None:
    """The last day of a period that starts then: the public order's, else the usual years, else none."""
    if membership.organisation.category == Category.CONTRACTOR:
        return membership.order_ends_on
    years = settings.MEMBERSHIP_YEARS
    if not years:
        return None
    try:
        return after.replace(year=after.year + years)
    except ValueError:  # 29 February
        return after.replace(year=after.year + years, day=28)


def may_renew(membership: Membership) -> bool:
    """True from 90 days before the last day, until it."""
    today = timezone.localdate()
    ends = membership.ends_on
    return "renew" in LIFE.open_from(membership.state) and bool(
        ends and ends - RENEW_FROM <= today <= ends
    )


@transaction.atomic
def renew(
    membership: Membership,
    *,
    order_reference: str = "",
    order_ends_on: date | None = None,
    by: Actor,
) -> Membership:
    """The referent renews for a new period; a contractor gives the order that goes on.

    Raises NotNow when there is no end, too early or too late, Invalid where the new order does not
    outlast the present one, NotNow where the public body is a member no more.
    """
    membership = steps.locked(membership)
    LIFE.check("renew", membership.state)
    _check_time(membership)
    if membership.organisation.category == Category.CONTRACTOR:
        if order_ends_on is None or order_ends_on <= membership.ends_on:
            raise Invalid(
                "order_not_longer",
                _("Give a public order that ends after %(day)s.")
                % {"day": day(membership.ends_on)},
                field="order_ends_on",
            )
        membership.order_reference = order_reference.strip() or membership.order_reference
        membership.order_ends_on = order_ends_on
    particulars.check_still_right(membership)
    membership.ends_on = end_of_period(membership, after=membership.ends_on)
    return steps.take(
        membership, "renew", by=by, also=("ends_on", "order_reference", "order_ends_on")
    )


def _check_time(membership: Membership) -> None:
    ends = membership.ends_on
    if ends is None:
        raise NotNow("no_end", _("This membership has no end: there is nothing to renew."))
    if ends < timezone.localdate():
        raise NotNow("ended", _("This membership has ended: a new request is needed."))
    if not may_renew(membership):
        raise NotNow(
            "too_early",
            _("It can be renewed from %(day)s on.") % {"day": day(ends - RENEW_FROM)},
        )

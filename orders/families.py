"""The kinds of news this room tells people, and programs: see accounts/families.py, accounts/hookable.py."""

from django.utils.translation import gettext_lazy as _

from accounts import hookable
from accounts.families import Family, register
from accounts.hookable import Subject

FAMILIES = (
    Family(
        "deadlines", _("Deadlines"),
        _("An image to accept, an offer, a quote about to expire, a report that is due."), order=10,
        why_fixed=_("Without an answer in time something is lost: these always come by mail."),
    ),
    Family(
        "images", _("Images"),
        _("An image is delivered, exists already, or could not be had."), order=20,
    ),
    Family(
        "orders", _("Orders"), _("Each step of your orders, and those that wait for you."), order=30
    ),
    Family("projects", _("Projects"), _("Each step of the projects you take part in."), order=40),
    Family(
        "quota", _("Quota"),
        _("For those who look after a quota: its changes, its alerts, requests and pools."),
        order=45,
    ),
)  # fmt: skip


SUBJECTS = (
    Subject("lines", _("Orders, line by line"), "line.approval.<state>, line.supply.<state>", 10),
    Subject("money", _("What lines hold and count"), "line.money.<state>", 20),
    Subject("projects", _("Projects"), "project.<state>", 30),
)


def register_these() -> None:
    """Called once, when the app is ready."""
    for family in FAMILIES:
        register(family)
    for subject in SUBJECTS:
        hookable.register(subject)

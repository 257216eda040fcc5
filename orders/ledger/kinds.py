"""The kinds of account and of movement, and the table that says which movement may go from where to where."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccountKind(models.TextChoices):
    """What an account stands for. The source is what the State puts in; only it goes below zero."""

    SOURCE = "source", _("put in by the State and contributors")
    BUDGET = "budget", _("budget")
    RESERVE = "reserve", _("reserve")
    COMMON = "common", _("common share")
    ALLOTMENT = "allotment", _("allotment")
    POOL = "pool", _("pool")
    HELD = "held", _("held")
    CONSUMED = "consumed", _("consumed")


class OwnerKind(models.TextChoices):
    """What the key of an account's owner names."""

    NOBODY = "", _("the scheme")
    CATEGORY = "category", _("category")
    ORGANISATION = "organisation", _("organisation")
    PROJECT = "project", _("project")
    POOL = "pool", _("pool")
    LINE = "line", _("line")


class MovementKind(models.TextChoices):
    """Why an amount moves."""

    GRANT = "grant", pgettext_lazy("movement", "grant")
    TRANSFER = "transfer", pgettext_lazy("movement", "transfer")
    ADJUST = "adjust", pgettext_lazy("movement", "adjustment")
    HOLD = "hold", pgettext_lazy("movement", "hold")
    CAPTURE = "capture", pgettext_lazy("movement", "capture")
    RELEASE = "release", pgettext_lazy("movement", "release")
    EXPIRE = "expire", pgettext_lazy("movement", "expiry")


_A, _O, _M = AccountKind, OwnerKind, MovementKind

# Who may own which kind of account.
OWNERS: dict[AccountKind, tuple[OwnerKind, ...]] = {
    _A.SOURCE: (_O.NOBODY,),
    _A.BUDGET: (_O.NOBODY,),
    _A.RESERVE: (_O.NOBODY,),
    _A.COMMON: (_O.CATEGORY,),
    _A.ALLOTMENT: (_O.ORGANISATION, _O.PROJECT),
    _A.POOL: (_O.POOL,),
    _A.HELD: (_O.LINE,),
    _A.CONSUMED: (_O.ORGANISATION,),
}

# Quota that is free, and what of it an order may draw on.
PURSES = (_A.RESERVE, _A.COMMON, _A.ALLOTMENT, _A.POOL)
QUOTAS = (_A.BUDGET, *PURSES)

# The only ways there are; the trigger of ledger.sql holds the same table and a test compares them.
ROUTES: dict[MovementKind, tuple[tuple[tuple[AccountKind, ...], tuple[AccountKind, ...]], ...]] = {
    _M.GRANT: (((_A.SOURCE,), (_A.BUDGET, _A.ALLOTMENT, _A.POOL)),),
    _M.TRANSFER: ((QUOTAS, QUOTAS),),
    _M.ADJUST: (
        (QUOTAS, QUOTAS),
        ((_A.BUDGET,), (_A.SOURCE,)),
        ((_A.CONSUMED,), PURSES),
        (PURSES, (_A.CONSUMED,)),
    ),
    _M.HOLD: ((PURSES, (_A.HELD,)),),
    _M.CAPTURE: (((_A.HELD,), (_A.CONSUMED,)),),
    _M.RELEASE: (((_A.HELD,), PURSES),),
    _M.EXPIRE: ((QUOTAS, (_A.SOURCE,)),),
}

# Kinds that settle a hold, and kinds a person decides and must explain.
SETTLING = (_M.CAPTURE, _M.RELEASE)
DECIDED = (_M.GRANT, _M.TRANSFER, _M.ADJUST, _M.EXPIRE)


def is_route(kind: str, giver: str, taker: str) -> bool:
    """Say whether a movement of this kind may go from one kind of account to another."""
    return any(giver in givers and taker in takers for givers, takers in ROUTES[MovementKind(kind)])

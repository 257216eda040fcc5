"""A product passed on: to whom, for what, under which signature; and its history."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import LicenceAnswer, Organisation, Signature
from accounts.policies import is_desk, organisations_led_by
from catalogue.models.product import Product
from catalogue.states import LIFE, OPEN, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class PassingQuerySet(models.QuerySet["Passing"]):
    def visible_to(self, user: Any) -> "PassingQuerySet":
        """One's own; a referent those of the organisation; the desk all."""
        if not user.is_authenticated:
            return self.none()
        if is_desk(user):
            return self
        led = organisations_led_by(user).values("pk")
        return self.filter(Q(by_user=user) | Q(organisation__in=led))

    def open(self) -> "PassingQuerySet":
        """Not revoked and not ended."""
        return self.filter(state__in=OPEN)

    def overdue(self, today: Any) -> "PassingQuerySet":
        """Open, and their public order is over."""
        return self.open().filter(ends_on__lt=today)


class Passing(Living, ActedBy):
    """One product handed to one person outside; who gives it is the row's actor."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="passings", verbose_name=_("product")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="passings", verbose_name=_("given by")
    )
    receiver = models.CharField(_("to whom"), max_length=20, choices=LicenceAnswer.Receiver)
    body = models.CharField(_("their organisation"), max_length=200)
    name = models.CharField(_("their name"), max_length=150)
    email = models.EmailField(_("their e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    use = models.CharField(_("what they will do with it"), max_length=500)
    order_reference = models.CharField(
        _("reference of the public order"), max_length=100, blank=True
    )
    ends_on = models.DateField(_("last day of the public order"), null=True, blank=True)
    signature = models.OneToOneField(
        Signature, models.PROTECT, related_name="passing", null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)

    objects = PassingQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["-pk"]
        verbose_name = _("product passed on")
        verbose_name_plural = _("products passed on")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["product", "email"],
                condition=Q(state__in=OPEN),
                name="passed_on_once_to_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(receiver="contractor")
                | (Q(ends_on__isnull=False) & ~Q(order_reference="")),
                name="contractor_has_a_public_order",
            ),
            models.CheckConstraint(
                condition=(Q(state="asked") & Q(signature=None))
                | (Q(state="signed") & Q(signature__isnull=False))
                | Q(state__in=["revoked", "ended"]),
                name="passed_on_is_signed_by_its_receiver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.name}"

    @property
    def turn(self) -> str:
        """The word of the table for who must act; "" for nobody."""
        return LIFE.turns[self.state]

    @property
    def badge(self) -> str:
        """The kind of its badge."""
        return {"asked": "out", "signed": "done", "revoked": "bad", "ended": "off"}[self.state]


class PassingEvent(ActedBy):
    """One step of a product passed on. Only ever added."""

    passing = models.ForeignKey(Passing, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=10, blank=True)
    target = models.CharField(_("to"), max_length=10, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a product passed on")
        verbose_name_plural = _("events of products passed on")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.passing_id} {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        return _DONE.get(self.step, self.step)


_DONE = {
    "ask": _("passed on, waiting for the receiver's signature"),
    "sign": _("signed by the receiver"),
    "revoke": _("taken back"),
    "end": _("ended with the public order"),
}

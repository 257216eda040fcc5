"""An order: lines asked together by one person, for one organisation. The lines have the lives."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.policies import is_desk, organisations_led_by
from orders.models.project import Project
from orders.models.standin import Standin


def seen_by(user: Any, prefix: str = "") -> Q:
    """The condition under which a person sees an order: asked it, stands in for who did, leads, is the desk."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if is_desk(user):
        return Q()
    led = organisations_led_by(user).values("pk")
    lent = Standin.objects.in_force().filter(receiver=user)
    meanwhile = {
        f"{prefix}requester__in": lent.values("giver"),
        f"{prefix}organisation__in": lent.values("organisation"),
    }
    asked_or_leads = Q(**{f"{prefix}requester": user}) | Q(**{f"{prefix}organisation__in": led})
    return asked_or_leads | Q(**meanwhile)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: Any) -> "OrderQuerySet":
        """Orders the reader asked, those of an organisation they are referent of, all for the desk."""
        return self.filter(seen_by(user))


class Order(models.Model):
    """What one person asked at once. `submission` names the form sent: sent twice, it is one order."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders", verbose_name=_("requester")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="orders")
    # The project that it is asked under: its allotment is tried first, its reports count it.
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="orders", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), max_length=4000)
    # Others who want the same place may be told that somebody does, and the cost be shared.
    joins_requests = models.BooleanField(_("open to joint requests"), default=True)
    submission = models.CharField(_("key of the form"), max_length=80)
    made_at = models.DateTimeField(_("made at"))

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["requester", "-made_at", "-id"], name="order_newest_of_requester"),
            models.Index(fields=["organisation", "-made_at"], name="order_newest_of_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["requester", "submission"], name="order_submitted_once")
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.reference])

"""An image that members already had, used instead of an order or of a part of it: what the scheme saved."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Product, Sensor
from orders.models.line import Line
from orders.models.quote import Quote
from orders.pricing.words import Unit


class Reuse(models.Model):
    """One choice. `km2` is the area that exists already, `units` what was not counted for it."""

    class Kind(models.TextChoices):
        INSTEAD = "instead", _("used instead of ordering")
        CONVERTED = "converted", _("taken while the request waited")
        SUBTRACTED = "subtracted", _("subtracted from the request")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="reuses")
    line = models.ForeignKey(Line, models.PROTECT, related_name="reuses", null=True, blank=True)
    # Where several images were subtracted together, none of them by itself.
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="reuses", null=True, blank=True
    )
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reuses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    km2 = models.DecimalField(_("existing, in km²"), max_digits=12, decimal_places=2)
    units = models.DecimalField(_("not counted"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("image used again")
        verbose_name_plural = _("images used again")
        indexes = [models.Index(fields=["at"], name="reuse_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["quote", "kind"], name="reuse_once_a_quote_and_kind"),
            models.CheckConstraint(
                condition=Q(km2__gte=Decimal(0), units__gte=Decimal(0)),
                name="reuse_saves_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.kind}"

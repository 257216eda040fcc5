"""A product's images made into cloud-optimised copies, tile by tile: how far it has got."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.product import Product
from catalogue.states import ConversionState
from dinamis.actors import ActedBy
from dinamis.leases import Leased
from dinamis.lifecycle import Living


class Conversion(ActedBy, Living, Leased):
    """One per product; `done` of `total` images are converted, `error` says why the last try failed."""

    product = models.OneToOneField(Product, models.PROTECT, related_name="conversion")
    state = models.CharField(
        _("state"), max_length=10, choices=ConversionState, default=ConversionState.ASKED
    )
    done = models.PositiveIntegerField(_("images done"), default=0)
    total = models.PositiveIntegerField(_("images in all"), default=0)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("optimised copy")
        verbose_name_plural = _("optimised copies")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="conversion_does_what_there_is"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="conversion_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} ({self.get_state_display()})"

    @property
    def share(self) -> int:
        """Per cent of the images done."""
        return round(100 * self.done / self.total) if self.total else 0

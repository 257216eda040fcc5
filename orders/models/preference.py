"""What an organisation wants of its people's orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class OrderPreferenceQuerySet(models.QuerySet["OrderPreference"]):
    def referent_approves(self, organisation: Organisation) -> bool:
        """True where the organisation asks that a referent agrees before the desk."""
        return self.filter(organisation=organisation, referent_approves=True).exists()


class OrderPreference(models.Model):
    """One organisation's wishes; no row means the scheme's own way: referents approve nothing."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="order_preference"
    )
    referent_approves = models.BooleanField(_("a referent approves each order"), default=False)

    objects = OrderPreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["organisation"]
        verbose_name = _("preference for orders")
        verbose_name_plural = _("preferences for orders")

    def __str__(self) -> str:
        return str(self.organisation)

"""The supervising bodies of a laboratory ("tutelles"): several at once, each of a kind and for a time."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def current(self) -> "SupervisionQuerySet":
        """Those that have not ended."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def over(self, body: Organisation) -> "SupervisionQuerySet":
        """What this body supervises: said by its row, or by its name where it was not a member yet."""
        named = Q(body=None) & (
            Q(name__iexact=body.name) | Q(name__iexact=body.short_name or body.name)
        )
        return self.filter(Q(body=body) | named)


class Supervision(models.Model):
    """One body over one laboratory. The body need not be an organisation of the scheme: then it is a name."""

    class Kind(models.TextChoices):
        SUPERVISOR = "supervisor", _("supervising body")
        HOST = "host", _("host institution")
        PARTNER = "partner", _("partner body")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="supervisions")
    body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="supervised"
    )
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SUPERVISOR)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "pk"]
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(until=None),
                name="supervised_once_by_a_body",
            ),
            models.CheckConstraint(
                condition=~Q(body=F("organisation")), name="nobody_supervises_itself"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="supervision_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

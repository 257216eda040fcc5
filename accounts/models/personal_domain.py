"""Mail domains open to anybody: an address there says nothing of an organisation. Rows, edited by administrators."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonalDomainQuerySet(models.QuerySet["PersonalDomain"]):
    def holds(self, email: str) -> bool:
        """True for an address at one of these domains."""
        return self.filter(domain=email.rpartition("@")[2].lower()).exists()

    def among(self, domains: Iterable[str]) -> set[str]:
        """Those of the domains that are personal."""
        return set(self.filter(domain__in=set(domains)).values_list("domain", flat=True))


class PersonalDomain(models.Model):
    """A provider of personal addresses, such as gmail.com."""

    domain = models.CharField(_("e-mail domain"), max_length=253, unique=True)

    objects = PersonalDomainQuerySet.as_manager()

    class Meta:
        ordering = ["domain"]
        verbose_name = _("personal e-mail domain")
        verbose_name_plural = _("personal e-mail domains")

    def __str__(self) -> str:
        return self.domain

"""The words that rules, quotes and lines share: kinds of service, modes, units, terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The two services that count on the quota; a download needs no order."""

    PRODUCTION = "production", _("Production from the archive")
    TASKING = "tasking", _("Tasking")


class Mode(models.TextChoices):
    MONO = "mono", _("single image")
    STEREO = "stereo", _("stereo pair")
    TRI_STEREO = "tri_stereo", _("stereo triplet")


class Unit(models.TextChoices):
    KM2 = "km2", _("km²")
    ATTEMPT = "attempt", _("scene-equivalent attempts")


class Terms(models.TextChoices):
    """At whose expense a category is served."""

    QUOTA = "quota", _("free, within the quota")
    PAID = "paid", _("paid at the preferential price, with no free share")
    REFUSED = "refused", _("not offered")


class Purse(models.TextChoices):
    """What may carry a line, tried in the order of the rows."""

    PROJECT = "project", _("the project's allotment")
    ORGANISATION = "organisation", _("the organisation's allotment")
    COMMON = "common", _("the common share of the category")


class Silence(models.TextChoices):
    """What becomes of a proposed image when nobody answers."""

    ACCEPT = "accept", _("it is accepted")
    REFUSE = "refuse", _("it is refused and tasking goes on")

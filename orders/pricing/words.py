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
    """At whose expense a case is served."""

    FREE = "free", _("free, within the scheme's means; nothing is counted")
    QUOTA = "quota", _("free, counted on the quota")
    COFUNDED = "cofunded", _("co-funded: the requester pays a part")
    PREFERENTIAL = "preferential", _("at the preferential rate")
    DSP = "dsp", _("at the rate of the public-service delegation")
    REFUSED = "refused", _("not offered")


# The terms under which somebody pays.
PRICED = frozenset({Terms.COFUNDED, Terms.PREFERENTIAL, Terms.DSP})


class Place(models.TextChoices):
    """Where an area lies, as the scheme sees it: decided in orders.services.asking.places."""

    STATION = "station", _("inside the circle of the Montpellier station")
    FRANCE = "france", _("on French territory")
    ELSEWHERE = "elsewhere", _("elsewhere")


class Reach(models.TextChoices):
    """Whether a purse of the quota carries the units that a row speaks of."""

    WITHIN = "within", _("within the quota")
    BEYOND = "beyond", _("beyond the quota")


class Scope(models.TextChoices):
    """What a ceiling adds up: one order, or a year of a person or of an organisation."""

    ORDER = "order", _("in one order")
    PERSON = "person", _("of one person, in a year")
    ORGANISATION = "organisation", _("of one organisation, in a year")


class Stage(models.TextChoices):
    """What is to be over within so many working days."""

    REFERENT = "referent", _("the referent's agreement")
    DECIDE = "decide", _("the desk's decision")
    PLACE = "place", _("placing with the supplier")


class Purse(models.TextChoices):
    """What may carry a line, tried in the order of the rows."""

    PROJECT = "project", _("the project's allotment")
    ORGANISATION = "organisation", _("the organisation's allotment")
    COMMON = "common", _("the common share of the category")


class Silence(models.TextChoices):
    """What becomes of a proposed image when nobody answers."""

    ACCEPT = "accept", _("it is accepted")
    REFUSE = "refuse", _("it is refused and tasking goes on")

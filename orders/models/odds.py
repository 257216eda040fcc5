"""What the odds of a tasking rest on besides the record: how cloudy it is where, and how satellites go."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor


class CloudClimate(models.Model):
    """The mean cloud of each month over a box of the world, in %. The smallest box around a place counts."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    west = models.FloatField(_("west, in degrees"))
    south = models.FloatField(_("south, in degrees"))
    east = models.FloatField(_("east, in degrees"))
    north = models.FloatField(_("north, in degrees"))
    # January first.
    months = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)]),
        size=12,
        verbose_name=_("mean cloud of the months, in %"),
    )
    source = models.CharField(_("source"), max_length=300)
    is_assumed = models.BooleanField(_("an assumption of ours"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("cloud climate")
        verbose_name_plural = _("cloud climates")
        constraints = [
            models.CheckConstraint(
                condition=Q(west__lt=F("east"), south__lt=F("north")), name="cloud_climate_is_a_box"
            ),
            models.CheckConstraint(condition=Q(months__len=12), name="cloud_climate_has_12_months"),
        ]

    def __str__(self) -> str:
        return self.name


class OddsSetting(models.Model):
    """How the satellites of a sensor go and are used, for the odds: height, turns a day, share tried.

    `prior_weight` is what the climate is worth, in attempts; `cloud_sharpness` is the sum of the two
    parameters of the cloud's distribution (orders.odds.clouds).
    """

    sensor = models.OneToOneField(Sensor, models.PROTECT, related_name="+", primary_key=True)
    height_km = models.FloatField(_("height of the orbit, in km"))
    turns_a_day = models.FloatField(_("turns around the Earth in a day"))
    tried_share = models.FloatField(_("share of usable passes that are tried"))
    prior_weight = models.FloatField(_("what the climate is worth, in attempts"))
    cloud_sharpness = models.FloatField(_("sharpness of the clouds"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["sensor"]
        verbose_name = _("setting of the odds")
        verbose_name_plural = _("settings of the odds")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    height_km__gt=100,
                    turns_a_day__gt=0,
                    tried_share__gt=0,
                    tried_share__lte=1,
                    prior_weight__gt=0,
                    cloud_sharpness__gt=0,
                ),
                name="odds_setting_is_usable",
            )
        ]

    def __str__(self) -> str:
        return str(self.sensor)

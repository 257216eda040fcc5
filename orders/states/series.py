"""A programme of taskings that come back, and each time of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step

OWNER, SYSTEM = "owner", "system"


class SeriesState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


SERIES = Life(
    name="series",
    title=_("Programme of taskings"),
    states=SeriesState,
    initial=SeriesState.RUNNING,
    steps={
        "pause": step(
            SeriesState.RUNNING,
            to=SeriesState.PAUSED,
            by=OWNER,
            label=_("Pause"),
            consequence=_("Nothing is asked while it is paused; what was asked goes on."),
        ),
        "resume": step(
            SeriesState.PAUSED,
            to=SeriesState.RUNNING,
            by=OWNER,
            label=_("Resume"),
            style="primary",
            consequence=_("The next time is asked when its turn comes; times missed stay missed."),
        ),
        "end": step(
            SeriesState.RUNNING,
            SeriesState.PAUSED,
            to=SeriesState.ENDED,
            by=(OWNER, SYSTEM),
            label=_("End the programme"),
            style="stop",
            consequence=_("Nothing more is asked; what was asked goes on."),
        ),
    },
    turns={SeriesState.RUNNING: "", SeriesState.PAUSED: OWNER, SeriesState.ENDED: ""},
)


class OccurrenceState(models.TextChoices):
    PLANNED = "planned", _("To come")
    TOLD = "told", _("Announced")
    ASKED = "asked", _("Asked")
    SKIPPED = "skipped", _("Left out")
    MISSED = "missed", _("Not asked")


OCCURRENCE = Life(
    name="series_occurrence",
    title=_("One time of a programme"),
    states=OccurrenceState,
    initial=OccurrenceState.PLANNED,
    steps={
        "tell": step(
            OccurrenceState.PLANNED,
            to=OccurrenceState.TOLD,
            by=SYSTEM,
            label=_("Announce"),
        ),
        "ask": step(
            OccurrenceState.PLANNED,
            OccurrenceState.TOLD,
            to=OccurrenceState.ASKED,
            by=SYSTEM,
            label=_("Ask"),
            consequence=_("A line like any other: quota, licence and approval apply."),
        ),
        "skip": step(
            OccurrenceState.PLANNED,
            OccurrenceState.TOLD,
            to=OccurrenceState.SKIPPED,
            by=(OWNER, SYSTEM),
            label=_("Leave this time out"),
        ),
        "miss": step(
            OccurrenceState.PLANNED,
            OccurrenceState.TOLD,
            to=OccurrenceState.MISSED,
            by=SYSTEM,
            label=_("Miss"),
            needs_reason=True,
        ),
    },
    turns=dict.fromkeys(OccurrenceState.values, ""),
)

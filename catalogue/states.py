"""The lives of this room: a product passed on, a list of scenes, the optimised copies of a product."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    ASKED = "asked", _("Waiting for the receiver's signature")
    SIGNED = "signed", _("Signed by the receiver")
    REVOKED = "revoked", _("Revoked")
    ENDED = "ended", _("Ended with the public order")


# The words for who may take a step; policies.py says who they are.
RECEIVER, GIVER, REFERENT, DESK, SYSTEM = "receiver", "giver", "referent", "desk", "system"

STEPS = {
    "sign": step(
        State.ASKED, to=State.SIGNED, by=RECEIVER, style="primary", label=_("Sign"),
        consequence=_("Recorded with the time, this text and this address."),
    ),
    "revoke": step(
        State.ASKED, State.SIGNED, to=State.REVOKED, by=(GIVER, REFERENT, DESK, SYSTEM),
        needs_reason=True, style="stop", label=_("Revoke"),
        consequence=_("The receiver is told by mail to delete the files, with your reason."),
    ),
    "end": step(
        State.ASKED, State.SIGNED, to=State.ENDED, by=SYSTEM, label=_("End"),
        consequence=_("The public order is over: the receiver is told to delete the files."),
    ),
}  # fmt: skip

TURNS = {State.ASKED: RECEIVER, State.SIGNED: "", State.REVOKED: "", State.ENDED: ""}

# One product goes to one person once at a time.
OPEN = (State.ASKED, State.SIGNED)

LIFE = Life("passing_on", _("A product passed on"), State, State.ASKED, STEPS, TURNS)


class ImportState(models.TextChoices):
    ASKED = "asked", _("Being searched")
    FAILED = "failed", _("Not answered")
    SEEN = "seen", _("Read, nothing written")
    WRITTEN = "written", _("Written into the catalogue")
    UNDONE = "undone", _("Undone")
    DROPPED = "dropped", _("Dropped")


IMPORT_STEPS = {
    "fill": step(ImportState.ASKED, to=ImportState.SEEN, by=SYSTEM, label=_("Answer")),
    "fail": step(ImportState.ASKED, to=ImportState.FAILED, by=SYSTEM, label=_("Give up")),
    "ask_again": step(
        ImportState.FAILED, to=ImportState.ASKED, by=DESK, style="primary", label=_("Search again"),
        consequence=_("A worker asks; the scenes appear here."),
    ),
    "write": step(
        ImportState.SEEN, to=ImportState.WRITTEN, by=(DESK, SYSTEM), style="primary",
        label=_("Write into the catalogue"),
        consequence=_("New scenes are added, changed ones brought up to date. It can be undone."),
    ),
    "drop": step(
        ImportState.SEEN, ImportState.FAILED, to=ImportState.DROPPED, by=(DESK, SYSTEM), label=_("Drop"),
        consequence=_("Nothing of it is written."),
    ),
    "undo": step(
        ImportState.WRITTEN, to=ImportState.UNDONE, by=(DESK, SYSTEM), needs_reason=True,
        style="stop", label=_("Undo"),
        consequence=_("What it added is withdrawn, what it changed becomes what it was."),
    ),
}  # fmt: skip

IMPORT = Life(
    "scene_import", _("A list of scenes"), ImportState, ImportState.ASKED, IMPORT_STEPS,
    {
        ImportState.ASKED: SYSTEM, ImportState.FAILED: DESK, ImportState.SEEN: DESK,
        ImportState.WRITTEN: "", ImportState.UNDONE: "", ImportState.DROPPED: "",
    },
)  # fmt: skip


class ConversionState(models.TextChoices):
    ASKED = "asked", _("Waiting for a worker")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Made")
    FAILED = "failed", _("Not made")


CONVERSION_STEPS = {
    "start": step(
        ConversionState.ASKED, to=ConversionState.RUNNING, by=SYSTEM, label=_("Start"),
    ),
    "finish": step(
        ConversionState.RUNNING, to=ConversionState.DONE, by=SYSTEM, label=_("Finish"),
    ),
    "fail": step(
        ConversionState.ASKED, ConversionState.RUNNING, to=ConversionState.FAILED, by=SYSTEM,
        label=_("Give up"),
    ),
    "retry": step(
        ConversionState.FAILED, to=ConversionState.ASKED, by=(DESK, SYSTEM), label=_("Try again"),
    ),
}  # fmt: skip

CONVERSION = Life(
    "conversion", _("The optimised copies of a product"), ConversionState, ConversionState.ASKED,
    CONVERSION_STEPS,
    {
        ConversionState.ASKED: SYSTEM, ConversionState.RUNNING: SYSTEM,
        ConversionState.DONE: "", ConversionState.FAILED: DESK,
    },
)  # fmt: skip

"""The history of a line in words: every step with who and when, and what comes next."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.models import LineEvent
from orders.services.reading import Turn
from orders.states import LINE_LIVES

# Steps that the reader does not need beside the ones they follow from.
QUIET = {("supply", "prepare"), ("supply", "stop"), ("money", "hold"), ("money", "bill")}
TITLES: dict[tuple[str, str], Any] = {
    ("approval", "draft"): _("Quote accepted"),
    ("approval", "submit"): _("Sent to the DINAMIS desk"),
    ("approval", "submit_to_referent"): _("Sent to the referent"),
    ("approval", "approve"): _("The referent agrees"),
    ("approval", "accept"): _("Request accepted"),
    ("approval", "ask_to_complete"): _("The desk asks something"),
    ("approval", "complete"): _("Answered"),
    ("approval", "ask_to_confirm"): _("A new quote to confirm"),
    ("approval", "confirm"): _("New quote confirmed"),
    ("approval", "refuse"): _("Refused"),
    ("approval", "withdraw"): _("Withdrawn"),
    ("approval", "convert"): _("Existing image taken instead"),
    ("approval", "lapse"): _("Lapsed"),
    ("approval", "quote_again"): _("Quoted again"),
    ("supply", "place"): _("Placed with the supplier"),
    ("supply", "start_production"): _("Production has begun"),
    ("supply", "start_attempts"): _("Tasking has begun"),
    ("supply", "propose"): _("An image is proposed"),
    ("supply", "take_image"): _("Image accepted"),
    ("supply", "leave_image"): _("Image refused"),
    ("supply", "deliver"): _("Delivered, free for every member"),
    ("supply", "fail"): _("The supplier could not deliver"),
    ("supply", "close"): _("The window closed without an image"),
    ("note", "plan_attempt"): _("Attempt %(attempt)s planned"),
    ("note", "attempt_attempted"): _("Attempt %(attempt)s made"),
    ("note", "attempt_missed"): _("Attempt %(attempt)s was not made"),
    ("note", "attempt_cloudy"): _("Attempt %(attempt)s: too cloudy"),
    ("note", "attempt_proposed"): _("Attempt %(attempt)s gave an image"),
    ("note", "offer"): _("An existing image is offered"),
    ("money", "count_attempt"): _("One attempt is counted"),
    ("money", "capture"): _("Counted; the rest went back to the quota"),
    ("money", "release"): _("Given back to the quota"),
    ("money", "record_payment"): _("Payment received"),
}
BAD = {"refuse", "withdraw", "lapse", "fail", "close", "attempt_missed", "attempt_cloudy"}


def timeline(events: Iterable[LineEvent], turn: Turn) -> list[dict[str, Any]]:
    """The events for components/timeline.html, oldest first; the reader's turn is the last."""
    shown = [_entry(event) for event in events if (event.life, event.step) not in QUIET]
    if turn.is_yours:
        shown.append({"title": turn.text, "kind": "you", "badge": turn.label})
    return shown


def _entry(event: LineEvent) -> dict[str, Any]:
    known = TITLES.get((event.life, event.step))
    if known is None:
        life = LINE_LIVES.get(event.life)
        known = life.steps[event.step].label if life and event.step in life.steps else event.step
    title = str(known) % event.facts if "%(" in str(known) else str(known)
    if event.reason:
        title = f"{title} : {event.reason}" if title else event.reason
    kind = "bad" if event.step in BAD else ("out" if event.life == "supply" else "")
    return {"title": title, "who": event.by_name, "at": event.at, "kind": kind}

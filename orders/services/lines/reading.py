"""A line in one sentence: where it stands, whose turn it is, since when, until when, what silence does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk, is_referent_of
from dinamis import formats
from orders.models import Line
from orders.pricing.explain import quantity
from orders.pricing.words import Silence
from orders.services.purse import waiting
from orders.services.tasking import standins
from orders.states import (
    APPROVAL,
    SUPPLY,
    AcquisitionState,
    Approval,
    Money,
    QuestionState,
    Supply,
)

YOU, HOUSE, OUT, DONE, BAD, OFF = "st-you", "st-house", "st-out", "st-done", "st-bad", "st-off"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a reader is told. `text` says where it stands, `detail` what follows; `badge` is a class.

    `whose` is a role ("owner", "referent", "desk", "supplier") or "" when nobody must act; `label`
    is the badge's word; `is_yours` is true when the reader must act.
    """

    text: str
    detail: str
    whose: str
    since: datetime
    until: datetime | None
    badge: str
    label: str
    is_yours: bool

    @property
    def since_untold(self) -> datetime | None:
        """Since when, where neither sentence has it; None where one does."""
        day = formats.day(self.since)
        return None if day in self.text or day in self.detail else self.since


# Not told where nothing is held: a line that is free within means, a part that others carry.
HELD = _("%(quantity)s are held meanwhile.")

# What the reader is told when it is their turn: state → (text, detail).
MINE: dict[str, tuple[Any, Any]] = {
    "draft": (
        _("Yours: this draft is not sent."),
        _("Submit it before %(until)s, when its quote expires."),
    ),
    "awaiting_referent": (
        _("Yours: an order waits for your agreement."),
        _("Since %(since)s. The desk has it once you agree."),
    ),
    "submitted": (_("Yours: a request to examine."), _("Since %(since)s.")),
    "to_complete": (
        _("Yours: the desk asks you something."),
        _("What is held stays held while you answer."),
    ),
    "to_confirm": (
        _("Yours: a new quote to confirm."),
        _("The image is now completed and counts more than was foreseen."),
    ),
    "offered": (
        _("Yours: a part of your request is offered."),
        _("%(offered)s instead of %(quantity)s: accept it before %(until)s, or say why not."),
    ),
    "asked_feasibility": (
        _("Yours: a feasibility study with options."),
        _("Choose one before %(until)s. Without an answer: %(silence)s."),
    ),
    "asked_quotation": (
        _("Yours: a quotation of the supplier."),
        _("Accept or refuse it before %(until)s. Without an answer: %(silence)s."),
    ),
    "asked_weather": (
        _("Yours: a weather notice."),
        _("Confirm, postpone or cancel before %(until)s. Without an answer: %(silence)s."),
    ),
    "due": (
        _("Yours: an order number for %(price)s."),
        _("Give the desk your payer's order number: nothing is placed before it."),
    ),
    "to_place": (_("Yours: to be placed with the supplier."), _("Accepted on %(since)s.")),
    "proposed": (
        _("Yours: an image is proposed."),
        _("Accept or refuse it before %(until)s. Without an answer, %(silence)s."),
    ),
}
# What everybody else is told: state → (text, detail).
OTHERS: dict[str, tuple[Any, Any]] = {
    "draft": (_("A draft, not sent yet."), ""),
    "lapsed": (_("Lapsed: its time is over."), _("Nothing is held. It can be quoted again.")),
    "waiting_quota": (
        _("Waiting for quota: number %(rank)s of %(count)s in the list."),
        _(
            "%(quantity)s are needed, %(free)s are left. It is sent by itself in its turn; to keep the"
            " place after %(until)s, say so before."
        ),
    ),
    "awaiting_referent": (
        _("The referent of %(organisation)s has it since %(since)s."),
        _("The DINAMIS desk has it next."),
    ),
    "submitted": (
        _("The DINAMIS desk has it since %(since)s."),
        HELD,
    ),
    "to_complete": (_("The requester was asked something on %(since)s."), ""),
    "to_confirm": (_("The requester was asked to confirm a new quote on %(since)s."), ""),
    "offered": (
        _("A part was offered to the requester on %(since)s."),
        _("%(offered)s instead of %(quantity)s; what is held stays held until the answer."),
    ),
    "refused": (_("Refused on %(since)s."), _("Nothing is held any more.")),
    "withdrawn": (_("Withdrawn on %(since)s."), _("Nothing is held any more.")),
    "converted": (
        _("Replaced by an image that exists already."),
        _("Nothing was counted; the image can be downloaded."),
    ),
    "due": (
        _("The payer's order number is awaited since %(since)s."),
        _("%(price)s are to be paid; nothing is placed before the number."),
    ),
    "asked_feasibility": (
        _("The requester has a feasibility study to answer until %(until)s."),
        _("Without an answer: %(silence)s."),
    ),
    "asked_quotation": (
        _("The requester has a quotation to answer until %(until)s."),
        _("Without an answer: %(silence)s."),
    ),
    "asked_weather": (
        _("The requester has a weather notice to answer until %(until)s."),
        _("Without an answer: %(silence)s."),
    ),
    "stopped": (
        _("Cancelled on %(since)s."),
        _("What was not counted went back to the quota."),
    ),
    "to_place": (
        _("Accepted on %(since)s."),
        _("The DINAMIS desk places it with the supplier."),
    ),
    "placing": (
        _("Being sent to the supplier since %(since)s."),
        HELD,
    ),
    "placed": (_("The supplier has it since %(since)s."), HELD),
    "attempting": (
        _("The satellite is trying since %(since)s."),
        _("The window is open until %(window_end)s."),
    ),
    "proposed": (
        _("An image is proposed to the requester until %(until)s."),
        _("Without an answer, %(silence)s."),
    ),
    "in_production": (_("The image is in production since %(since)s."), ""),
    "delivered": (
        _("Delivered on %(since)s."),
        _("It is now free for every member whose category may download it."),
    ),
    "failed": (
        _("The supplier could not deliver; known on %(since)s."),
        _("What was still held went back to the quota."),
    ),
    "closed": (
        _("The window closed on %(since)s without an image."),
        _("What was not used went back to the quota."),
    ),
}
# The badge of each state that is nobody's turn; the rest follows from whose turn it is.
ENDED = {
    "lapsed": OFF,
    "waiting_quota": OUT,
    "refused": BAD,
    "withdrawn": OFF,
    "converted": DONE,
    "delivered": DONE,
    "failed": BAD,
    "closed": OFF,
    "stopped": OFF,
}
HOLDERS = {
    "owner": (HOUSE, _("With the requester")),
    "referent": (HOUSE, _("With the referent")),
    "desk": (HOUSE, _("With the DINAMIS desk")),
    "supplier": (OUT, _("With the supplier")),
}
SILENCES = {
    Silence.ACCEPT: _("it is accepted"),
    Silence.REFUSE: _("it is refused and tasking goes on"),
}


def state_of(line: Line) -> str:
    """The one word that the three lives come to."""
    if line.approval != Approval.ACCEPTED:
        return line.approval
    if line.asks:
        return f"asked_{line.asks}"
    return "due" if line.money == Money.DUE and line.supply == Supply.TO_PLACE else line.supply


def turn_of(line: Line) -> str:
    """The role that must act now, or "" when nobody must."""
    if line.approval != Approval.ACCEPTED:
        return APPROVAL.turns[line.approval]
    owes = line.asks or state_of(line) == "due"
    return "owner" if owes else SUPPLY.turns[line.supply]


def is_turn_of(line: Line, reader: Any) -> bool:
    """True when the reader is who must act."""
    if not (reader and reader.is_authenticated):
        return False
    whose = turn_of(line)
    if whose == "owner":
        return line.order.requester_id == reader.pk or (
            bool(line.asks or state_of(line) == "proposed") and standins.answers_for(reader, line)
        )
    if whose == "desk":
        return is_desk(reader)
    return whose == "referent" and is_referent_of(reader, line.order.organisation)


def sentence(line: Line, reader: Any) -> Turn:
    """The sentence of a line for a reader, in the active language."""
    state, whose, mine = state_of(line), turn_of(line), is_turn_of(line, reader)
    text, detail = (MINE if mine else OTHERS)[state]
    if detail is HELD and not line.quote.quota_units:
        detail = ""
    values = _values(line, state)
    badge, label = _badge(line, state, whose, mine)
    return Turn(
        text=str(text) % values,
        detail=str(detail) % values,
        whose=whose,
        since=line.state_since,
        until=line.due_at,
        badge=badge,
        label=str(label),
        is_yours=mine,
    )


def _badge(line: Line, state: str, whose: str, mine: bool) -> tuple[str, Any]:
    if mine:
        return YOU, _("Yours")
    if state == "draft":
        return OFF, Approval.DRAFT.label
    if state in ENDED:
        known = Supply if state in Supply.values else Approval
        return ENDED[state], known(state).label
    return HOLDERS[whose]


def _values(line: Line, state: str) -> dict[str, str]:
    values = {
        "since": formats.day(line.state_since),
        "until": formats.instant(line.due_at) if line.due_at else "",
        "organisation": str(line.order.organisation),
        "quantity": "",
        "price": "",
        "offered": "",
        "silence": "",
        "window_end": formats.day(line.window_ends_on) if line.window_ends_on else "",
    }
    if state == "offered":
        offer = line.proposed_quote
        values |= {"quantity": _quantity(line), "offered": quantity(offer.units, offer.unit)}
    if state in {"submitted", "placed", "due"}:
        values |= {"quantity": _quantity(line), "price": formats.euros(line.quote.price_eur)}
    if state == "waiting_quota":
        place = waiting.place(line)
        values |= {"rank": str(place.rank), "count": str(place.count), "quantity": _quantity(line)}
        values["free"] = quantity(place.free, line.quote.unit)
    if line.asks and state.startswith("asked_"):
        question = line.questions.filter(state=QuestionState.OPEN).first()
        option = question.option(question.silence) if question else None
        values["silence"] = _(option["label"]) if option else ""
    if state == "proposed":
        open_one = line.acquisitions.filter(state=AcquisitionState.PROPOSED).first()
        values["silence"] = str(SILENCES[open_one.silence]) if open_one else ""
    return values


def _quantity(line: Line) -> str:
    return quantity(line.quote.quota_units, line.quote.unit)

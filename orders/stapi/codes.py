"""The states of a line → the thirteen status codes of STAPI, and the history told in them.

Several of our states come to one code; the state itself is then the reason code. Every state of the
lives is in the tables: a test sees to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CODES = (
    "received",
    "accepted",
    "rejected",
    "completed",
    "cancelled",
    "scheduled",
    "held",
    "processing",
    "reserved",
    "tasked",
    "user_cancelled",
    "expired",
    "failed",
)
# State of the approval → (code, reason code).
APPROVAL: dict[str, tuple[str, str | None]] = {
    "draft": ("received", "draft"),
    "lapsed": ("expired", "quote_lapsed"),
    "waiting_quota": ("held", "waiting_quota"),
    "awaiting_referent": ("received", "awaiting_referent"),
    "submitted": ("received", None),
    "to_complete": ("held", "to_complete"),
    # A quote waits for the requester's word, and its quota is held meanwhile.
    "to_confirm": ("reserved", "to_confirm"),
    "offered": ("reserved", "partial_offer"),
    "accepted": ("accepted", None),
    "refused": ("rejected", None),
    "withdrawn": ("user_cancelled", None),
    "converted": ("user_cancelled", "existing_image_taken"),
}
# State of the supply → the same; None says nothing that the approval has not said.
SUPPLY: dict[str, tuple[str, str | None] | None] = {
    "none": None,
    "to_place": None,
    "placing": None,
    "placed": ("scheduled", "placed"),
    "attempting": ("tasked", None),
    "proposed": ("held", "acquisition_proposed"),
    "in_production": ("processing", None),
    "delivered": ("completed", None),
    "failed": ("failed", None),
    "closed": ("expired", "window_closed"),
    "stopped": None,
}
TABLES = {"approval": APPROVAL, "supply": SUPPLY}


@dataclass(frozen=True, slots=True)
class Status:
    """One status: `code` is STAPI's, `reason_code` ours, `text` what was said to the requester."""

    at: datetime
    code: str
    reason_code: str | None = None
    text: str | None = None

    def shown(self) -> dict[str, Any]:
        return {
            "timestamp": self.at.isoformat(),
            "status_code": self.code,
            "reason_code": self.reason_code,
            "reason_text": self.text,
            "links": [],
        }


def history(events: Iterable[Any]) -> list[Status]:
    """Statuses of a line from its events, oldest first; what changes nothing for a program is left out.

    An event has life, target, reason and at. By the system withdrawn is cancelled: nobody asked for it.
    """
    found: list[Status] = []
    for event in events:
        known = TABLES.get(event.life, {}).get(event.target)
        if known is None:
            continue
        code, reason_code = known
        if code == "user_cancelled" and event.by_part:
            code = "cancelled"
        status = Status(event.at, code, reason_code, event.reason_told or None)
        last = found[-1] if found else None
        if last is None or (last.code, last.reason_code) != (code, reason_code) or status.text:
            found.append(status)
    return found

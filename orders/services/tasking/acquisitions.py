"""Images proposed to the requester of a tasking line: proposed, accepted, refused, on a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Platform
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.lifecycle import advance
from orders.models import Acquisition, Attempt, Line
from orders.policies.attempts import check_may_answer, check_may_take
from orders.pricing.words import Silence
from orders.services.lines.history import locked, note
from orders.services.lines.steps import take
from orders.services.tasking import questions, windows
from orders.services.tasking.tasking import move_to_proposed
from orders.states import ACQUISITION, AcquisitionState

THRESHOLD = Actor.system("threshold")
WHOLE = 0.99  # the share of the area from which an image covers it all


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the desk says of an image: figures in % and degrees, a footprint (EPSG:4326), its picture."""

    acquired_at: datetime
    cloud_cover: float
    footprint: Any
    identifier: str = ""
    platform: Platform | None = None
    cloud_over_area: float | None = None
    incidence: float | None = None
    quicklook: str = ""
    quicklook_corners: list[list[float]] | None = None


@transaction.atomic
def propose(
    attempt: Attempt, proposal: Proposal, *, by: Actor, due_at: datetime | None = None
) -> Acquisition:
    """Propose the image of an attempt; the requester answers before `due_at` (the rules' days from now).

    Raises Invalid (figures, footprint beside the area, taken outside the window, deadline in the
    past), NotNow (another image is proposed already, the attempt was not made).
    """
    line = locked(attempt.line)
    attempt = Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.pk)
    check_may_take(by, "propose", line)
    rule = line.quote.rule_version.rules.tasking[line.sensor_id]
    now = timezone.now()
    due_at = due_at or now + timedelta(days=rule.answer_days)
    checked = _checked(proposal, line, due_at=due_at, now=now)
    # A supplier's clock is its own; a person would have mistyped the day.
    windows.check_taken(line, proposal.acquired_at, now=now if by.user else None)
    move_to_proposed(attempt, line, by=by, cloud_cover=proposal.cloud_cover)
    acquisition = Acquisition.objects.create(
        line=line,
        attempt=attempt,
        identifier=proposal.identifier,
        platform=proposal.platform,
        acquired_at=proposal.acquired_at,
        cloud_cover=proposal.cloud_cover,
        cloud_over_area=proposal.cloud_over_area,
        incidence=proposal.incidence,
        footprint=geo.to_geos(checked.geometry, multi=True),
        covered_km2=geo.overlap_km2(line.area, checked.geometry),
        quicklook=proposal.quicklook,
        quicklook_corners=proposal.quicklook_corners,
        silence=rule.silence,
        state_since=now,
        due_at=due_at,
    )
    take(line, "supply", "propose", by=by, due_at=due_at, image=acquisition)
    acquisition.line = line
    questions.open_for(acquisition, by=by)
    if _is_good_enough(acquisition, line):
        return accept(acquisition, by=THRESHOLD)
    return acquisition


@transaction.atomic
def accept(acquisition: Acquisition, *, by: Actor) -> Acquisition:
    """The image is wanted: it goes into production, attempts not used go back to the quota."""
    line, acquisition = _both(acquisition)
    _move(acquisition, line, "accept", by=by)
    questions.close_for(acquisition, _step_of(acquisition, by), key="accept", by=by)
    take(line, "supply", "take_image", by=by, image=acquisition)
    return acquisition


@transaction.atomic
def refuse(acquisition: Acquisition, *, by: Actor, reason: str = "") -> Acquisition:
    """The image is not wanted: tasking goes on while the window is open."""
    line, acquisition = _both(acquisition)
    _move(acquisition, line, "refuse", by=by)
    questions.close_for(acquisition, _step_of(acquisition, by), key="refuse", by=by, reason=reason)
    take(line, "supply", "leave_image", by=by, reason=reason, image=acquisition)
    return acquisition


@transaction.atomic
def take_back(acquisition: Acquisition, *, by: Actor, reason: str) -> Acquisition:
    """The desk was wrong to propose it; tasking goes on."""
    line, acquisition = _both(acquisition)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    _move(acquisition, line, "take_back", by=by)
    questions.close_for(acquisition, "take_back", key="", by=by, reason=reason)
    take(line, "supply", "leave_image", by=by, reason=reason, image=acquisition)
    return acquisition


def produced(acquisition: Acquisition, *, by: Actor) -> Acquisition:
    """The supplier has made the image that was accepted; its delivery is on the way."""
    line, acquisition = _both(acquisition)
    check_may_answer(by, "produce", line)
    advance(acquisition, ACQUISITION, "produce", at=timezone.now())
    acquisition.save(update_fields=["state", "state_since", "due_at"])
    note(line, "image_produced", by=by, image=acquisition)
    return acquisition


def delivered(line: Line) -> None:
    """The line's accepted image has come home; the caller holds the line's lock."""
    rows = Acquisition.objects.select_for_update(of=("self",), no_key=True)
    under_way = [AcquisitionState.ACCEPTED, AcquisitionState.PRODUCED]
    for image in rows.filter(line=line, state__in=under_way):
        advance(image, ACQUISITION, "deliver", at=timezone.now())
        image.save(update_fields=["state", "state_since", "due_at"])


def _is_good_enough(image: Acquisition, line: Line) -> bool:
    """True under the line's first threshold, over the whole area: it is accepted without asking."""
    if line.accept_cloud is None:
        return False
    cloud = image.cloud_cover if image.cloud_over_area is None else image.cloud_over_area
    return cloud <= line.accept_cloud and image.covered_share >= WHOLE


def answer_for_silence(acquisition: Acquisition, *, by: Actor) -> Acquisition:
    """Do what the rules say of a proposal that nobody answered."""
    answer = accept if acquisition.silence == Silence.ACCEPT else refuse
    return answer(acquisition, by=by)


def _step_of(acquisition: Acquisition, by: Actor) -> str:
    """A question lapses where time answered, and is answered by whoever else did."""
    return "answer" if by.user is not None or by.part == THRESHOLD.part else "lapse"


def _both(acquisition: Acquisition) -> tuple[Line, Acquisition]:
    line = locked(acquisition.line)
    rows = Acquisition.objects.select_for_update(of=("self",), no_key=True)
    return line, rows.get(pk=acquisition.pk)


def _move(acquisition: Acquisition, line: Line, name: str, *, by: Actor) -> None:
    check_may_answer(by, name, line)
    advance(acquisition, ACQUISITION, name, at=timezone.now())
    acquisition.save(update_fields=["state", "state_since", "due_at"])


def _checked(proposal: Proposal, line: Line, *, due_at: datetime, now: datetime) -> geo.CheckedArea:
    if due_at <= now:
        raise Invalid("deadline_past", _("The deadline must lie in the future."))
    clouds = [proposal.cloud_cover, proposal.cloud_over_area or 0.0]
    if any(not 0 <= cloud <= 100 for cloud in clouds):
        raise Invalid("cloud_not_a_share", _("Cloud is a share between 0 and 100 %."))
    checked = geo.check_area(proposal.footprint)
    if not geo.overlap_km2(line.area, checked.geometry):
        raise Invalid("image_beside_the_area", _("This image does not touch the area asked."))
    return checked

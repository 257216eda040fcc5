"""What time does by itself: quotes expire, proposals are answered by silence, windows close.

Each line is its own transaction through its own service, so running twice, or in two workers, does
each thing once: the second finds the line moved on and leaves it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.errors import Refused
from dinamis.said import gettext as _
from orders.models import Acquisition, Line, Question
from orders.services.desk import deciding
from orders.services.lines import lines, merging
from orders.services.pools import draws, joint, pools
from orders.services.projects import project_clock
from orders.services.purse import serving
from orders.services.tasking import acquisitions, questions, series_clock
from orders.states import Approval

log = structlog.get_logger(__name__)

CLOCK = Actor.system("clock")
MOST = 200  # things done in one tick; the next tick does the rest


def tick() -> dict[str, int]:
    """Do everything whose time has come; return how many of each were done."""
    now = timezone.now()
    today = timezone.localdate(now)
    return {
        "lapsed": _each(Line.objects.lapsing(now)[:MOST], _lapse),
        "answered": _each(Acquisition.objects.unanswered(now)[:MOST], _answer),
        "silent": _each(Question.objects.unanswered(now)[:MOST], _answer_question),
        "offers_left": _each(Line.objects.offers_over(now)[:MOST], _leave_part),
        "decided": deciding.take_due(now),
        "closed": _each(Line.objects.window_over(today)[:MOST], _close),
        "passed_on": merging.pass_on_returns(),
        "served": serving.sweep(),
        "reminded": serving.remind(),
        "pools": pools.tick(),
        "draws": draws.tick(),
        "joint": joint.tick(),
        **project_clock.tick(MOST),
        **series_clock.tick(now),
    }


def _each(rows: Iterable[Any], act: Callable[[Any], object]) -> int:
    done = 0
    for row in rows:
        try:
            act(row)
        except Refused as refused:
            log.info("clock_too_late", row=str(row), code=refused.code)
        else:
            done += 1
    return done


def _lapse(line: Line) -> None:
    lines.lapse(line, by=CLOCK)


def _leave_part(line: Line) -> None:
    lines.leave_part(line, by=CLOCK, reason=_("The offer was not answered in time."))


def _answer(acquisition: Acquisition) -> None:
    acquisitions.answer_for_silence(acquisition, by=CLOCK)


def _answer_question(question: Question) -> None:
    questions.answer_for_silence(question, by=CLOCK)


def _close(line: Line) -> None:
    """A line still being decided lapses; one with the supplier is closed."""
    act = lines.close if line.approval == Approval.ACCEPTED else lines.lapse
    act(line, by=CLOCK)

"""The answer to a question about scenes: a page of them, what each is worth over the area, the counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import Collection, Platform, Scene, Sensor
from catalogue.search import sql, windows
from catalogue.search.cursor import Cursor
from catalogue.search.question import Availability, Question, Sort
from catalogue.services.ranking import ranked
from catalogue.services.weighing import Result, readable, weigh

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results. `total` is exact unless `is_capped`: then there are at least so many.

    At the cap there are more than it says. `is_partial` says that the time was over before the page was
    full: `next` goes on from there. `ranked_among` is how many of the newest were put in order, where
    more match.
    """

    question: Question
    results: tuple[Result, ...]
    total: int
    is_capped: bool
    years: tuple[sql.Year, ...] = ()
    next: Cursor | None = None
    is_partial: bool = False
    ranked_among: int | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """There are more than `total`; else, when capped, at least so many."""
        return self.is_capped and self.total >= windows.COUNT_CAP

    @property
    def any_cloud(self) -> int:
        """Scenes of the years shown, whatever their cloud and date."""
        return sum(year.total for year in self.years)


def ask(question: Question, *, user: Any, size: int = PAGE) -> Page:
    """Answer with at most `size` scenes that this reader may see, and where the next page begins.

    Raises NotNow (search_too_slow).
    """
    platforms, problems = platforms_of(question)
    by = _by_date if question.order is Sort.NEWEST else _by_rank
    answer = by(question, platforms, user, size)
    total = _total(question, platforms, answer)
    if answer.stopped_at is not None:
        problems["time"] = _stopped(answer)
    return Page(
        question=question,
        results=tuple(answer.results),
        total=total.total,
        is_capped=not total.is_exact,
        years=tuple(sql.by_year(question, platforms)) if question.after is None else (),
        next=answer.next,
        is_partial=answer.stopped_at is not None,
        ranked_among=answer.ranked_among,
        problems={**question.problems, **problems},
    )


def platforms_of(question: Question) -> tuple[list[str], dict[str, str]]:
    """The codes of the satellites a question comes down to, and what it names that does not exist."""
    known = dict(Platform.objects.values_list("code", "sensor_id"))
    sensors = set(Sensor.objects.values_list("code", flat=True))
    problems = {}
    if strange := [code for code in question.sensors if code not in sensors]:
        problems["sensor"] = _("There is no sensor called %(codes)s.") % {
            "codes": ", ".join(strange)
        }
    if strange := [code for code in question.platforms if code not in known]:
        problems["satellite"] = _("There is no satellite called %(codes)s.") % {
            "codes": ", ".join(strange)
        }
    if question.collections:
        there = set(Collection.objects.values_list("code", flat=True))
        if strange := [code for code in question.collections if code not in there]:
            problems["collection"] = _("There is no collection called %(codes)s.") % {
                "codes": ", ".join(strange)
            }
    chosen = [
        code
        for code, sensor in known.items()
        if (not question.sensors or sensor in question.sensors)
        and (question.availability != Availability.PRODUCE or sensor)  # else nobody orders from it
        and (not question.platforms or code in question.platforms)
    ]
    return sorted(chosen), problems


@dataclass(frozen=True, slots=True)
class _Answer:
    """Results, where the next page begins, and where a search was stopped before it had looked at all.

    `ranked_among` is how many were put in order, where more match; `counted` how many match, where all were.
    """

    results: list[Result]
    next: Cursor | None = None
    stopped_at: Cursor | None = None
    ranked_among: int | None = None
    counted: int | None = None


def _total(question: Question, platforms: Sequence[str], answer: _Answer) -> sql.Count:
    """Known from the page itself when it is the first and holds all, or when all were put in order."""
    if question.after is None and answer.next is None and answer.stopped_at is None:
        return sql.Count(len(answer.results), is_exact=True)
    if answer.counted is not None:
        return sql.Count(answer.counted, is_exact=True)
    return sql.count(replace(question, after=None), platforms)


def _stopped(answer: _Answer) -> str:
    year = (answer.stopped_at.at - timedelta(microseconds=1)).year
    if answer.next == answer.stopped_at:
        sentence = _(
            "This search looks at very many scenes and was stopped at %(year)s: “More scenes” goes on."
        )
    else:
        sentence = _(
            "This search looks at very many scenes: only those since %(year)s were compared. "
            "Sorted by date, it goes on."
        )
        year += 1
    return sentence % {"year": year}


def named(scenes: Sequence[Scene], *, question: Question, user: Any) -> Page:
    """The page of scenes that were asked by name, in the order they were named."""
    found = readable(user).in_bulk([scene.pk for scene in scenes])
    results = weigh((found[scene.pk] for scene in scenes if scene.pk in found), question=question)
    return Page(
        question=question,
        results=tuple(results),
        total=len(results),
        is_capped=False,
        problems=dict(question.problems),
    )


def _by_date(question: Question, platforms: Sequence[str], user: Any, size: int) -> _Answer:
    wanted = sql.newest(question, platforms, size + 1)
    ids = wanted.ids[:size]
    found = readable(user).in_bulk(ids)
    results = weigh((found[pk] for pk in ids if pk in found), question=question)
    if len(wanted.ids) <= size or not results:
        return _Answer(results, wanted.resumes, wanted.resumes)
    last = results[-1].scene
    return _Answer(results, Cursor(at=last.datetime, pk=last.pk))


def _by_rank(question: Question, platforms: Sequence[str], user: Any, size: int) -> _Answer:
    """The same among the newest; of a search that was stopped, among those it had found."""
    ranking = ranked(question, platforms, user=user)
    places = ranking.after(question.after)
    shown = places[:size]
    found = readable(user).in_bulk([one.pk for one in shown])
    results = weigh((found[one.pk] for one in shown if one.pk in found), question=question)
    among = len(ranking.places) if ranking.is_cut else None
    following = shown[-1] if len(places) > size else None
    is_whole = not ranking.is_cut and ranking.resumes is None
    counted = len(ranking.places) if is_whole else None
    return _Answer(results, following, ranking.resumes, among, counted)

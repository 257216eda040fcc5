"""What OneAtlas answers, read with care: what is missing or misshapen never becomes a guess."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.suppliers.oneatlas import words
from orders.suppliers.protocol import Ask, Chance, Price, Refused, Report, Seen, Stage


def chances(ask: Ask, answer: dict[str, Any]) -> list[Chance]:
    """The offers that can be flown; EASY or CHALLENGING, by a machine or by hand (spelt either way)."""
    assert ask.starts_at is not None  # noqa: S101 - only a tasking is studied
    assert ask.ends_at is not None  # noqa: S101
    found = []
    for capacity in rows(answer, "progCapacities"):
        for one in rows(capacity, "progTypes"):
            if one.get("available") is False or one.get("name") != words.PROGRAMME:
                continue
            told = one.get("feasibility")
            told = told if isinstance(told, dict) else {}
            ease = str(told.get("classification", "")).lower()
            by_hand = str(told.get("automation", "")).upper() in words.BY_HAND
            detail = {"automation": str(told.get("automationName", ""))}
            found.append(Chance(ask.starts_at, ask.ends_at, ease, None, by_hand, detail))
    return found


def defaults(answer: dict[str, Any]) -> dict[str, str]:
    """The options they offer for this area → the value they would take."""
    return {
        str(one["name"]): str(one["defaultValue"])
        for one in rows(answer, "availableOptions")
        if one.get("name") and one.get("defaultValue") not in (None, "")
    }


def price(answer: dict[str, Any], reference: str) -> Price:
    amount = _decimal(answer.get("totalAmount"))
    if amount is None:
        raise Refused(_("OneAtlas told no price."), code="no_price")
    kinds = rows(answer, "productTypes")
    area = _decimal(kinds[0].get("areaKm2")) if kinds else None
    return Price(amount, str(answer.get("currency", "EUR")), area, None, reference)


def one_each(taskings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Taskings told twice, or in two states at once: the later of each, by what it knows."""
    best: dict[str, dict[str, Any]] = {}
    for one in taskings:
        key = tasking_id(one)
        if key and (key not in best or _knows(one) > _knows(best[key])):
            best[key] = one
    return list(best.values())


def tasking_id(tasking: dict[str, Any]) -> str:
    return str(_icr(tasking).get("id") or "")


def order_id(tasking: dict[str, Any]) -> str:
    return str(tasking.get("sal") or "")


def proposed(tasking: dict[str, Any]) -> int:
    return _count(_icr(tasking).get("nbProposedSegments"))


def is_open(tasking: dict[str, Any]) -> bool:
    """Something may still be proposed or answered: its segments are worth a call."""
    told = proposed(tasking) or segments_told(tasking)
    return bool(told) and not is_over(_icr(tasking))


def segments_told(tasking: dict[str, Any]) -> int:
    return _count(_icr(tasking).get("nbTotalSegments"))


def report(
    tasking: dict[str, Any], segments: Sequence[dict[str, Any]], now: datetime, ours: str = ""
) -> Report:
    """One tasking and its segments in our words. Raises Refused (status_unknown).

    They tell no instant of a status. `at` is the latest acquisition that the answer knows of, so that
    one which knows less is seen to be older; the end of a tasking, never taken back, dates from now.
    """
    icr = _icr(tasking)
    seen = tuple(sorted(_seen(segments), key=lambda one: (one.acquired_at, one.identifier)))
    tried = [first for first, _last in words.read_attempts(icr.get("attempts")) if first <= now]
    ordered, validated = _areas(icr)
    # Their counter and their list cross: an open segment counts, whatever the counter says.
    waiting = sum(1 for one in seen if not one.answer) if segments else proposed(tasking)
    stage = words.stage_of(
        str(icr.get("status", "")),
        proposed=waiting,
        tried=bool(tried or seen),
        validated_m2=validated,
    )
    share = round(100 * validated / ordered) if ordered else None
    partial = stage == Stage.PRODUCING and share is not None and share < 100
    return Report(
        reference=order_id(tasking) or tasking_id(tasking),
        stage=stage,
        at=_latest(icr, seen, now),
        ours=str(icr.get("customerRef") or ours),
        reason=f"{share} % of the area is valid." if partial else "",
        code="partial" if partial else _code(icr),
        acquisitions=seen,
        attempts=len(tried),
        asked=_asked(icr),
    )


def _seen(segments: Iterable[dict[str, Any]]) -> list[Seen]:
    found: dict[str, Seen] = {}
    for one in segments:
        key, detail = str(one.get("id") or ""), one.get("asDetail1")
        detail = detail if isinstance(detail, dict) else one
        at = words.read_instant(detail.get("acquisitionDate"))
        sky = _decimal(detail.get("clearSkyRate"))
        answer = words.ANSWERS.get(str(one.get("status", "")).lower())
        if not key or at is None or sky is None or answer is None:
            continue  # a segment that is only planned, or is told in halves
        known = found.get(key)
        if known is not None and known.answer and not answer:
            continue
        footprint = detail.get("footprint")
        incidence = _decimal(detail.get("incidenceAngle"))
        found[key] = Seen(
            identifier=key,
            acquired_at=at,
            # Theirs is the clear sky of the whole acquisition.
            cloud_cover=float(min(Decimal(100), max(Decimal(0), 100 - sky))),
            footprint=footprint if isinstance(footprint, dict) else None,
            incidence=None if incidence is None else float(incidence),
            answer=answer,
            platform=_platform(detail.get("catalogId")),
        )
    return list(found.values())


def _platform(catalogue_id: Any) -> str:
    """The satellite in an identifier such as DS_PHR1B_202104181053…; "" where it says none."""
    parts = str(catalogue_id or "").split("_")
    return parts[1] if len(parts) > 1 and parts[0] == "DS" else ""


def _latest(icr: dict[str, Any], seen: Sequence[Seen], now: datetime) -> datetime:
    if is_over(icr):
        return now
    period = icr.get("period")
    starts_at = words.read_instant(period.get("startDate")) if isinstance(period, dict) else None
    return min(now, max((one.acquired_at for one in seen), default=starts_at or now))


def _knows(tasking: dict[str, Any]) -> tuple[bool, float, int]:
    """How much an answer knows: the end of it, the area valid, the segments."""
    icr = _icr(tasking)
    return is_over(icr), _areas(icr)[1], segments_told(tasking)


def is_over(icr: dict[str, Any]) -> bool:
    """Stopped or completed: neither is ever taken back."""
    return str(icr.get("status", "")).lower() in {words.STOPPED, words.COMPLETED}


def _areas(icr: dict[str, Any]) -> tuple[float, float]:
    told = icr.get("taskingProgress")
    told = told if isinstance(told, dict) else {}
    ordered, valid = _decimal(told.get("orderedArea")), _decimal(told.get("validatedArea"))
    return float(ordered or 0), float(valid or 0)


def _asked(icr: dict[str, Any]) -> dict[str, Any]:
    period = icr.get("period")
    return {"aoi": icr.get("aoi"), "period": period if isinstance(period, dict) else {}}


def _code(icr: dict[str, Any]) -> str:
    return "paused" if str(icr.get("status", "")).lower() == words.PAUSED else ""


def _icr(tasking: dict[str, Any]) -> dict[str, Any]:
    found = tasking.get("icr")
    return found if isinstance(found, dict) else {}


def rows(answer: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list in an answer; one alone, as their examples have it, is a list of one."""
    found = answer.get(name) if isinstance(answer, dict) else None
    found = [found] if isinstance(found, dict) else found
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _decimal(said: Any) -> Decimal | None:
    if said is None or isinstance(said, bool):
        return None
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _count(said: Any) -> int:
    found = _decimal(said)
    return int(found) if found is not None and found >= 0 else 0

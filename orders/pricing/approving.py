"""When a request is approved at once: the conditions of a row, each answered, in words for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from dinamis import formats
from orders.pricing.explain import quantity

ZERO = Decimal(0)
# What a row names of a case, the one that weighs most first. "" in a row means any.
DIMENSIONS = ("category", "sensor", "kind")


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """One row: a request of this case that keeps every condition needs nobody's look.

    `most_units` km² or attempts counted; `most_similar` per cent of the area that members' images
    may cover already; `needs_project` asks for an approved project.
    """

    category: str
    sensor: str
    kind: str
    most_units: Decimal
    most_similar: Decimal = ZERO
    needs_project: bool = False

    def holds_for(self, case: "Case") -> bool:
        return all(getattr(self, name) in ("", getattr(case, name)) for name in DIMENSIONS)

    @property
    def weight(self) -> tuple[bool, ...]:
        return tuple(bool(getattr(self, name)) for name in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a request when it arrives. `is_signed` None: no licence is asked for."""

    category: str
    sensor: str
    kind: str
    unit: str
    units: Decimal
    paid_units: Decimal
    similar: Decimal
    is_member: bool
    is_attached: bool
    is_firm: bool
    is_signed: bool | None
    has_project: bool
    was_asked: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One condition: whether it is kept, and the values of its words."""

    id: str
    holds: bool
    values: Mapping[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, "holds": self.holds, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Judged:
    """Every condition answered, in one order; approved when all are kept."""

    answers: tuple[Answer, ...]

    @property
    def is_approved(self) -> bool:
        return all(answer.holds for answer in self.answers)


def rule_for(rules: Iterable[ApprovalRule], case: Case) -> ApprovalRule | None:
    """The most specific row that matches: a category beats a sensor, a sensor a service."""
    return max((r for r in rules if r.holds_for(case)), key=lambda r: r.weight, default=None)


def judge(rules: Iterable[ApprovalRule], case: Case) -> Judged:
    """Answer every condition of the row that holds; without a row nothing is approved at once."""
    rule = rule_for(rules, case)
    amount = {"units": str(case.units), "unit": case.unit}
    found = [
        Answer("member", case.is_member),
        Answer("attached", case.is_attached),
        Answer("firm", case.is_firm),
        Answer("quota", case.paid_units == 0),
    ]
    if case.is_signed is not None:
        found.append(Answer("licence", case.is_signed))
    if case.was_asked:
        found.append(Answer("asked", holds=False))
    if rule is None:
        found.append(Answer("similar", case.similar == 0, {"share": str(case.similar)}))
        return Judged((*found, Answer("rule", holds=False, values=amount)))
    share = {"share": str(case.similar), "most": str(rule.most_similar)}
    found.append(Answer("similar", case.similar <= rule.most_similar, share))
    if rule.needs_project:
        found.append(Answer("project", case.has_project))
    most = {**amount, "most": str(rule.most_units)}
    found.append(Answer("amount", case.units <= rule.most_units, most))
    return Judged(tuple(found))


def answered_now(
    stored: Sequence[Mapping[str, Any]],
    *,
    similar: Decimal,
    is_attached: bool = True,
    has_twin: bool = False,
) -> list[dict[str, Any]]:
    """Stored answers with what can change while a request waits answered again, by the row of then.

    `similar` is in per cent of the area; an affiliation that has ended meanwhile is no more kept;
    a twin is another request under way for the same image, which no row asks about.
    """
    found = [_answered_now(dict(answer), similar, is_attached) for answer in stored]
    return [Answer("twin", holds=False).stored(), *found] if has_twin else found


def _answered_now(answer: dict[str, Any], similar: Decimal, is_attached: bool) -> dict[str, Any]:
    if answer["id"] == "attached":
        return answer | {"holds": answer["holds"] and is_attached}
    if answer["id"] == "similar":
        values = {**answer["values"], "share": str(similar)}
        return answer | {"holds": similar <= Decimal(values.get("most", "0")), "values": values}
    return answer


def changed(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """The conditions that are answered otherwise than they were."""
    holds = {answer["id"]: answer["holds"] for answer in before}
    return frozenset(one["id"] for one in now if one["holds"] != holds.get(one["id"], one["holds"]))


# id → (said when it is kept, said when it is not, how the desk's attention is drawn: ask or no)
MESSAGES: dict[str, tuple[Any, Any, str]] = {
    "member": (_("Active member"), _("Not an active member"), "no"),
    "attached": (_("The requester is affiliated"), _("The requester has left"), "no"),
    "firm": (
        _("Footprint and figures known"),
        _("The image must be completed first"),
        "no",
    ),
    "quota": (_("Within the quota: nothing is paid"), _("A part is paid beyond the quota"), "ask"),
    "licence": (_("Licence signed"), _("Licence not signed"), "no"),
    "asked": ("", _("The desk asked something before"), "ask"),
    "similar": (
        _("No member has an image of this area"),
        _("A member already has %(share)s %% of the area"),
        "ask",
    ),
    "project": (
        _("It belongs to an approved project"),
        _("It belongs to no running project"),
        "ask",
    ),
    "amount": (
        _("Counted: %(units)s, and up to %(most)s need nobody's look"),
        _("Counted: %(units)s, more than the %(most)s that need nobody's look"),
        "ask",
    ),
    "twin": ("", _("Another request for this image is under way"), "ask"),
    "rule": ("", _("No rule approves this kind of request at once"), "ask"),
}
_SOME_SIMILAR = _("Members have %(share)s %% of the area, at most %(most)s %% need nobody's look")


@dataclass(frozen=True, slots=True)
class Said:
    """One condition as it is read; kind is ok, ask (look) or no (stands in the way)."""

    id: str
    kind: str
    text: str


def read(stored: Sequence[Mapping[str, Any]]) -> list[Said]:
    """Turn stored answers into words of the active language."""
    return [_said(answer) for answer in stored]


def suggestion(stored: Sequence[Mapping[str, Any]]) -> str:
    """The decision the answers point to: accept, look, complete (the image) or refuse."""
    failed = {answer["id"] for answer in stored if not answer["holds"]}
    if failed & {"member", "attached"}:
        return "refuse"
    if "firm" in failed:
        return "complete"
    return "look" if failed & {"similar", "licence", "quota", "twin"} else "accept"


def _said(answer: Mapping[str, Any]) -> Said:
    kept, broken, kind = MESSAGES[answer["id"]]
    values = dict(answer["values"])
    text = kept if answer["holds"] else broken
    if answer["id"] == "similar" and answer["holds"] and Decimal(values.get("share", "0")):
        text = _SOME_SIMILAR
    if answer["id"] == "similar":
        values |= {n: formats.number(values[n]) for n in ("share", "most") if n in values}
    if "unit" in values:
        unit = values["unit"]
        values |= {n: quantity(values[n], unit) for n in ("units", "most") if n in values}
    return Said(answer["id"], "ok" if answer["holds"] else kind, str(text) % values)

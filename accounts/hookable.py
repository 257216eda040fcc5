"""What webhooks can be told of, by subject: each room registers its own when it is ready."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Subject:
    """A family of events that a webhook may listen to: its code, its name, what their types look like."""

    code: str
    label: Any
    types: str
    order: int = 50


PING = "ping"
_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Add a subject, or replace the one of the same code."""
    _subjects[subject.code] = subject


def every() -> list[Subject]:
    """All of them, in the order in which pages show them."""
    return sorted(_subjects.values(), key=lambda one: (one.order, one.code))


def choices() -> list[tuple[str, Any]]:
    return [(one.code, one.label) for one in every()]


def names_of(codes: list[str]) -> list[str]:
    """The names of some subjects, in order."""
    return [str(one.label) for one in every() if one.code in codes]


def register_these() -> None:
    """The subject of this room; called once, when the app is ready."""
    register(Subject("people", _("Affiliations of people"), "affiliation.<state>", order=90))

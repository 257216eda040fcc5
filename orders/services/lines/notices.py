"""What is told of lines: the sentence of the page, to those the table names, each once."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Affiliation, User
from accounts.services.notices import telling
from dinamis import formats
from orders.emails.lines import TEMPLATE, TOLD, family_of
from orders.models import Line, LineEvent
from orders.pricing.explain import quantity
from orders.services.lines.reading import sentence
from orders.services.tasking import standins


def tell(event: LineEvent) -> int:
    """Tell those whom the table names; return how many were. Run twice, it tells them once."""
    if _is_overtaken(event):
        return 0
    told = 0
    for address, language, reader in _addressees(event):
        with translation.override(language):
            message = _message(event, reader, to=address, language=language)
        family = family_of(event.life, event.step)
        told += telling.tell([message], key=f"line:{event.pk}", family=family)
    return told


# What brings a line to the desk: told only where it stays there.
ARRIVALS = frozenset({"submit", "approve", "complete", "confirm", "serve"})


def _is_overtaken(event: LineEvent) -> bool:
    """True for an arrival that the rules answered at once: their acceptance is told instead."""
    if event.step not in ARRIVALS:
        return False
    following = LineEvent.objects.filter(line=event.line, life="approval", pk__gt=event.pk)
    following = following.order_by("pk").values_list("step", flat=True).first()
    return following == "accept_by_rule"


def _addressees(event: LineEvent) -> list[tuple[str, str, Any]]:
    """(address, language, reader) of each; a person who is told twice is told once."""
    found: dict[str, tuple[str, str, Any]] = {}
    for role in TOLD.get((event.life, event.step), ()):
        if role == "desk":
            found["desk"] = (settings.DESK_EMAIL, settings.LANGUAGE_CODE, None)
            continue
        for person in _people(role, event.line):
            found[f"user:{person.pk}"] = (person.email, person.language, person)
    return list(found.values())


def _people(role: str, line: Line) -> list[User]:
    if role == "owner":
        return [line.order.requester]
    return standins.of(line) if role == "delegate" else _referents(line)


def _referents(line: Line) -> list[User]:
    led = Affiliation.objects.in_force().filter(
        organisation=line.order.organisation, is_referent=True
    )
    return [affiliation.user for affiliation in led.select_related("user")]


def _message(event: LineEvent, reader: Any, *, to: str, language: str) -> Message:
    line = event.line
    turn = sentence(line, reader)
    return Message(
        to=to,
        language=language,
        subject=f"{line.reference} · {turn.text}",
        paragraphs=(turn.detail,),
        reason=event.reason_told,
        facts=tuple(_facts(line)),
        path=reverse("order", args=[line.order.reference]),
        template=TEMPLATE,
        more={"line": line, "order": line.order, "turn": turn},
    )


def _facts(line: Line) -> list[tuple[str, str]]:
    counted = quantity(line.quote.units, line.quote.unit)
    return [
        (_("Line"), line.reference),
        (_("Service"), f"{line.get_kind_display()}, {line.sensor}"),
        (_("Area"), formats.area(line.area_km2)),
        (_("Held or counted at most"), counted),
    ]

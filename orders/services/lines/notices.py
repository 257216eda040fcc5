"""Mails about lines: the sentence of the page, sent to those the table names, each once."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Affiliation, User
from dinamis import formats, mail
from orders.emails.lines import TEMPLATE, TOLD
from orders.models import Line, LineEvent, Notice
from orders.pricing.explain import quantity
from orders.services.lines.reading import sentence


def tell(event: LineEvent) -> int:
    """Send what an event gives to tell; return how many mails went. Run twice, it sends them once."""
    sent = 0
    if _is_overtaken(event):
        return sent
    for addressee, address, language, reader in _addressees(event):
        if Notice.objects.filter(event=event, addressee=addressee).exists():
            continue
        with translation.override(language):
            context = _context(event, reader)
        mail.send(address, TEMPLATE, context, language)
        Notice.objects.create(event=event, addressee=addressee)
        sent += 1
    return sent


# What brings a line to the desk: told only where it stays there.
ARRIVALS = frozenset({"submit", "approve", "complete", "confirm", "serve"})


def _is_overtaken(event: LineEvent) -> bool:
    """True for an arrival that the rules answered at once: their acceptance is told instead."""
    if event.step not in ARRIVALS:
        return False
    following = LineEvent.objects.filter(line=event.line, life="approval", pk__gt=event.pk)
    following = following.order_by("pk").values_list("step", flat=True).first()
    return following == "accept_by_rule"


def _addressees(event: LineEvent) -> list[tuple[str, str, str, Any]]:
    """(key, address, language, reader) of each; a person who is told twice is told once."""
    found: dict[str, tuple[str, str, str, Any]] = {}
    order = event.line.order
    for role in TOLD.get((event.life, event.step), ()):
        if role == "desk":
            found["desk"] = ("desk", settings.DESK_EMAIL, settings.LANGUAGE_CODE, None)
            continue
        for person in [order.requester] if role == "owner" else _referents(event.line):
            key = f"user:{person.pk}"
            found[key] = (key, person.email, person.language, person)
    return list(found.values())


def _referents(line: Line) -> list[User]:
    led = Affiliation.objects.in_force().filter(
        organisation=line.order.organisation, is_referent=True
    )
    return [affiliation.user for affiliation in led.select_related("user")]


def _context(event: LineEvent, reader: Any) -> dict[str, Any]:
    line = event.line
    turn = sentence(line, reader)
    return {
        "subject": f"{line.reference} · {turn.text}",
        "line": line,
        "order": line.order,
        "turn": turn,
        "reason": event.reason,
        "facts": _facts(line),
        "action_url": settings.SITE_URL + reverse("order", args=[line.order.reference]),
    }


def _facts(line: Line) -> list[tuple[str, str]]:
    counted = quantity(line.quote.units, line.quote.unit)
    return [
        (_("Line"), line.reference),
        (_("Service"), f"{line.get_kind_display()}, {line.sensor}"),
        (_("Area"), formats.area(line.area_km2)),
        (_("Held or counted at most"), counted),
    ]

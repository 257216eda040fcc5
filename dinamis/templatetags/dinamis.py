"""What every template may use: icons, figures with their unit, bars, identifiers, moments."""

import re
from datetime import datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dinamis import formats

register = template.Library()

register.filter("km2", formats.number)
register.filter("number", formats.number)
register.filter("area", formats.area)
register.filter("percent", formats.percent)
register.filter("euros", formats.euros)
register.filter("attempts", formats.attempts)
register.filter("bytes", formats.file_size)
register.filter("ago", formats.ago)
register.filter("until", formats.until)
register.filter("day", formats.day)
register.filter("dated", formats.dated)
register.filter("instant", formats.instant)
register.filter("browser", formats.browser)
register.filter("date", formats.in_template, expects_localtime=True, is_safe=False)

STATE_ICONS = {
    "you": "hand",
    "house": "building-2",
    "out": "satellite",
    "done": "check",
    "bad": "ban",
    "off": "clock",
}
METER_KINDS = ("used", "held", "now", "act", "ok", "bad")


@lru_cache
def _paths(name: str) -> str | None:
    """Return what is inside one icon's file, or None when there is no such icon."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    file = settings.BASE_DIR / "node_modules" / "lucide-static" / "icons" / f"{name}.svg"
    if not file.is_file():
        return None
    inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(), re.DOTALL)
    return re.sub(r"\s+", " ", inside[1]).strip() if inside else None


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of lucide-static inside the page; screen readers skip it.

    A name that does not exist draws nothing in service and fails the tests.
    """
    paths = _paths(name)
    if paths is None:
        if settings.TESTING:
            raise ValueError(f"lucide-static has no icon named {name!r}")
        return mark_safe("")
    # The markup is a file of a locked package, never text from a user.
    return mark_safe(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{paths}</svg>')  # noqa: S308


@register.simple_tag
def figure(value: object, unit: str = "km²", places: int | None = None) -> SafeString:
    """Write a number and its unit, the unit smaller; a text is taken as it is."""
    shown = value if isinstance(value, str) else formats.number(value, places)
    return format_html('<span class="num">{}<span class="unit">{}</span></span>', shown, unit)


@register.filter
def identifier(value: str) -> SafeString:
    """Let a long identifier break after its underscores."""
    broken = escape(value).replace("_", "_<wbr>")
    return mark_safe(broken)  # noqa: S308  escaped just above


@register.filter
def initials(value: object) -> str:
    """Return two letters for a person: of the name, else of the address."""
    text = str(value).split("@")[0]
    words = [word for word in re.split(r"[\s._-]+", text) if word]
    letters = words[0][0] + words[-1][0] if len(words) > 1 else text[:2]
    return letters.upper()


@register.simple_tag
def moment(value: datetime, how: str = "instant") -> SafeString:
    """Write an instant as `<time>`: `how` is ago, until, day or instant; the full instant is its title."""
    say = {"ago": formats.ago, "until": formats.until, "day": formats.day}.get(how, formats.instant)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.instant(value),
        say(value),
    )


@register.inclusion_tag("components/state.html")
def state(kind: str, label: str, icon: str = "") -> dict[str, str]:
    """Draw a badge: `kind` is you, house, out, done, bad or off (see the gallery)."""
    return {"kind": kind, "label": label, "icon": icon or STATE_ICONS[kind]}


@register.inclusion_tag("components/meter.html")
def meter(
    total: object, label: str = "", *, thin: bool = False, left: bool = False, **amounts: object
) -> dict[str, object]:
    """Draw a bar of `total` made of used, held, now, act, ok or bad amounts, in the order given.

    With `left`, what remains is drawn as free rather than as empty track.
    """
    whole = float(total) or 1.0
    start, parts = 0.0, []
    for kind, amount in amounts.items():
        if kind not in METER_KINDS:
            raise ValueError(f"a meter has no part named {kind!r}")
        width = min(max(float(amount or 0) / whole * 100, 0.0), 100.0 - start)
        parts.append({"kind": kind, "x": f"{start:.2f}", "width": f"{width:.2f}"})
        start += width
    if left:
        parts.append({"kind": "left", "x": f"{start:.2f}", "width": f"{100 - start:.2f}"})
    return {"parts": parts, "label": label, "thin": thin}


@register.inclusion_tag("components/bound.html")
def bound(low: object, high: object, *, measured: bool = True) -> dict[str, object]:
    """Draw a share between `low` and `high` percent: plain when measured, hatched when only bounded."""
    start = min(max(float(low), 0.0), 100.0)
    width = max(min(float(high), 100.0) - start, 3.0)
    return {"x": f"{start:.1f}", "width": f"{width:.1f}", "measured": measured}

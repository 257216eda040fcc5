"""What the desk is shown of a record: a scene's history, a product's embargo and optimised copies."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from catalogue.forms import EmbargoForm, SceneWithdrawForm
from catalogue.models import Conversion, Product, Scene, SceneEvent, SceneImportRow
from catalogue.services import conversions, withdrawing
from dinamis import formats

_BAD = (SceneEvent.Kind.SET_ASIDE, SceneEvent.Kind.UNDONE, SceneEvent.Kind.WITHDRAWN)


def of(scene: Scene) -> dict[str, Any]:
    """Its history, oldest first, and whether it may be withdrawn."""
    events = scene.events.select_related("by_user", "by_link").order_by("at", "pk")
    return {
        "events": [_event(event) for event in events],
        "form": SceneWithdrawForm(),
        "is_used": scene.withdrawn_at is None and withdrawing.is_used(scene),
    }


def of_product(product: Product) -> dict[str, Any]:
    return {
        "embargo_form": EmbargoForm(organisations=Organisation.objects.members()),
        "conversion": Conversion.objects.filter(product=product).first(),
        "may_convert": bool(conversions.images_of(product)),
    }


def changes(row: SceneImportRow) -> list[dict[str, str]]:
    """What a line of a list writes, in words: label, figure before, figure after."""
    names = [name for name in row.after if name not in ("platform", "datetime")]
    return [
        {
            "label": _label(name),
            "before": _written(name, row.before.get(name)),
            "after": _written(name, row.after[name]),
        }
        for name in names
    ]


def _event(event: SceneEvent) -> dict[str, Any]:
    reason = event.facts.get("reason") or ""
    who = f"{event.by_name} · {reason}" if reason else event.by_name
    title = event.get_kind_display()
    kind = "bad" if event.kind in _BAD else ""
    return {"title": title[:1].upper() + title[1:], "who": who, "at": event.at, "kind": kind}


def _label(name: str) -> str:
    return str(Scene._meta.get_field(name).verbose_name)


def _written(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "footprint":
        return _("an outline")
    return formats.number(value) if isinstance(value, float | int) else str(value)

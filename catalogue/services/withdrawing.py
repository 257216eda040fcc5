"""Scenes taken out of the catalogue with the reason, and put back: the row and its history stay."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.models import Identifier, Scene, SceneEvent, SceneImportRow
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow

# What may hang on a scene without keeping it in the catalogue.
_OWN = (SceneEvent, Identifier, SceneImportRow)


@transaction.atomic
def withdraw(
    scene: Scene, *, reason: str, by: Actor, kind: str = SceneEvent.Kind.SET_ASIDE
) -> Scene:
    """Withdraw a scene: no search finds it any more, nobody orders it.

    Raises NotAllowed, Invalid (reason_missing), NotNow (scene_in_use) where a product or an order
    stands on it, NotNow (scene_withdrawn).
    """
    policies.check_may_complete_scenes_as(by)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: whoever asks for it will read it."))
    scene = _locked(scene)
    if scene.withdrawn_at is not None:
        raise withdrawn(scene)
    if is_used(scene):
        raise NotNow(
            "scene_in_use",
            _("A product, an order or a tasking stands on this scene: it cannot be withdrawn."),
        )
    scene.withdrawn_at, scene.withdrawn_reason = timezone.now(), reason.strip()[:300]
    scene.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    facts = {"reason": scene.withdrawn_reason}
    SceneEvent.objects.create(scene=scene, kind=kind, facts=facts, **by.columns())
    return scene


@transaction.atomic
def put_back(scene: Scene, *, by: Actor) -> Scene:
    """Put a withdrawn scene back. Raises NotAllowed, NotNow (scene_not_withdrawn)."""
    policies.check_may_complete_scenes_as(by)
    scene = _locked(scene)
    if scene.withdrawn_at is None:
        raise NotNow("scene_not_withdrawn", _("This scene is in the catalogue."))
    facts = {"reason": scene.withdrawn_reason}
    scene.withdrawn_at, scene.withdrawn_reason = None, ""
    scene.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    SceneEvent.objects.create(
        scene=scene, kind=SceneEvent.Kind.RETURNED, facts=facts, **by.columns()
    )
    return scene


def withdrawn(scene: Scene) -> NotNow:
    """The refusal of whoever asks for a scene that was withdrawn, with its reason."""
    sentence = _("This image was withdrawn from the catalogue: %(reason)s")
    return NotNow("scene_withdrawn", sentence % {"reason": scene.withdrawn_reason})


def is_used(scene: Scene) -> bool:
    """True when a row of any room points at the scene: a product, a line, an acquisition."""
    for relation in Scene._meta.related_objects:
        if relation.related_model in _OWN:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: scene.pk})
        if rows.exists():
            return True
    return False


def _locked(scene: Scene) -> Scene:
    return Scene.objects.select_for_update(of=("self",), no_key=True).get(pk=scene.pk)

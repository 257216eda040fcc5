"""The desk's queue of scenes known by their name alone, and the page that completes one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue import policies
from catalogue.forms import SceneForm
from catalogue.models import Scene
from catalogue.services import given_areas, scenes
from catalogue.services.given_areas import Rules
from catalogue.views import shown
from dinamis.actors import Actor
from dinamis.errors import Refused
from dinamis.geo import CheckedArea


@require_safe
def desk_scenes(request: HttpRequest) -> HttpResponse:
    """What waits for footprint and figures, the oldest first, and what was completed lately."""
    policies.check_may_complete_scenes(request.user)
    visible = Scene.objects.visible_to(request.user).select_related("platform")
    return render(
        request,
        "catalogue/desk_scenes.html",
        {
            "waiting": visible.to_complete().order_by("added_at"),
            "done": visible.filter(events__kind="completed").order_by("-events__at")[:20],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def desk_scene(request: HttpRequest, item_id: str) -> HttpResponse:
    """Complete one scene, or correct it."""
    policies.check_may_complete_scenes(request.user)
    scene = get_object_or_404(Scene.objects.visible_to(request.user), item_id=item_id)
    form = SceneForm(request.POST or None, request.FILES or None, initial=_initial(scene))
    if request.method == "POST" and form.is_valid() and _completed(request, scene, form):
        messages.success(request, _("The scene is complete: quotes that waited for it can bind."))
        return redirect("desk_scenes")
    return render(
        request,
        "catalogue/desk_scene.html",
        {"scene": scene, "form": form, "cell": shown.outline(scene.footprint)},
    )


def _initial(scene: Scene) -> dict[str, object]:
    names = [name for name in SceneForm.base_fields if not name.startswith("footprint")]
    return {
        **{name: getattr(scene, name) for name in names},
        "footprint_source": Scene.FootprintSource.SUPPLIER,
    }


def _completed(request: HttpRequest, scene: Scene, form: SceneForm) -> bool:
    """Write it down; a footprint that is refused goes back to its field with the sentence."""
    try:
        checked = _footprint(form)
    except Refused as refused:
        form.add_error("footprint", str(refused.sentence))
        return False
    scenes.complete(
        scene,
        footprint=checked.geometry,
        footprint_source=form.cleaned_data["footprint_source"],
        figures=form.figures(),
        by=Actor.of(request.user),
        is_correction=scene.is_complete,
    )
    return True


def _footprint(form: SceneForm) -> CheckedArea:
    rules = Rules(trusted=True)
    file = form.cleaned_data["footprint_file"]
    if not file:
        return given_areas.pasted(form.cleaned_data["footprint"], rules)
    choices = given_areas.uploaded(file.name, file, rules)
    if len(choices) > 1 or choices[0].checked is None:
        raise given_areas.several_areas(len(choices))
    return choices[0].checked

"""The basket of a project: filled from the workbench, read by all who read the project, quoted as a whole."""

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.models import Scene
from catalogue.search.question import SHAREABLE
from catalogue.services import areas
from catalogue.views import shown
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.baskets import BasketForm
from orders.services.projects import baskets
from orders.views.project_page import find
from orders.views.several import read_quotes


@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest) -> HttpResponse:
    """Set `?scene=` aside, with the area it was found for (`?area=`), in the basket of a project."""
    seen = Scene.objects.visible_to(request.user).select_related("platform", "collection")
    scene = get_object_or_404(seen, item_id=request.GET.get("scene", "")[:120])
    area = areas.find(request.GET.get("area"))
    form = BasketForm(request.POST or None, user=request.user)
    if form.is_valid():
        said = form.cleaned_data
        by = Actor.of(request.user)
        item = tried(
            request,
            form,
            lambda: baskets.put(said["project"], scene, area=area, note=said["note"], by=by),
        )
        if item:
            messages.success(request, _("The image is in the basket of the project."))
            return redirect("project_basket", said["project"].reference)
    context = {"form": form, "scene": scene, "area": area, "label": shown.label(scene)}
    return render(request, "orders/projects/to_basket.html", context, status=form_status(form))


@require_safe
def basket(request: HttpRequest, reference: str) -> HttpResponse:
    """What the basket holds, each scene weighed over the area it was found for."""
    project = find(request, reference)
    weighed = baskets.weigh(project, request.user)
    names = [one.result.scene.item_id for one in weighed]
    context = {
        "project": project,
        "rows": [(one, _shown(one, project.reference)) for one in weighed],
        "to_produce": baskets.to_produce(weighed),
        "may_fill": baskets.fillable_by(request.user).filter(pk=project.pk).exists(),
        "features": shown.features([one.result for one in weighed]),
        "named": urlencode({"q": " ".join(names[:SHAREABLE])}) if names else "",
    }
    return render(request, "orders/projects/basket.html", context)


@require_POST
def take_out(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take one scene out; the basket offers to put it back."""
    project = find(request, reference)
    item = baskets.take_out(project, pk, by=Actor.of(request.user))
    back = {"scene": item.scene.item_id, "area": item.area.key if item.area else ""}
    messages.success(request, _("The image is out of the basket."))
    return redirect(f"{reverse('project_basket', args=[reference])}?{urlencode(back)}")


@require_POST
def quote(request: HttpRequest, reference: str) -> HttpResponse:
    """Price all that is to be produced of one sensor, as several quotes of one order."""
    project = find(request, reference)
    sensor = request.POST.get("sensor", "")[:20]
    made = baskets.quote(project, sensor, by=Actor.of(request.user))
    return redirect(read_quotes(made, purpose=project.title))


def _shown(weighed: baskets.Weighed, reference: str) -> shown.Row:
    """The row of the workbench's list; a scene is asked for under the basket's project."""
    area = weighed.item.area
    row = shown.row(weighed.result, area=area, query=f"area={area.key}" if area else "")
    return replace(row, order_url=row.order_url and f"{row.order_url}&project={reference}")

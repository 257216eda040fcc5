"""What the desk does to one record: a scene withdrawn or put back, a product kept back or optimised."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Organisation
from accounts.policies import check_is_desk
from catalogue.forms import EmbargoForm, SceneWithdrawForm
from catalogue.models import Product, Scene
from catalogue.services import conversions, embargoes, withdrawing
from dinamis.actors import Actor
from dinamis.errors import Invalid


@require_POST
def withdraw(request: HttpRequest, item_id: str) -> HttpResponse:
    """Take a scene out of the catalogue."""
    scene = _scene(request, item_id)
    form = SceneWithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    withdrawing.withdraw(scene, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Withdrawn: no search finds it any more."))
    return redirect(scene)


@require_POST
def put_back(request: HttpRequest, item_id: str) -> HttpResponse:
    """Put a withdrawn scene back."""
    scene = withdrawing.put_back(_scene(request, item_id), by=Actor.of(request.user))
    messages.success(request, _("It is in the catalogue again."))
    return redirect(scene)


@require_POST
def embargo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a product back until a day."""
    product = _product(request, pk)
    form = EmbargoForm(request.POST, organisations=Organisation.objects.members())
    if not form.is_valid():
        sentence = next(iter(next(iter(form.errors.values()))))
        raise Invalid("form_invalid", str(sentence))
    embargoes.put(product, by=Actor.of(request.user), **form.cleaned_data)
    messages.success(request, _("Kept back until that day."))
    return redirect(product)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End an embargo now."""
    product = embargoes.lift(_product(request, pk), by=Actor.of(request.user))
    messages.success(request, _("It is every member’s now."))
    return redirect(product)


@require_POST
def optimise(request: HttpRequest, pk: int) -> HttpResponse:
    """Have optimised copies of a product's images made."""
    product = _product(request, pk)
    conversions.ask(product, by=Actor.of(request.user))
    messages.success(request, _("They are being made; this page says how far they are."))
    return redirect(product)


def _scene(request: HttpRequest, item_id: str) -> Scene:
    check_is_desk(request.user)
    return get_object_or_404(Scene.objects.visible_to(request.user), item_id=item_id)


def _product(request: HttpRequest, pk: int) -> Product:
    check_is_desk(request.user)
    return get_object_or_404(Product.objects.visible_to(request.user), pk=pk)

"""Passing a product on: asked from its page, listed, revoked; the receiver's page that signs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.steps import StepForm
from accounts.services import links
from accounts.services.licences import licences
from accounts.views.requests import circumstances, language, posted
from catalogue.forms import HandForm, ReceiveForm
from catalogue.models import Passing, Product
from catalogue.services import downloads, passing
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

SHOWN = 200  # rows of the list
shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@shown_or_posted
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody outside to sign for one product; whoever asks has signed for it."""
    rows = Product.objects.visible_to(request.user)
    product = get_object_or_404(rows.select_related("licence", "scene__platform"), pk=pk)
    downloads.check(request.user, product)
    receivers, spoken = passing.receivers(product), {"language": language(request)}
    form = HandForm(posted(request), receivers=receivers, initial=spoken)
    by = Actor.of(request.user)
    if form.is_valid() and tried(request, form, lambda: passing.hand(product, form.handing, by=by)):
        messages.success(request, _("Asked: a mail is on its way to them."))
        return redirect("passed_on")
    page = {"product": product, "form": form, "receivers": receivers}
    page["answers"] = product.licence.answers.all()
    return render(request, "catalogue/pass_on.html", page, status=form_status(form))


@require_safe
def passed_on(request: HttpRequest) -> HttpResponse:
    """What this reader, the organisation they lead, or for the desk everybody has passed on."""
    rows = Passing.objects.visible_to(request.user).select_related(
        "product__scene__platform", "product__licence", "organisation", "signature", "by_user"
    )
    return render(request, "catalogue/passed_on.html", {"rows": rows[:SHOWN]})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, with a reason that the receiver reads."""
    found = get_object_or_404(Passing.objects.visible_to(request.user), pk=pk)
    form = StepForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    passing.revoke(found, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Revoked: the receiver is told."))
    return redirect("passed_on")


@login_not_required
@never_cache
@shown_or_posted
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """The receiver reads the licence and signs it for this product; no account."""
    link = links.find(token, passing.PURPOSE)
    found = passing.of_link(link)
    text = licences.text_in_force(found.product.licence_id, language(request))
    form = ReceiveForm(posted(request), initial={"shown": text.sha256})
    page = {"link": link, "passing": found, "text": text, "form": form}
    if request.method == "POST" and form.is_valid():
        shown = form.cleaned_data["shown"]
        page["done"] = passing.sign(link, shown, circumstances=circumstances(request))
    return render(request, "catalogue/receive.html", page, status=form_status(form))

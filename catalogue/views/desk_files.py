"""The stored files at the desk: how far their reading is, which are damaged, what to do about them."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_desk
from catalogue.models import ProductFile
from catalogue.services import fixity
from dinamis.actors import Actor

PER_PAGE = 50


@require_safe
def desk_files(request: HttpRequest) -> HttpResponse:
    """What is damaged first; without anything, how the reading goes."""
    check_is_desk(request.user)
    found = ProductFile.objects.damaged().select_related("product__scene").order_by("-fault_at")
    page = {
        "told": fixity.overview(),
        "days": settings.FIXITY_DAYS,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "catalogue/desk_files.html", page)


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file read now: somebody put it back from a copy."""
    check_is_desk(request.user)
    file = get_object_or_404(ProductFile, pk=pk)
    fixity.ask_again(file, by=Actor.of(request.user))
    messages.success(request, _("It is being read; if it is right again, it leaves this list."))
    return redirect("desk_files")

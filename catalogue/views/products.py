"""One product: its figures, its map, its files behind their licence."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_desk, is_desk
from catalogue.forms import UseForm, WithdrawForm
from catalogue.models import Download, Product, ProductFile
from catalogue.services import archives, downloads, products, sidecars, uses
from catalogue.views import shown_product, shown_record
from catalogue.views.scenes import picture
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from dinamis.sending import KEPT_BY_NOBODY, Sent, disposition, send


@login_not_required
@require_http_methods(["GET", "HEAD"])
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a product. Everything but the files themselves is open to all."""
    return _page(request, _offered(request, pk), WithdrawForm())


@login_not_required
@require_safe
def quicklook(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture laid on the map."""
    return picture(request, _offered(request, pk).quicklook)


@login_not_required
@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """The small square of a row."""
    return picture(request, _offered(request, pk).thumbnail)


@require_safe
def product_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One file, to the person whose session this is; a Range resumes it."""
    found = _offered(request, pk)
    file = get_object_or_404(found.files.all(), pk=file_pk)
    return give(request, request.user, found, file, how=Download.How.BROWSER)


@require_safe
def archive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All files in one zip. It cannot be resumed; the files one by one can."""
    found = _offered(request, pk)
    signature, _use = downloads.check_taking(request.user, found)
    downloads.check_sound(found)
    stream = archives.archive_of(found, signature)
    headers = {
        "Content-Length": str(len(stream)),
        "Content-Disposition": disposition(archives.archive_name(found)),
        "Accept-Ranges": "none",
        "Cache-Control": KEPT_BY_NOBODY,
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    downloads.begin(request.user, found, how=Download.How.ARCHIVE)
    return StreamingHttpResponse(stream, content_type="application/zip", headers=headers)


@require_safe
def checksums(request: HttpRequest, pk: int) -> HttpResponse:
    """The list that `sha256sum --check` reads."""
    found = _offered(request, pk)
    downloads.check(request.user, found)
    headers = {"Content-Disposition": disposition(archives.SUMS), "Cache-Control": KEPT_BY_NOBODY}
    kind = "text/plain; charset=utf-8"
    return HttpResponse(archives.checksums_of(found), content_type=kind, headers=headers)


@require_safe
def sidecar(request: HttpRequest, pk: int) -> HttpResponse:
    """Licence, credit line and the reader's signature, as data to keep beside the files."""
    found = _offered(request, pk)
    text = sidecars.text_of(found, downloads.check(request.user, found))
    headers = {"Content-Disposition": disposition(sidecars.NAME), "Cache-Control": KEPT_BY_NOBODY}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def say_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Theme and use, asked once per project; said, back to the product and its files."""
    found = _offered(request, pk)
    downloads.check(request.user, found)
    form = UseForm(
        request.POST if request.method == "POST" else None,
        themes=uses.themes(),
        projects=uses.projects_of(request.user),
        present=uses.stated(request.user),
        suggested=uses.suggested(request.user, found),
    )
    if form.is_valid():
        said, by = form.cleaned_data, Actor.of(request.user)
        if tried(request, form, lambda: uses.say(request.user, **said, by=by)):
            return redirect(found)
    page = {"product": found, "form": form, "present": uses.stated(request.user)}
    page |= {"earlier": uses.earlier(request.user)}
    return render(request, "catalogue/say_use.html", page, status=form_status(form))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk takes a product out of the catalogue, with a reason that members read."""
    check_is_desk(request.user)
    found, form, by = _offered(request, pk), WithdrawForm(request.POST), Actor.of(request.user)
    if form.is_valid() and tried(
        request, form, lambda: products.withdraw(found, by=by, **form.cleaned_data)
    ):
        messages.success(request, _("Withdrawn: its links stop with the next request."))
        return redirect(found.scene)
    return _page(request, found, form)


def give(
    request: HttpRequest,
    user: Any,
    found: Product,
    file: ProductFile,
    *,
    how: str,
    bearer: downloads.Bearer | None = None,
) -> HttpResponseBase:
    """Check, write down what is taken and for what, then send it. A HEAD takes nothing."""
    if request.method == "HEAD":
        downloads.check_taking(user, found, bearer=bearer)
        downloads.check_sound(found, file)
    else:
        downloads.begin(user, found, file=file, how=how, bearer=bearer)
    return send(request, Sent(file.storage_name, file.name, file.size, file.sha256))


def _offered(request: HttpRequest, pk: int) -> Product:
    rows = Product.objects.select_related("scene__platform", "scene__collection", "licence")
    found = rows.visible_to(request.user).filter(pk=pk).first()
    if found is not None:
        return found
    raise downloads.withdrawn(get_object_or_404(Product, pk=pk))


def _page(request: HttpRequest, found: Product, form: WithdrawForm) -> HttpResponse:
    page = shown_product.page(found, request.user)
    page |= {"form": form, "may_withdraw": is_desk(request.user)}
    if is_desk(request.user):
        page |= shown_record.of_product(found)
    return render(request, "catalogue/product.html", page, status=form_status(form))

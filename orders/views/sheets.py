"""Order sheets at the desk: of one line or of a selection, to download or to mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from orders.models import Line, Supplier
from orders.services.supplying import sheets


@require_safe
def sheet(request: HttpRequest, form: str) -> HttpResponse:
    """`?line=C-…&line=C-…` as one file."""
    lines = _lines(request, request.GET.getlist("line"))
    if form not in sheets.FORMATS:
        raise Http404
    name, content, kind = sheets.written(lines, form, language=get_language() or "fr")
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Mail the sheet of the lines chosen to a supplier's order desk."""
    lines = _lines(request, request.POST.getlist("line"))
    chosen = get_object_or_404(
        Supplier.objects.filter(is_active=True), key=request.POST.get("supplier", "")
    )
    sheets.send(lines, chosen, by=Actor.of(request.user), language=get_language() or "fr")
    messages.success(
        request, _("The order sheet is on its way to %(address)s.") % {"address": chosen.email}
    )
    return redirect("desk_lines", "place")


def _lines(request: HttpRequest, references: list[str]) -> list[Line]:
    """The lines named, in the order in which they were named; unknown ones are left out."""
    check_is_desk(request.user)
    wanted = references[: sheets.MOST_LINES + 1]
    seen = Line.objects.visible_to(request.user).filter(reference__in=wanted)
    found = {
        line.reference: line
        for line in seen.select_related("order__organisation", "sensor", "scene", "quote")
    }
    return [found[one] for one in dict.fromkeys(wanted) if one in found]

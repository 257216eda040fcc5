"""The answer of a party to a joint request."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinamis.actors import Actor
from orders.models import JointPart
from orders.services.pools import joint


@require_POST
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Agree, or not, for one's own line; another's part does not exist."""
    if name not in {"agree", "decline"}:
        raise Http404
    mine = JointPart.objects.filter(line__order__requester=request.user)
    part = get_object_or_404(mine.select_related("line__order"), pk=pk)
    joint.answer(part, agrees=name == "agree", by=Actor.of(request.user))
    messages.success(request, _("Your answer is written down."))
    return redirect(part.line.order)

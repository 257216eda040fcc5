"""The answer of a party to a joint request, and what the desk does of one that all have agreed on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from orders.models import JointPart, JointRequest
from orders.services.pools import joint, joint_placing


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


@require_POST
def at_desk(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Place it as one, or part it; then back to what is to be placed."""
    check_is_desk(request.user)
    found = get_object_or_404(JointRequest, pk=pk)
    by = Actor.of(request.user)
    if name == "place":
        typed = request.POST.get("supplier_reference", "")[:80]
        joint_placing.place(found, supplier_reference=typed, by=by)
        messages.success(request, _("Placed as one: each is held to its share."))
    elif name == "part":
        joint_placing.part(found, reason=request.POST.get("reason", "")[:2000], by=by)
        messages.success(request, _("Parted: each is placed alone."))
    else:
        raise Http404
    return redirect("desk_lines", "place")

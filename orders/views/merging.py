"""The desk merges two organisations: choose them, see what moves, say why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Merger, Organisation
from accounts.policies import check_is_desk
from accounts.services.membership import mergers
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.merging import ChoiceForm, MergeForm
from orders.services.lines import merging


@require_http_methods(["GET", "HEAD", "POST"])
def desk_mergers(request: HttpRequest) -> HttpResponse:
    """GET shows the choice and, when both are chosen, what would move; POST merges."""
    check_is_desk(request.user)
    if request.method == "POST":
        return _merge(request)
    asked = "absorbed" in request.GET and "successor" in request.GET
    choice = ChoiceForm(request.GET if asked else None, initial=request.GET.dict())
    context = {"choice": choice, "past": _past()}
    if asked and choice.is_valid():
        facts = choice.cleaned_data
        # Judged now, so that nobody reads a preview of what will be refused.
        if tried(request, choice, lambda: mergers.check(**facts) or True):
            context |= _preview(**facts, form=MergeForm(initial=request.GET.dict()))
    return render(request, "orders/desk/mergers.html", context, status=form_status(choice))


def _merge(request: HttpRequest) -> HttpResponse:
    form = MergeForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        done = tried(
            request,
            form,
            lambda: mergers.merge(
                facts["absorbed"],
                into=facts["successor"],
                reason=facts["reason"],
                by=Actor.of(request.user),
            ),
        )
        if done is not None:
            messages.success(request, _said(done))
            return redirect("desk_mergers")
    context = {"choice": ChoiceForm(initial=request.POST.dict()), "past": _past()}
    two = [form.cleaned_data.get(name) for name in ("absorbed", "successor")]
    context |= _preview(*two, form=form) if all(two) else {"form": form}
    return render(request, "orders/desk/mergers.html", context, status=form_status(form))


def _preview(
    absorbed: Organisation, successor: Organisation, *, form: MergeForm
) -> dict[str, object]:
    return {
        "absorbed": absorbed,
        "successor": successor,
        "people": mergers.preview(absorbed, successor),
        "moving": merging.preview(absorbed),
        "form": form,
    }


def _past() -> list[Merger]:
    return list(Merger.objects.select_related("absorbed", "successor", "by_user")[:50])


def _said(merger: Merger) -> str:
    return _("%(name)s is now part of %(successor)s. Everybody concerned is told by mail.") % {
        "name": merger.absorbed.name,
        "successor": merger.successor.name,
    }

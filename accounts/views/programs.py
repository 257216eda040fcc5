"""Programs that sign people in: registered by administrators, revoked by each person for themselves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.programs import NewProgramForm, ProgramForm, change_of
from accounts.models import Program, ProgramEvent
from accounts.services.programs import grants, programs
from accounts.views.requests import posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])
Step = ProgramEvent.Step
STEPS = {"renew": programs.renew_secret, "disable": programs.disable, "enable": programs.enable}


@never_cache
@shown_or_posted
def desk_programs(request: HttpRequest) -> HttpResponse:
    policies.check_is_administrator(request.user)
    form = NewProgramForm(posted(request))
    if request.method == "POST" and form.is_valid():
        kind, client_id = form.cleaned_data["kind"], form.cleaned_data["client_id"]
        by = Actor.of(request.user)
        made = tried(
            request,
            form,
            lambda: programs.register(form.facts, kind=kind, client_id=client_id, by=by),
        )
        if made:
            return _page(request, made[0], secret=made[1], new=True)
    page = {"form": form, "programs": Program.objects.all()}
    return render(request, "accounts/desk_programs.html", page, status=form_status(form))


@never_cache
@shown_or_posted
def desk_program(request: HttpRequest, pk: int) -> HttpResponse:
    policies.check_is_administrator(request.user)
    program = get_object_or_404(Program, pk=pk)
    form = change_of(program, posted(request))
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        if tried(request, form, lambda: programs.change(program, form.facts, by=by)):
            messages.success(request, _("The program is changed."))
            return redirect("desk_program", pk=pk)
    return _page(request, program, form=form)


@never_cache
@require_POST
def desk_program_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    policies.check_is_administrator(request.user)
    program = get_object_or_404(Program, pk=pk)
    if step not in STEPS:
        raise Http404
    result = STEPS[step](program, by=Actor.of(request.user))
    if step == "renew":
        return _page(request, program, secret=result)
    messages.success(request, _("Done."))
    return redirect("desk_program", pk=pk)


@require_safe
def my_programs(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/programs.html", {"grants": grants.of(request.user)})


@require_POST
def my_program_revoke(request: HttpRequest, client_id: str) -> HttpResponse:
    if not grants.revoke(client_id, by=Actor.of(request.user)):
        raise Http404
    messages.success(request, _("This program is signed out of your account."))
    return redirect("my_programs")


def _page(
    request: HttpRequest,
    program: Program,
    *,
    form: ProgramForm | None = None,
    secret: str = "",
    new: bool = False,
) -> HttpResponse:
    """A program, its history and, once, its secret."""
    form = form or change_of(program, None)
    page = {
        "form": form,
        "program": program,
        "programs": Program.objects.all(),
        # What people agreed to is theirs: administrators read what administrators did.
        "events": program.events.exclude(step__in=[Step.AGREE, Step.REVOKE])
        .select_related("by_user", "by_link")
        .order_by("-pk"),
        "secret": secret,
        "new": new,
    }
    return render(request, "accounts/desk_programs.html", page, status=form_status(form))

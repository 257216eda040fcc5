"""Invitations: the referent's page, a list judged before it is sent, and the page of the mailed link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.belonging import InvitationForm, InvitationListForm, WelcomeForm
from accounts.models import Invitation, Organisation
from accounts.services import links
from accounts.services.people import invitations
from accounts.services.people.invitations import Asked, Verdict
from accounts.views.referents import for_referents, page_of
from accounts.views.requests import language, posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

A_PAGE = 50
STEPS = {"resend": invitations.resend, "withdraw": invitations.withdraw}
shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@shown_or_posted
@for_referents
def organisation_invitations(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = InvitationForm(posted(request), initial={"language": language(request)})
    if request.method == "POST" and form.is_valid() and _sent_one(request, form, organisation):
        return redirect(page_of("organisation_invitations", organisation))
    rows = organisation.invitations.select_related("by_user", "organisation")
    page = {
        "organisation": organisation,
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "accounts/organisation_invitations.html", page, status=form_status(form))


@shown_or_posted
@for_referents
def organisation_invite_list(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Judge a list, then send its good lines; the others come back to be corrected."""
    form = InvitationListForm(
        posted(request), request.FILES or None, initial={"language": language(request)}
    )
    page: dict[str, object] = {"organisation": organisation, "form": form}
    if request.method == "POST" and form.is_valid():
        text = form.text
        rows = tried(request, form, lambda: invitations.read(text))
        if rows is not None:
            page |= _listed(request, organisation, form, rows)
    return render(request, "accounts/organisation_invite_list.html", page, status=form_status(form))


@require_POST
def invitation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    if step not in STEPS:
        raise Http404
    STEPS[step](row, by=Actor.of(request.user))
    said = {"resend": _("A new link is on its way."), "withdraw": _("The invitation is withdrawn.")}
    messages.success(request, said[step])
    return redirect(page_of("organisation_invitations", row.organisation))


@login_not_required
@never_cache
@shown_or_posted
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looked at without effect; a POST accepts. The link proves the address, with or without account."""
    link = links.find(token, invitations.PURPOSE)
    asked = invitations.of(link)
    person = invitations.account_at(asked)
    user = request.user if request.user.is_authenticated else None
    needs_account = invitations.needs_password(asked, user)
    initial = {"full_name": asked.full_name}
    form = WelcomeForm(posted(request) if needs_account else None, initial=initial)
    if request.method == "POST" and (not needs_account or form.is_valid()):
        facts = form.cleaned_data if needs_account else {}
        done = invitations.accept(link, user=user, language=language(request), **facts)
        name = done.organisation.name
        messages.success(request, _("You are attached to %(name)s.") % {"name": name})
        return redirect("home" if user and user.pk == done.user_id else "account_login")
    page = {
        "invitation": asked,
        "organisation": asked.organisation,
        "form": form,
        "needs_account": needs_account,
        "other": person is not None and user is not None and person.pk != user.pk,
    }
    return render(request, "accounts/invitation.html", page, status=form_status(form))


def _sent_one(request: HttpRequest, form: InvitationForm, organisation: Organisation) -> bool:
    facts = form.cleaned_data
    asked = Asked(facts["email"].lower(), facts["full_name"], facts["position"], facts["ends_on"])
    sent = tried(
        request,
        form,
        lambda: invitations.send(
            organisation,
            [asked],
            language=facts["language"],
            outside_too=facts["outside_too"],
            by=Actor.of(request.user),
        ),
    )
    if sent:
        email = sent[0].email
        messages.success(
            request, _("The invitation to %(email)s is on its way.") % {"email": email}
        )
    return bool(sent)


def _listed(
    request: HttpRequest,
    organisation: Organisation,
    form: InvitationListForm,
    rows: list[list[str]],
) -> dict[str, object]:
    judged = invitations.judge(organisation, rows)
    outside = form.cleaned_data["outside_too"]
    good = [Verdict.OK, Verdict.OUTSIDE] if outside else [Verdict.OK]
    if "send" in request.POST:
        sent = (
            invitations.send(
                organisation,
                [one for one in judged if one.verdict in good],
                language=form.cleaned_data["language"],
                outside_too=outside,
                by=Actor.of(request.user),
            )
            if any(one.verdict in good for one in judged)
            else []
        )
        count = len(sent)
        said = ngettext(
            "%(count)s invitation is on its way.", "%(count)s invitations are on their way.", count
        )
        messages.success(request, said % {"count": count})
        invited = {one.email for one in sent}
        judged = [one for one in judged if one.email not in invited or one.verdict not in good]
    ready = sum(one.verdict in good for one in judged)
    return {
        # What is to be corrected comes first: of 200 lines it is the few that matter.
        "judged": sorted(enumerate(judged, 1), key=lambda one: one[1].verdict in good),
        "to_correct": len(judged) - ready,
        "kept": "\n".join(one.raw for one in judged),
        "ready": ready,
        "sent": "send" in request.POST,
    }

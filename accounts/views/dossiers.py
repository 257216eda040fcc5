"""A dossier after its first form: taken up again, appealed, renewed, advised on, followed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.dossiers import OpinionForm, RenewForm
from accounts.forms.joining import JoinForm
from accounts.forms.steps import ReasonForm
from accounts.models import MailedLink, Membership
from accounts.services import links
from accounts.services.membership import appeals, dossiers, drafts, opinions, renewals
from accounts.views.join import done, facts
from accounts.views.requests import posted
from dinamis.actors import Actor

Purpose = MailedLink.Purpose
# GET and HEAD show and do nothing: mail scanners open links. Only a POST acts.
shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@shown_or_posted
def join_draft(request: HttpRequest, token: str) -> HttpResponse:
    """The form taken up again: kept once more, or sent."""
    link = links.find(token, Purpose.DRAFT)
    keeps = "save" in request.POST
    form = JoinForm(posted(request), membership=link.membership)
    if keeps:
        drafts.keep(link.membership, form.answers, by=Actor.through(link))
        messages.success(request, _("Kept. The same link takes the form up again."))
        return redirect("join_draft", token=token)
    if request.method == "POST" and form.is_valid():
        membership = drafts.submit(link.membership, form.proposal, by=Actor.through(link))
        return done(request, membership, _("The form is sent."))
    page = facts(link) | {"form": form}
    return render(request, "accounts/join_draft.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@shown_or_posted
def join_appeal(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token, Purpose.APPEAL)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        membership = appeals.appeal(
            link.membership, reason=form.cleaned_data["reason"], by=Actor.through(link)
        )
        return done(request, membership, _("Your answer is with another officer of the desk."))
    refusal = link.membership.events.filter(step="refuse").last()
    page = facts(link) | {"form": form, "refusal": refusal}
    return render(request, "accounts/join_appeal.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@shown_or_posted
def join_renew(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token, Purpose.RENEW)
    form = RenewForm(posted(request), membership=link.membership)
    if request.method == "POST" and form.is_valid():
        membership = renewals.renew(link.membership, by=Actor.through(link), **form.order)
        return done(request, membership, _("The membership is renewed."))
    page = facts(link) | {"form": form}
    return render(request, "accounts/join_renew.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@shown_or_posted
def join_opinion(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an adviser, who has no account."""
    link = links.find(token, opinions.PURPOSE)
    opinion = opinions.of_link(link)
    form = OpinionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        opinions.answer(
            opinion,
            form.cleaned_data["answer"],
            words=form.cleaned_data["words"],
            by=Actor.through(link),
        )
        messages.success(request, _("Your opinion is recorded."))
        return redirect("join_follow", token=token)
    page = dossiers.shown(opinion.membership, reader="adviser") | {
        "link": link,
        "opinion": opinion,
        "form": form,
    }
    return render(request, "accounts/join_opinion.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def join_follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where a dossier stands, for whoever was sent a link about it: nothing can be done from here."""
    return render(request, "accounts/dossier.html", dossiers.of_token(token))


@require_safe
def my_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    membership = _mine(request, reference)
    reader = dossiers.reader_of(membership, request.user)
    page = dossiers.shown(membership, reader=reader)
    if reader == "referent" and renewals.may_renew(membership):
        page["form"] = RenewForm(membership=membership)
    return render(request, "accounts/dossier.html", page)


@require_POST
def my_dossier_renew(request: HttpRequest, reference: str) -> HttpResponse:
    membership = _mine(request, reference)
    policies.check_is_referent_of(request.user, membership.organisation)
    form = RenewForm(request.POST, membership=membership)
    if not form.is_valid():
        page = dossiers.shown(membership, reader="referent") | {"form": form}
        return render(request, "accounts/dossier.html", page, status=422)
    renewals.renew(membership, by=Actor.of(request.user), **form.order)
    messages.success(request, _("The membership is renewed."))
    return redirect("my_dossier", reference=reference)


def _mine(request: HttpRequest, reference: str) -> Membership:
    rows = Membership.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, reference=reference)

"""Joining: look whether it is a member already, fill the form, prove, accept, correct. No account needed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import eligibility
from accounts.forms.joining import AcceptForm, JoinForm
from accounts.forms.particulars import DraftForm
from accounts.forms.steps import ReasonForm
from accounts.models import MailedLink, Membership
from accounts.services import directory, links
from accounts.services.directory import Found
from accounts.services.licences import licences
from accounts.services.membership import (
    certificates,
    changes,
    drafts,
    memberships,
    opinions,
    particulars,
    turns,
)
from accounts.views.finding import A_MINUTE, member_url
from accounts.views.requests import circumstances, language, posted
from dinamis.actors import Actor
from dinamis.callers import client_ip
from dinamis.forms import form_status, tried
from dinamis.limits import check_rate

Purpose = MailedLink.Purpose
PK_DIGITS = 18  # what a key of ours may have
# GET and HEAD show and do nothing: mail scanners open links. Only a POST acts.
shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@shown_or_posted
def join(request: HttpRequest) -> HttpResponse:
    if "save" in request.POST:
        return _keep(request)
    chosen = _chosen(request)
    form = JoinForm(posted(request), initial=chosen.initial if chosen else None)
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user) if request.user.is_authenticated else Actor.system("join form")
        said = form.proposal
        membership = tried(
            request, form, lambda: memberships.propose(said, language=language(request), by=by)
        )
        if membership is not None:
            request.session["proposed"] = membership.pk
            return redirect("join_sent")
    words = request.GET.get("q", "")
    page = {
        "form": form,
        "words": words,
        "found": _found(request, words),
        "chosen": chosen,
    }
    return render(request, "accounts/join.html", page, status=form_status(form))


def _found(request: HttpRequest, words: str) -> list[tuple[Found, str]]:
    """The answers to a search, each with the page of the member it is; one step, without a script."""
    if words:
        check_rate("find", client_ip(request), most=A_MINUTE, seconds=60)
    here = request.user.is_authenticated
    return [(one, member_url(one, signed_in=here)) for one in directory.find(words)]


def _chosen(request: HttpRequest) -> Found | None:
    """The entry of the directory that the reader has chosen, to fill the form with."""
    asked = request.GET.get("entry", "")
    return directory.entry_of(int(asked)) if asked.isdecimal() and len(asked) < PK_DIGITS else None


def _keep(request: HttpRequest) -> HttpResponse:
    """Keep the form as it is; its link goes to the future referent."""
    draft, form = DraftForm(request.POST), JoinForm(request.POST)
    if draft.is_valid():
        by = Actor.of(request.user) if request.user.is_authenticated else Actor.system("join form")
        membership = drafts.begin(
            form.answers | draft.cleaned_data, language=language(request), by=by
        )
        request.session["proposed"] = membership.pk
        return redirect("join_kept")
    form.errors.clear()
    for field, errors in draft.errors.items():
        form.add_error(field, errors)
    page = {"form": form, "words": "", "found": []}
    return render(request, "accounts/join.html", page, status=422)


@login_not_required
@require_safe
def join_kept(request: HttpRequest) -> HttpResponse:
    membership = Membership.objects.filter(pk=request.session.get("proposed")).first()
    if membership is None:
        return redirect("join")
    return render(request, "accounts/join_kept.html", {"membership": membership})


@login_not_required
@require_safe
def join_sent(request: HttpRequest) -> HttpResponse:
    membership = Membership.objects.filter(pk=request.session.get("proposed")).first()
    if membership is None:
        return redirect("join")
    turn = turns.of_membership(membership, reader="referent")
    asked = [eligibility.Opinion(code).label for code in sorted(opinions.needed(membership))]
    page = {"membership": membership, "turn": turn, "asked": asked}
    return render(request, "accounts/join_sent.html", page)


@login_not_required
@never_cache
@shown_or_posted
def join_proved(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token, Purpose.PROVE)
    if request.method == "POST":
        membership = memberships.prove(link.membership, by=Actor.through(link))
        return done(request, membership, _("Your address is proved."))
    return render(request, "accounts/join_proved.html", facts(link))


@login_not_required
@never_cache
@shown_or_posted
def join_legal(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token, Purpose.ACCEPT)
    texts = licences.texts_at_joining(_shown_in(request, link), link.membership.organisation)
    objects = "object" in request.POST
    accept = AcceptForm(None if objects else posted(request), texts=texts)
    reason = ReasonForm(request.POST if objects else None)
    if objects and reason.is_valid():
        memberships.object_to(
            link.membership, reason=reason.cleaned_data["reason"], by=Actor.through(link)
        )
        return done(request, link.membership, _("The form went back to the future referent."))
    if request.method == "POST" and not objects and accept.is_valid():
        memberships.accept(
            link.membership,
            accepted=[(licences.text_shown(code, shown), shown) for code, shown in accept.accepted],
            circumstances=circumstances(request),
            by=Actor.through(link),
        )
        return done(request, link.membership, _("Your acceptance is recorded."))
    page = facts(link) | {"form": accept, "reason_form": reason}
    failed = accept.errors or reason.errors
    return render(request, "accounts/join_legal.html", page, status=422 if failed else 200)


@login_not_required
@never_cache
@shown_or_posted
def join_correct(request: HttpRequest, token: str) -> HttpResponse:
    link = links.find(token, Purpose.CORRECT)
    form = JoinForm(posted(request), membership=link.membership)
    if request.method == "POST" and form.is_valid():
        membership = memberships.correct(link.membership, form.proposal, by=Actor.through(link))
        return done(request, membership, _("The corrected form is on its way."))
    sent_back = link.membership.events.filter(target="sent_back").last()
    page = facts(link) | {"form": form, "sent_back": sent_back}
    return render(request, "accounts/join_correct.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@shown_or_posted
def join_again(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    if request.method == "POST":
        link = links.ask_again(token, purpose)
        messages.success(request, _("A new link is on its way to the same address."))
        return render(request, "accounts/join_again.html", {"link": link, "sent": True})
    return render(request, "accounts/join_again.html", {"link": links.any_with(token, purpose)})


@login_not_required
@require_safe
def join_done(request: HttpRequest) -> HttpResponse:
    membership = Membership.objects.filter(pk=request.session.get("proposed")).first()
    if membership is None:
        return redirect("join")
    turn = turns.of_membership(membership, reader="")
    return render(request, "accounts/join_done.html", {"membership": membership, "turn": turn})


@login_not_required
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    membership = certificates.find(number, who=client_ip(request))
    organisation = membership.organisation
    page = {
        "membership": membership,
        "organisation": organisation,
        "merger": getattr(organisation, "merger", None),
        "changed": changes.last_applied(organisation, after=membership.activated_at),
    }
    return render(request, "accounts/certificate.html", page)


def facts(link: MailedLink) -> dict[str, object]:
    """What every page of a membership's link shows."""
    membership = link.membership
    organisation = membership.organisation
    known = organisation.category
    ruling = eligibility.ruling(known, organisation.country) if known else None
    return {
        "link": link,
        "membership": membership,
        "organisation": organisation,
        "ruling": ruling,
        "particulars": particulars.lines(membership),
        "domains": ", ".join(domain.domain for domain in organisation.domains.all()),
    }


def done(request: HttpRequest, membership: Membership, sentence: str) -> HttpResponse:
    """Thank the person for an act, on a page of its own."""
    request.session["proposed"] = membership.pk
    messages.success(request, sentence)
    return redirect("join_done")


def _shown_in(request: HttpRequest, link: MailedLink) -> str:
    """The language of the page: the one the reader chose, else the one of the mail."""
    return translation.get_language() or link.language

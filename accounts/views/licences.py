"""Licences: the list, the page that signs, the evidence given back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.licences import AcceptAgainForm, SignForm
from accounts.models import Licence, Signature
from accounts.policies import current_affiliation
from accounts.services import documents, links
from accounts.services.licences import comparing, licence_notices
from accounts.services.licences import licences as services
from accounts.services.membership import proofs
from accounts.views.requests import circumstances, language, next_page, posted
from dinamis import events
from dinamis.actors import Actor
from dinamis.forms import form_status


@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    standings = services.standings(request.user, language(request))
    page = {
        "standings": standings,
        "asked_again": [one for one in standings if one.until],
        "signatures": Signature.objects.filter(user=request.user).select_related("text__licence"),
        "affiliation": current_affiliation(request.user),
    }
    return render(request, "accounts/licences.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def licence_sign(request: HttpRequest, code: str) -> HttpResponse:
    licence = get_object_or_404(Licence, code=code)
    text = services.text_in_force(code, language(request))
    asked = {"subject": request.GET.get("subject", ""), "next": request.GET.get("next", "")}
    form = SignForm(posted(request), initial={"shown": text.sha256, **asked})
    if request.method == "POST" and form.is_valid():
        services.sign(
            services.text_shown(code, form.cleaned_data["shown"]),
            subject=form.cleaned_data["subject"],
            shown_sha256=form.cleaned_data["shown"],
            by=Actor.of(request.user),
            capacity=Signature.Capacity.USER,
            circumstances=circumstances(request),
        )
        return redirect(next_page(request, form.cleaned_data["next"], reverse("licences")))
    subject = form["subject"].value() or ""
    signature = services.signature_of(request.user, code, subject=subject)
    until = services.counts_until(licence, signature)
    page = {
        "form": form,
        "licence": licence,
        "text": text,
        "changed": comparing.since(text, signature.version) if signature and until else None,
        "subject": subject,
        "subject_name": events.name_of(subject),
        "signature": signature,
        "until": until,
        "answers": licence.answers.all(),
        "affiliation": current_affiliation(request.user),
        "needs_product": licence.has_subject and not subject,
    }
    return render(request, "accounts/licence_sign.html", page, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_again(request: HttpRequest, token: str) -> HttpResponse:
    """The legal representative of a member reads and accepts the texts that changed; no account."""
    link = links.find(token, licence_notices.PURPOSE)
    texts = licence_notices.texts_to_accept(link.membership, language(request))
    form = AcceptAgainForm(posted(request), texts=texts)
    if request.method == "POST" and form.is_valid():
        licence_notices.accept(link, form.shown, circumstances=circumstances(request))
        return render(request, "accounts/accept_again.html", {"link": link, "done": True})
    changed = [comparing.since_accepted(text, link.membership) for text in texts]
    page = {"link": link, "form": form, "offered": list(zip(changed, form.offered, strict=True))}
    return render(request, "accounts/accept_again.html", page, status=form_status(form))


@require_safe
def signature_pdf(request: HttpRequest, number: int) -> HttpResponse:
    signature = _signature(request, number)
    content = documents.pdf("signature", proofs.of(signature), signature.language)
    headers = {"Content-Disposition": f'attachment; filename="signature-{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
def signature_json(request: HttpRequest, number: int) -> HttpResponse:
    return JsonResponse(
        proofs.as_json(_signature(request, number)),
        headers={"Content-Disposition": f'attachment; filename="signature-{number}.json"'},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def _signature(request: HttpRequest, number: int) -> Signature:
    rows = Signature.objects.visible_to(request.user).select_related(
        "text__licence", "facts", "organisation"
    )
    return get_object_or_404(rows, number=number)

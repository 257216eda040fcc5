"""After the images: reports and publications of a project; the yearly report of the scheme."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import may_read_budget, organisations_led_by
from dinamis import sheets
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.forms import form_status, tried
from orders.forms.project_reports import PublicationForm, ReportForm, YearForm
from orders.forms.projects import WordsForm
from orders.models import Project
from orders.services.projects import project_reports
from orders.services.purse import yearly
from orders.views.project_page import find, shown


@require_POST
def give(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Hand a report in."""
    project = find(request, reference)
    report = get_object_or_404(project.reports, pk=pk)
    form = ReportForm(request.POST)
    if form.is_valid():
        text, by = form.cleaned_data["text"], Actor.of(request.user)
        if tried(request, form, lambda: project_reports.give(report, text, by=by)):
            messages.success(request, _("Handed in. Thank you."))
            return redirect(project)
    return _again(request, project, form, report_form=form)


@require_POST
def waive(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask for a report no more."""
    project = find(request, reference)
    report = get_object_or_404(project.reports, pk=pk)
    form = WordsForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    project_reports.waive(report, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Not asked any more."))
    return redirect(project)


@require_POST
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Link a publication by its DOI."""
    project = find(request, reference)
    form = PublicationForm(request.POST)
    if form.is_valid():
        said, by = form.cleaned_data, Actor.of(request.user)
        if tried(request, form, lambda: project_reports.publish(project, **said, by=by)):
            messages.success(request, _("Publication linked."))
            return redirect(project)
    return _again(request, project, form, publication_form=form)


@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    project = find(request, reference)
    publication = get_object_or_404(project.publications.filter(removed_at=None), pk=pk)
    project_reports.take_back(publication, by=Actor.of(request.user))
    messages.success(request, _("Publication taken off."))
    return redirect(project)


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """The yearly report, per organisation and per theme."""
    report = _report(request)
    context = {"report": report, "form": YearForm(initial={"year": report.year})}
    return render(request, "orders/yearly.html", context)


@require_safe
def year_csv(request: HttpRequest) -> HttpResponseBase:
    report = _report(request)
    return sheets.answer(f"dinamis-{report.year}.csv", yearly.table(report))


@require_safe
def year_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    report = _report(request)
    return HttpResponse(
        yearly.workbook(report),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f'attachment; filename="dinamis-{report.year}.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
def year_pdf(request: HttpRequest) -> HttpResponse:
    """The same as PDF/A, in the language of the page."""
    report = _report(request)
    content = yearly.pdf(report, language=get_language() or "fr")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="dinamis-{report.year}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def _report(request: HttpRequest) -> yearly.Year:
    """Everything for those who read the budget, their own organisations for referents."""
    chosen = YearForm(request.GET).chosen
    if may_read_budget(request.user):
        return yearly.of_year(chosen)
    led = list(organisations_led_by(request.user).values_list("pk", flat=True))
    if not led:
        raise NotAllowed("referent_only", _("This is for referents, the desk and administrators."))
    return yearly.of_year(chosen, led)


def _again(request: HttpRequest, project: Project, form: Any, **bound: Any) -> HttpResponse:
    context = shown(project, request.user) | bound
    return render(request, "orders/projects/project.html", context, status=form_status(form))

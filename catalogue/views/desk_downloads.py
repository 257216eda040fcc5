"""What was downloaded and for what, at the desk: by theme, line by line, and as a sheet."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.policies import check_is_desk
from catalogue.services import download_report
from dinamis import sheets

PER_PAGE = 50


@require_safe
def desk_downloads(request: HttpRequest) -> HttpResponse:
    """One year's, this one unless another is asked."""
    check_is_desk(request.user)
    year = _year(request)
    page = {
        "year": year,
        "years": download_report.years(),
        "themes": download_report.by_theme(year),
        "page": Paginator(download_report.of_year(year), PER_PAGE).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "catalogue/desk_downloads.html", page)


@require_safe
def downloads_csv(request: HttpRequest) -> HttpResponseBase:
    check_is_desk(request.user)
    year = _year(request)
    return sheets.answer(f"dinamis-downloads-{year}.csv", download_report.table(year))


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    known = {str(one): one for one in download_report.years()}
    return known.get(asked, timezone.localdate().year)

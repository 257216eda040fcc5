"""The ground's own pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """What each page is made of; only where a demonstration runs."""
    if not settings.DEMO:
        raise Http404
    return render(request, "components/gallery.html")

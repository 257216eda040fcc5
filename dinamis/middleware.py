"""The page's catcher of refusals, and the reader's own language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils.module_loading import import_string

from dinamis.errors import NotFound, Refused


class PersonalLocaleMiddleware(LocaleMiddleware):
    """Django's own, kept under a name of ours so that the cookie of the language switch wins."""


class RefusalMiddleware:
    """Turn a `Refused` into a page that says what is missing and what to do; write it down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        record(request, error)
        if isinstance(error, NotFound):
            return render(request, "404.html", {"refused": error}, status=404)
        partial = getattr(request, "htmx", False)
        template = "components/refuse.html" if partial else "refused.html"
        return render(request, template, {"refused": error}, status=error.status)


def record(request: HttpRequest, refused: Refused) -> None:
    """Write a refusal to the trail, in a transaction of its own: its own was rolled back."""
    import_string(settings.REFUSAL_RECORDER)(request, refused)

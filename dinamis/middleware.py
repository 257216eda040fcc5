"""The log's facts of a request; what data may load; the page's catcher of refusals, and of a database that is away."""

from collections.abc import Callable

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django_structlog.middlewares import RequestMiddleware

from dinamis.callers import client_ip
from dinamis.errors import NotAllowed, NotFound, NotNow, Refused

log = structlog.get_logger(__name__)

OF_DATA = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
# Set on a request whose refusal is written down.
TOLD = "refusal_told"
# The statuses that never pass without a line in the trail, for whoever refused without our words.
UNTOLD: dict[int, Refused] = {
    403: NotAllowed("forbidden", "Refused."),
    409: NotNow("conflict", "Refused for now."),
}


class LogMiddleware(RequestMiddleware):
    """Give each line of the log the request's number, person and address: the one our proxies saw."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=client_ip(request))


class PolicyMiddleware(CSPMiddleware):
    """The policy of pages, as `settings` has it; what is data may load nothing, wherever it is opened."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").partition(";")[0].endswith("json"):
            response.setdefault(HEADER, OF_DATA)
            return response
        return super().process_response(request, response)


class RefusalMiddleware:
    """Turn a `Refused` into a page that says what is missing and what to do; write it down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What Django or a package refuses by itself: a forged form, a page of the admin.
        if response.status_code in UNTOLD and not getattr(request, TOLD, False):
            record(request, UNTOLD[response.status_code])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            # The database is away, or a lock was not to be had: soon over, nothing was done.
            log.error("database_away", exc_info=error)
            page = render_to_string("503.html")
            return HttpResponse(page, status=503, headers={"Retry-After": "5"})
        if not isinstance(error, Refused):
            return None
        record(request, error)
        if isinstance(error, NotFound):
            return render(request, "404.html", {"refused": error}, status=404)
        partial = getattr(request, "htmx", False)
        template = "components/refuse.html" if partial else "refused.html"
        return render(request, template, {"refused": error}, status=error.status)


def record(request: HttpRequest, refused: Refused) -> None:
    """Write a refusal to the trail, in a transaction of its own: its own was rolled back.

    A refusal stays one while the database is away; the log keeps it then.
    """
    setattr(request, TOLD, True)
    try:
        import_string(settings.REFUSAL_RECORDER)(request, refused)
    except (OperationalError, InterfaceError) as error:
        log.error("refusal_not_written", code=refused.code, exc_info=error)

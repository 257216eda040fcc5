"""The API's catcher of refusals: every error is an RFC 9457 problem document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from dinamis.errors import Refused
from dinamis.middleware import record

CONTENT_TYPE = "application/problem+json"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Unknown errors stay unknown (500) and are logged by Django."""
    if isinstance(error, Refused):
        set_rollback()
        record(context["request"]._request, error)
        return document(error.status, error.code, str(error.sentence), error.details)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    known = error if isinstance(error, exceptions.APIException) else exceptions.APIException()
    facts = {"errors": known.detail} if isinstance(known, exceptions.ValidationError) else {}
    sentence = _("Some fields are missing or not right.") if facts else str(known.detail)
    said = known.get_codes()
    code = said if isinstance(said, str) else known.default_code
    answer = document(response.status_code, code, sentence, facts)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            answer[header] = response[header]
    return answer


def document(status: int, code: str, sentence: str, details: dict[str, Any]) -> Response:
    """Build one problem document; `details` become members beside the standard ones."""
    body = {
        "type": f"/problems/{code}",
        "title": sentence,
        "status": status,
        "code": code,
        **details,
    }
    headers = {"Retry-After": str(details["retry_after"])} if "retry_after" in details else None
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)

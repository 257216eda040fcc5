"""What services want to know of a request: who acts, and in what circumstances."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from accounts.services.licences.licences import Circumstances
from dinamis.callers import client_ip


def circumstances(request: HttpRequest) -> Circumstances:
    """From where the person acts, and whether this session has passed a second factor."""
    records = get_authentication_records(request) if request.user.is_authenticated else []
    return Circumstances(
        ip=client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:300],
        session_mfa=any(record.get("method") == "mfa" for record in records),
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form takes: the fields of a POST, even an empty one; nothing when it is only shown."""
    return request.POST if request.method == "POST" else None


def language(request: HttpRequest) -> str:
    """The two letters of the reader's language."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def next_page(request: HttpRequest, asked: str, otherwise: str) -> str:
    """The page to go on to: the one asked for when it is ours, else another."""
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if asked and ours else otherwise

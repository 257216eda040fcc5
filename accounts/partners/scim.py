"""The real twin: SCIM 2.0 (RFC 7643, 7644) by scim2-client. Its only adapter: the client is still alpha."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from pydantic import ValidationError
from scim2_client import SCIMClientException
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    Email,
    ListResponse,
    Name,
    NotFoundException,
    PatchOp,
    PatchOperation,
    SCIMException,
    ScimProvider,
    SearchRequest,
    User,
)

from accounts.partners import Account, Away, Declined, NotLetIn, PartnerFault, Person, Taken

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)  # seconds
A_PAGE = 100
MOST = 100_000  # accounts read in one comparison
MAX_ANSWER = 5 * 1024 * 1024  # bytes
LONGEST_ANSWER = 20.0  # seconds for a whole body, however slowly it drips


class ScimPartner:
    """Users of one SCIM service. Redirects are not followed: the address is the one an administrator set."""

    def __init__(self, base_url: str, token: str, *, timeout: Any = TIMEOUT) -> None:
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/"),
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/scim+json",
                "Accept-Encoding": "identity",  # what is packed has no size before it is unpacked
            },
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            transport=_Bounded(),
            event_hooks={"response": [_judge]},
        )
        # Some servers answer with attributes of their own: they are not ours to judge.
        self._scim = SyncSCIMClient(self._http, provider=ScimProvider(models=[User]))

    def find(self, person: Person, remote_id: str = "") -> Account | None:
        if remote_id and (known := self._named(remote_id)):
            return known
        for key, value in (("externalId", person.external_id), ("userName", person.email)):
            found = self._matching(f'{key} eq "{_quoted(value)}"')
            if found:
                return found[0]
        return None

    def create(self, person: Person) -> Account:
        with _told():
            return _account(_read(User, self._scim.create(_user(person))))

    def update(self, remote_id: str, person: Person) -> None:
        """PATCH, so that what the partner keeps beside our facts stays as it is."""
        with _told():
            user = _user(person)
        self._patch(
            remote_id,
            ("externalId", user.external_id),
            ("userName", user.user_name),
            ("displayName", user.display_name),
            ("name", user.name),
            ("emails", user.emails),
            ("active", True),
        )

    def reactivate(self, remote_id: str) -> None:
        self._patch(remote_id, ("active", True))

    def deactivate(self, remote_id: str) -> None:
        try:
            self._patch(remote_id, ("active", False))
        except _Gone:
            return

    def everyone(self) -> Iterator[Account]:
        start = 1
        while start <= MOST:
            with _told():
                page = self._scim.query(
                    User, query_parameters=SearchRequest(start_index=start, count=A_PAGE)
                )
                rows = _read(ListResponse, page).resources or []
            yield from (_account(row) for row in rows)
            start += len(rows)
            if not rows or start > (page.total_results or 0):
                return
        raise Declined(f"the list has more than {MOST} accounts")

    def _named(self, remote_id: str) -> Account | None:
        try:
            with _told():
                return _account(_read(User, self._scim.query(User, remote_id)))
        except _Gone:
            return None

    def _matching(self, words: str) -> list[Account]:
        with _told():
            page = self._scim.query(User, query_parameters=SearchRequest(filter=words, count=2))
            return [_account(row) for row in _read(ListResponse, page).resources or []]

    def _patch(self, remote_id: str, *changes: tuple[str, Any]) -> None:
        operations = [
            PatchOperation[User](op=PatchOperation.Op.replace_, path=path, value=value)
            for path, value in changes
        ]
        with _told():
            self._scim.modify(User, remote_id, PatchOp[User](operations=operations))


class _Gone(Declined):
    """The account is not there any more (404)."""


class _Bounded(httpx2.BaseTransport):
    """The usual way out, whose answers have a size and an end."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        response.stream = _BoundedStream(response.stream)
        return response

    def close(self) -> None:
        self._inner.close()


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        size, end = 0, time.monotonic() + LONGEST_ANSWER
        for chunk in self._inner:
            size += len(chunk)
            if size > MAX_ANSWER:
                raise Declined("the answer is too large")
            if time.monotonic() > end:
                raise Away("the answer does not end")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def _read(kind: type, said: Any) -> Any:
    """The answer, when it is one: the client gives None for a body that is empty or of another kind."""
    if not isinstance(said, kind):
        raise Away("the answer is not SCIM")
    return said


def _user(person: Person) -> User:
    given, _space, family = person.full_name.rpartition(" ")
    return User(
        external_id=person.external_id,
        user_name=person.email,
        display_name=person.full_name,
        name=Name(formatted=person.full_name, given_name=given or family, family_name=family),
        emails=[Email(value=person.email, primary=True)],
        active=True,
    )


def _account(user: User) -> Account:
    return Account(
        remote_id=user.id or "",
        external_id=user.external_id or "",
        email=user.user_name or "",
        full_name=user.display_name or (user.name.formatted if user.name else "") or "",
        active=user.active is not False,
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _judge(response: httpx2.Response) -> None:
    """Turn an answer that is no answer into a fault, before anybody reads its body."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise Away(f"HTTP {status}", retry_after=_seconds(response.headers.get("Retry-After", "")))
    if status in {401, 403}:
        raise NotLetIn(f"HTTP {status}")
    if 300 <= status < 400:
        raise Declined(f"HTTP {status}: redirects are not followed")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Declined("the answer is packed, and was not asked to be")


def _seconds(said: str) -> int | None:
    return int(said) if said.isdigit() else None


@contextmanager
def _told() -> Iterator[None]:
    """Say every fault in our own words."""
    try:
        yield
    except PartnerFault:
        raise
    except NotFoundException as fault:
        raise _Gone("HTTP 404") from fault
    except SCIMException as fault:
        kind = Taken if str(fault.status) == "409" else Declined
        raise kind(f"HTTP {fault.status}: {fault.detail or fault}"[:500]) from fault
    except (SCIMClientException, httpx2.HTTPError) as fault:
        raise Away(f"{type(fault).__name__}: {fault}"[:500]) from fault
    except ValidationError as fault:  # SCIM has no such address or name: nothing was sent
        raise Declined(f"not to be said in SCIM: {fault.errors()[0]['msg']}") from fault

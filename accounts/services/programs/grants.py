"""What people granted to programs: found by a token, listed, revoked, over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Program, ProgramEvent, User
from accounts.models.program import Scope
from dinamis.actors import Actor

LIVING = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)


@dataclass(frozen=True, slots=True)
class Grant:
    """One program, and all that one person lets it do now."""

    client: Client
    scopes: list[Any]
    since: datetime
    until: datetime | None


def find(value: str) -> Token | None:
    """Return the living access token of this value, whose person may sign in; else None."""
    return (
        Token.objects.valid()
        .by_value(value)
        .filter(type=Token.Type.ACCESS_TOKEN, client__isnull=False, user__is_active=True)
        .select_related("user", "client")
        .first()
    )


def of(user: User) -> list[Grant]:
    """List the programs that hold something of this person, by name."""
    tokens: dict[str, list[Token]] = {}
    rows = Token.objects.valid().filter(user=user, type__in=LIVING, client__isnull=False)
    for token in rows.select_related("client").order_by("created_at"):
        tokens.setdefault(token.client_id, []).append(token)
    found = [_grant(held) for held in tokens.values()]
    return sorted(found, key=lambda grant: grant.client.name.lower())


def covers(user: User, client_id: str, scopes: Iterable[str]) -> bool:
    """True when this person already granted all of it to this very program."""
    granted: set[str] = set()
    for token in Token.objects.valid().filter(user=user, client=client_id, type__in=LIVING):
        granted.update(token.get_scopes())
    return bool(granted) and set(scopes) <= granted


@transaction.atomic
def agree(client_id: str, scopes: Iterable[str], *, by: Actor) -> ProgramEvent:
    """Write down that a person let a program do this; the tokens follow when the program asks."""
    program = Program.objects.get(client_id=client_id)
    facts = {"scopes": list(scopes)}
    return ProgramEvent.objects.create(
        program=program, step=ProgramEvent.Step.AGREE, facts=facts, **by.columns()
    )


@transaction.atomic
def revoke(client_id: str, *, by: Actor) -> int:
    """End all that the person granted to one program; return how many tokens are gone."""
    gone = Token.objects.filter(user=by.user, client=client_id).delete()[0]
    if gone:
        program = Program.objects.get(client_id=client_id)
        ProgramEvent.objects.create(program=program, step=ProgramEvent.Step.REVOKE, **by.columns())
    return gone


@transaction.atomic
def end_all(user: User, *, by: Actor) -> int:
    """End everything this person granted: an account that closes leaves no token behind."""
    return Token.objects.filter(user=user).delete()[0]


def forget_expired() -> int:
    """Delete the tokens whose time is over; return how many."""
    return Token.objects.expired().delete()[0]


def one_at_a_time(value: str) -> None:
    """Let only one request at once exchange this code or refresh token, until the transaction ends.

    Two that come together would both find it unused: the second waits, and finds it gone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [value])


def drop(value: str) -> None:
    """Take back a refresh token that was made without the person's leave to stay signed in."""
    Token.objects.by_value(value).filter(type=Token.Type.REFRESH_TOKEN).delete()


def _grant(tokens: list[Token]) -> Grant:
    names = {scope for token in tokens for scope in token.get_scopes()}
    ends = [token.expires_at for token in tokens]
    return Grant(
        client=tokens[0].client,
        scopes=[scope.label for scope in Scope if scope.value in names],
        since=min((token.created_at for token in tokens), default=timezone.now()),
        until=None if None in ends else max(ends),
    )

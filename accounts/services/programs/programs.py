"""Programs registered by administrators: what they may ask, where they return, their secret, their end."""

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.addresses import fault_of_redirect
from accounts.models import Program, ProgramEvent
from accounts.models.program import Scope
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow

MAX_ADDRESSES = 10
CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
Kind, Step, Grant = Program.Kind, ProgramEvent.Step, Client.GrantType
GRANTS = {
    Kind.SITE: [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN],
    Kind.APP: [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN],
    Kind.TOOL: [Grant.DEVICE_CODE, Grant.REFRESH_TOKEN],
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an administrator says of a program."""

    name: str
    scopes: Sequence[str]
    redirect_uris: Sequence[str] = ()


@transaction.atomic
def register(facts: Facts, *, kind: str, client_id: str = "", by: Actor) -> tuple[Program, str]:
    """Register a program; return it with its secret ("" when its kind has none), never to be seen again.

    Raises NotAllowed for others than administrators and the system, Invalid for what does not fit the
    kind, NotNow when the identifier is taken.
    """
    _check(by)
    facts = _checked(facts, kind)
    client_id = client_id.strip() or uuid.uuid4().hex
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid(
            "client_id_wrong", _("Small letters, digits, “.”, “-” and “_”: 3 to 60 of them."),
            field="client_id",
        )  # fmt: skip
    secret = _new_secret() if kind == Kind.SITE else ""
    try:
        with transaction.atomic():
            program = Program.objects.create(
                client_id=client_id,
                name=facts.name,
                kind=kind,
                redirect_uris=list(facts.redirect_uris),
                scopes=list(facts.scopes),
                secret_hash=make_password(secret) if secret else "",
            )
    except IntegrityError as error:
        raise NotNow("client_id_taken", _("Another program has this identifier.")) from error
    _note(program, Step.REGISTER, by)
    _publish(program)
    return program, secret


@transaction.atomic
def change(program: Program, facts: Facts, *, by: Actor) -> Program:
    """Keep a new name, scopes and addresses. What people granted beyond the new scopes ends."""
    _check(by)
    program = _locked(program)
    facts = _checked(facts, program.kind)
    program.name, program.scopes = facts.name, list(facts.scopes)
    program.redirect_uris = list(facts.redirect_uris)
    program.save(update_fields=["name", "scopes", "redirect_uris"])
    _note(program, Step.CHANGE, by)
    if not program.disabled_at:
        _publish(program)
        _end_wider_grants(program)
    return program


@transaction.atomic
def renew_secret(program: Program, *, by: Actor) -> str:
    """Give a site a new secret, shown once; the former one stops at once."""
    _check(by)
    program = _locked(program)
    if program.kind != Kind.SITE:
        raise NotNow("no_secret", _("A program of this kind has no secret."))
    secret = _new_secret()
    program.secret_hash = make_password(secret)
    program.save(update_fields=["secret_hash"])
    _note(program, Step.RENEW, by)
    if not program.disabled_at:
        _publish(program)
    return secret


@transaction.atomic
def disable(program: Program, *, by: Actor) -> Program:
    """Stop a program at once: it is unknown to the protocol, and every token given to it is gone."""
    _check(by)
    program = _locked(program)
    if program.disabled_at:
        return program
    program.disabled_at = timezone.now()
    program.save(update_fields=["disabled_at"])
    Client.objects.filter(pk=program.client_id).delete()
    _note(program, Step.DISABLE, by)
    return program


@transaction.atomic
def enable(program: Program, *, by: Actor) -> Program:
    """Let a program sign people in again; each of them agrees anew."""
    _check(by)
    program = _locked(program)
    if program.disabled_at:
        program.disabled_at = None
        program.save(update_fields=["disabled_at"])
        _note(program, Step.ENABLE, by)
        _publish(program)
    return program


def load_reference() -> int:
    """Register the community's own client under the identifier it carries, once; return how many."""
    if Program.objects.filter(client_id="gdal").exists():
        return 0
    scopes = [Scope.OPENID, Scope.READ, Scope.DOWNLOAD, Scope.OFFLINE]
    facts = Facts("teledetection (Python)", scopes)
    register(facts, kind=Kind.TOOL, client_id="gdal", by=Actor.system("load_reference"))
    return 1


def _check(by: Actor) -> None:
    if not by.part:
        policies.check_is_administrator(by.user)


def _checked(facts: Facts, kind: str) -> Facts:
    uris = tuple(dict.fromkeys(uri.strip() for uri in facts.redirect_uris if uri.strip()))
    scopes = [scope for scope in Scope.values if scope in facts.scopes]
    if not facts.name.strip():
        raise Invalid("name_missing", _("Say what people know it by."), field="name")
    if set(facts.scopes) - set(scopes) or Scope.OPENID not in scopes:
        raise Invalid("scope_missing", _("Every program asks at least who it is."), field="scopes")
    if len(uris) > MAX_ADDRESSES or (kind == Kind.TOOL) == bool(uris):
        raise Invalid(
            "redirect_uris_wrong",
            _("A tool returns nowhere; the others to one address at least and ten at most."),
            field="redirect_uris",
        )
    for uri in uris:
        if fault := fault_of_redirect(uri, native=kind == Kind.APP):
            raise Invalid("redirect_uris_wrong", fault, field="redirect_uris")
    return replace(facts, name=facts.name.strip(), scopes=scopes, redirect_uris=uris)


def _new_secret() -> str:
    return f"dnc_{secrets.token_urlsafe(32)}"


def _publish(program: Program) -> None:
    """Write the client row that allauth reads; who holds no secret gets one that nobody knows."""
    client = Client.objects.filter(pk=program.client_id).first() or Client(id=program.client_id)
    client.name, client.skip_consent = program.name, False
    is_site = program.kind == Kind.SITE
    client.type = Client.Type.CONFIDENTIAL if is_site else Client.Type.PUBLIC
    client.secret = program.secret_hash or make_password(None)
    client.set_scopes(program.scopes)
    # The usual client asks nothing: then it is granted all that it was registered for.
    client.set_default_scopes(program.scopes if program.kind == Kind.TOOL else [Scope.OPENID])
    client.set_grant_types(GRANTS[Kind(program.kind)])
    client.set_redirect_uris(program.redirect_uris)
    client.set_response_types([] if program.kind == Kind.TOOL else [Client.ResponseType.CODE])
    client.created_at = program.made_at
    client.save()


def _end_wider_grants(program: Program) -> None:
    for token in Client.objects.get(pk=program.client_id).token_set.all():
        if set(token.get_scopes()) - set(program.scopes):
            token.delete()


def _note(program: Program, step: str, by: Actor) -> None:
    facts = {
        "name": program.name,
        "kind": program.kind,
        "scopes": program.scopes,
        "redirect_uris": program.redirect_uris,
    }
    ProgramEvent.objects.create(program=program, step=step, facts=facts, **by.columns())


def _locked(program: Program) -> Program:
    return Program.objects.select_for_update(no_key=True).get(pk=program.pk)

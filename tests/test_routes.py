"""The matrix of every route × method × role, walked; and that what is foreign answers as what does not exist."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.catalogue import shelf
from tests.routes import GROUPS, ROUTES
from tests.routes.table import LOGIN, METHODS, PROVE, ROLES, Group, Route
from tests.routes.world import world as make_world

pytestmark = pytest.mark.django_db
# Refusals and sessions are written whatever the answer.
NOT_WATCHED = {"accounts_event", "django_session", "django_migrations", "spatial_ref_sys"}
# Reading a file is written down; an identifier that is asked for by its name becomes a scene.
READING_WRITES = {"product_file", "product_archive", "signed_file"}
# What differs between two answers of the same kind.
PASSING = re.compile(rb'nonce="[^"]*"|(name="csrfmiddlewaretoken" value=)"[^"]*"')


class Undone(Exception):
    """Rolls back what a request did."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """One world for the whole module; every request in it is undone."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                made = make_world()
                made.before = fingerprint()
                yield made
                raise Undone
        except Undone:
            connection.close()


def fingerprint() -> dict[str, str]:
    """A digest of every row of every table that is watched."""
    tables = sorted(set(connection.introspection.table_names()) - NOT_WATCHED)
    each = (
        f"SELECT '{name}', count(*) || ':' || coalesce(sum(hashtext(t::text)::bigint), 0)"
        f' FROM "{name}" t'
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def changed(world: SimpleNamespace) -> set[str]:
    now = fingerprint()
    return {name for name, digest in now.items() if world.before[name] != digest}


class Answer:
    """What one request was answered, and the tables it changed."""

    def __init__(self, response: HttpResponse, tables: set[str]) -> None:
        self.response, self.tables = response, tables

    @property
    def told(self) -> int | str:
        """The status, or the word for one of the redirects that everybody knows."""
        location = self.response.get("Location", "")
        if location.startswith(reverse("account_login")):
            return LOGIN
        if "reauthenticate" in location:
            return PROVE
        return self.response.status_code


def ask(
    world: SimpleNamespace,
    route: Route,
    role: str,
    method: str,
    *,
    args: list[Any] | None = None,
    watched: bool = False,
) -> Answer:
    """Send one request as a role, and undo it."""
    address = reverse(route.name, args=route.args(world) if args is None else args)
    if query := route.query(world):
        address = f"{address}?{query}"
    return send(world, address, role, method, route=route, watched=watched)


def send(
    world: SimpleNamespace,
    address: str,
    role: str,
    method: str,
    *,
    route: Route | None = None,
    watched: bool = False,
) -> Answer:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    if world.sessions[role]:
        client.cookies["session"] = world.sessions[role]
    given: dict[str, Any] = {}
    if method == "POST" and route is not None:
        given["data"] = route.sent(world)
    if route is not None and route.as_json:
        given["content_type"] = "application/json"
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(address, **given)
            if response.streaming:
                shelf.body(response)
            tables = changed(world) if watched else set()
            raise Undone
    except Undone:
        return Answer(response, tables)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_role_is_answered_as_the_table_says(world, route):
    asked = [
        (method, role) for method in METHODS for role in ROLES if is_telling(route, method, role)
    ]
    observed = {one: ask(world, route, one[1], one[0]).told for one in asked}
    assert observed == {one: route.expected(*one) for one in asked}


def is_telling(route: Route, method: str, role: str) -> bool:
    """A method that the table does not list is refused before anybody asks who it is: two roles tell."""
    listed = {"GET": route.get, "POST": route.post}.get(method)
    return listed is not None or role in {"anonymous", "desk"}


@pytest.mark.parametrize("route", [one for one in ROUTES if one.post], ids=str)
def test_a_refused_post_leaves_nothing_changed(world, route):
    for role in ROLES:
        if route.post[role] == LOGIN or int(route.post[role]) >= 400:
            assert ask(world, route, role, "POST", watched=True).tables == set(), role


@pytest.mark.parametrize("route", [one for one in ROUTES if one.get], ids=str)
def test_looking_changes_nothing_and_a_head_is_answered_as_a_get(world, route):
    for role in ("anonymous", "other_researcher", "desk"):
        assert ask(world, route, role, "HEAD").told == route.expected("GET", role), role
    assert ask(world, route, "other_researcher", "HEAD", watched=True).tables == set()
    tables = ask(world, route, "other_researcher", "GET", watched=True).tables
    assert tables <= ({"catalogue_download"} if route.name in READING_WRITES else set())


@pytest.mark.parametrize("route", [one for one in ROUTES if one.absent and one.hides], ids=str)
def test_what_is_foreign_answers_as_what_does_not_exist(world, route):
    for method, role in route.hides:
        foreign = ask(world, route, role, method).response
        absent = ask(world, route, role, method, args=route.absent).response
        assert seen(foreign) == seen(absent), (method, role)


def seen(response: HttpResponse) -> tuple[int, list[str | None], bytes]:
    """Everything a reader can tell an answer by, without what changes each time."""
    names = [template.name for template in response.templates]
    content = response.content.replace(response.wsgi_request.path.encode(), b"(address)")
    return response.status_code, names, PASSING.sub(b"", content)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.post], ids=str)
def test_a_post_from_another_site_is_refused(world, route):
    """A session is not enough: the form must be ours. Programs send keys instead."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["session"] = world.sessions["researcher"]
    address = reverse(route.name, args=route.args(world))
    with transaction.atomic():
        kind = {"content_type": "application/json"} if route.as_json else {}
        assert client.post(address, route.sent(world), **kind).status_code == 403
        transaction.set_rollback(True)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.reason.partition(";")[0])
def test_the_packages_pages_send_a_visitor_to_log_in_where_they_must(world, group: Group):
    observed = {}
    for name in group.names:
        address = reverse(name, args=group.args.get(name, []))
        people = {send(world, address, role, "GET").told for role in ROLES[1:]}
        observed[name] = (send(world, address, "anonymous", "GET").told, *people)
    assert observed == group.names


def patterns(resolver: URLResolver, at: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the project with the whole of its path."""
    for one in resolver.url_patterns:
        path = at + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, path)
        else:
            yield path, one


OURS = {
    path: pattern.name
    for path, pattern in patterns(get_resolver())
    if not path.startswith("admin/")
}
ADMIN = {path: pattern for path, pattern in patterns(get_resolver()) if path.startswith("admin/")}
LISTED = {route.name for route in ROUTES} | {name for group in GROUPS for name in group.names}


def test_every_pattern_has_a_row():
    missing = {path: name for path, name in OURS.items() if name not in LISTED}
    assert missing == {}, "write their rows in tests/routes/"


def test_no_row_is_of_a_route_that_is_gone():
    assert LISTED - set(OURS.values()) == set()


def test_a_name_is_of_one_route_alone():
    names = list(OURS.values())
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_admin_is_for_administrators_alone(world):
    """One row for all of it: plain Django admin, where reference data are read and a few changed."""
    assert len(ADMIN) > 50
    outsiders = ("anonymous", "referent", "desk", "quota_administrator")
    for path in ADMIN:
        address = "/" + re.sub(r"\(\?P<[^>]*>[^)]*\)|<[^>]*>", "1", path).strip("^$")
        for role in outsiders:
            answer = send(world, address, role, "GET")
            # The pattern that catches the rest knows no page, and says so once one may come in.
            assert answer.response.status_code in {302, 403, 404}, (role, address)
            assert b"<table" not in answer.response.content, (role, address)


def test_an_administrator_reads_every_list_of_the_admin(world):
    lists = [path for path, one in ADMIN.items() if str(one.name).endswith("_changelist")]
    observed = {path: send(world, f"/{path}", "administrator", "GET").told for path in lists}
    assert observed == dict.fromkeys(lists, 200)

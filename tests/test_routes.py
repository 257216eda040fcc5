"""The matrix of every route × method × role, walked; and that what is foreign answers as what does not exist."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.models import Event
from dinamis.actors import ActedBy
from dinamis.histories import is_append_only
from tests import make as people
from tests.catalogue import shelf
from tests.routes import GROUPS, ROUTES
from tests.routes.signed import BY_LINK, FROM_ANYWHERE, NOT_TOLD, UNSIGNED
from tests.routes.table import AS, LOGIN, METHODS, PROVE, ROLES, VISITORS, Group, Route
from tests.routes.world import world as make_world
from tests.standing import WRITTEN

pytestmark = pytest.mark.django_db
# Refusals and sessions are written whatever the answer.
NOT_WATCHED = {"accounts_event", "django_session", "django_migrations", "spatial_ref_sys"}
# Such an answer leaves a line in the trail of refusals.
TOLD_OF = {403, 409}
# Reading a file is written down.
READING_WRITES = {"product_file", "product_archive", "signed_file"}
# Whose looking is watched: a member to whom the laboratory's things are foreign.
WATCHED = "other_researcher"
# The middlewares are loaded once: they keep nothing from one request to the next.
HANDLER = ClientHandler(enforce_csrf_checks=False)
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
                made.answers = {}
                made.before = fingerprint(watched_tables())
                made.newest = newest()
                made.told = Event.objects.aggregate(last=Max("pk", default=0))["last"]
                yield made
                raise Undone
        except Undone:
            connection.close()


def watched_tables() -> set[str]:
    return set(connection.introspection.table_names()) - NOT_WATCHED


def fingerprint(tables: set[str]) -> dict[str, str]:
    """A digest of every row of these tables."""
    if not tables:
        return {}
    each = (
        f"SELECT '{name}', count(*) || ':' || coalesce(sum(hashtext(t::text)::bigint), 0)"
        f' FROM "{name}" t'
        for name in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def writes() -> dict[str, int]:
    """How many rows this transaction wrote in each table so far, undone ones too."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT relname, {WRITTEN}")
        return dict(cursor.fetchall())


HISTORIES = {
    model._meta.db_table
    for model in apps.get_models()
    if issubclass(model, ActedBy) and is_append_only(model)
}


def newest() -> dict[str, int]:
    """The last line of every history."""
    each = (f"SELECT '{name}', coalesce(max(id), 0) FROM \"{name}\"" for name in HISTORIES)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def signed_by(world: SimpleNamespace, tables: set[str]) -> set[str]:
    """Who signed the new lines of the histories among these tables: keys of people, "link", "part"."""
    each = [
        f"SELECT coalesce(by_user_id::text, CASE WHEN by_link_id IS NULL THEN 'part' ELSE 'link' END)"
        f' FROM "{name}" WHERE id > {world.newest[name]}'
        for name in tables & HISTORIES
    ]
    if not each:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(each))
        return {author for (author,) in cursor.fetchall()}


def changed(world: SimpleNamespace, written: dict[str, int]) -> set[str]:
    """The tables that differ from the world's; only those written to since can."""
    moved = {name for name, rows in writes().items() if rows != written.get(name, 0)}
    now = fingerprint(moved & world.before.keys())
    return {name for name, digest in now.items() if world.before[name] != digest}


def refusals(world: SimpleNamespace) -> list[Any]:
    """The lines that the trail of refusals has now and the world's has not: user, status, route."""
    new = Event.objects.filter(pk__gt=world.told, kind=Event.Kind.REFUSED)
    return list(new.values_list("user", "status", "route"))


class Answer:
    """What one request was answered, the tables it changed, and who signed the lines it added."""

    def __init__(
        self, response: HttpResponse, tables: set[str], authors: set[str], events: list[Any]
    ) -> None:
        location = response.get("Location", "")
        self.status, self.tables, self.authors = response.status_code, tables, authors
        self.events = events
        self.is_login = location.startswith(reverse("account_login"))
        self.is_proving = "reauthenticate" in location
        # Everything a reader can tell an answer by, without what changes each time.
        names = [template.name for template in response.templates]
        content = b"" if response.streaming else response.content
        content = content.replace(response.wsgi_request.path.encode(), b"(address)")
        self.seen = (response.status_code, names, PASSING.sub(b"", content))

    @property
    def told(self) -> int | str:
        """The status, or the word for one of the redirects that everybody knows."""
        if self.is_login:
            return LOGIN
        return PROVE if self.is_proving else self.status


def ask(
    world: SimpleNamespace, route: Route, role: str, method: str, *, args: list[Any] | None = None
) -> Answer:
    """Send one request as a role and undo it; asked again, tell what was answered."""
    asked = (str(route), role, method, args is None)
    if asked not in world.answers:
        address = reverse(route.name, args=route.args(world) if args is None else args)
        if query := route.query(world):
            address = f"{address}?{query}"
        watched = method == "POST" or (role == WATCHED and method in {"GET", "HEAD"})
        answer = send(world, address, role, method, route=route, watched=watched)
        world.answers[asked] = answer
    return world.answers[asked]


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
    client.handler = HANDLER
    if world.sessions[role]:
        client.cookies["session"] = world.sessions[role]
    given: dict[str, Any] = {}
    if method in ("POST", "PUT", "PATCH") and route is not None and method in route.listed:
        given["data"] = route.sent(world)
    if route is not None and route.as_json:
        given["content_type"] = "application/json"
    written = writes() if watched else {}
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(address, **given)
            if response.streaming:
                shelf.body(response)
            tables = changed(world, written) if watched else set()
            authors = signed_by(world, tables)
            events = refusals(world) if response.status_code in TOLD_OF else []
            raise Undone
    except Undone:
        return Answer(response, tables, authors, events)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_role_is_answered_as_the_table_says(world, route):
    asked = [
        (method, role) for method in METHODS for role in ROLES if is_telling(route, method, role)
    ]
    observed = {one: ask(world, route, one[1], one[0]).told for one in asked}
    assert observed == {one: route.expected(*one) for one in asked}


def is_telling(route: Route, method: str, role: str) -> bool:
    """A method that the table does not list is refused before anybody asks who it is: two roles tell."""
    return method in route.listed or role in {"anonymous", "desk"}


def is_refusal(told: int | str) -> bool:
    return told in (LOGIN, PROVE) or int(told) >= 400


def test_a_change_is_seen_and_what_was_undone_is_none(world):
    """The watch must be able to fail: it sees a row changed, and none where the change was taken back."""
    written = writes()
    with transaction.atomic():
        people.person("new@laboratory.example")
        assert changed(world, written) == {"accounts_user", "account_emailaddress"}
        transaction.set_rollback(True)
    assert writes()["accounts_user"] > written["accounts_user"]
    assert changed(world, written) == set()


@pytest.mark.parametrize("route", [one for one in ROUTES if one.post], ids=str)
def test_a_refused_post_leaves_nothing_changed(world, route):
    for role in ROLES:
        if is_refusal(route.expected("POST", role)):
            assert ask(world, route, role, "POST").tables == set(), role


@pytest.mark.parametrize("route", [one for one in ROUTES if one.post], ids=str)
def test_a_post_that_changes_something_leaves_a_line_signed_by_who_sent_it(world, route):
    """In the same transaction: what is undone with the request was written with it."""
    for role in ROLES:
        if is_refusal(route.expected("POST", role)) or str(route) in UNSIGNED:
            continue
        answer = ask(world, route, role, "POST")
        if answer.tables - NOT_TOLD:
            by = "link" if route.name in BY_LINK else str(world.users[role].pk)
            assert by in answer.authors, (role, sorted(answer.tables))


@pytest.mark.parametrize("route", [one for one in ROUTES if one.get], ids=str)
def test_looking_changes_nothing_and_a_head_is_answered_as_a_get(world, route):
    for role in ("anonymous", WATCHED, "desk"):
        assert ask(world, route, role, "HEAD").told == route.expected("GET", role), role
    assert ask(world, route, WATCHED, "HEAD").tables == set()
    tables = ask(world, route, WATCHED, "GET").tables
    assert tables <= ({"catalogue_download"} if route.name in READING_WRITES else set())


@pytest.mark.parametrize("route", [one for one in ROUTES if one.absent and one.hides], ids=str)
def test_what_is_foreign_answers_as_what_does_not_exist(world, route):
    for method, role in route.hides:
        foreign = ask(world, route, role, method)
        absent = ask(world, route, role, method, args=route.absent)
        assert foreign.seen == absent.seen, (method, role)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_each_refusal_leaves_one_line_in_the_trail(world, route):
    """Whoever is told 403 or 409, by whatever rule or package, is written down once, with the route."""
    for method in METHODS:
        for role in ROLES:
            if not is_telling(route, method, role) or route.expected(method, role) not in TOLD_OF:
                continue
            answer = ask(world, route, role, method)
            who = world.users[role].pk if role in world.users else None
            [(user, status, told)] = answer.events
            assert (user, status) == (who, answer.status), (method, role)
            assert told == resolve(reverse(route.name, args=route.args(world))).route


QUESTIONS = [one for one in ROUTES if one.is_question]


@pytest.mark.parametrize("route", QUESTIONS, ids=str)
def test_a_question_from_another_site_is_answered_as_to_a_stranger(world, route):
    """With somebody's session beside it: nothing of that person is in the answer."""
    address, answers = reverse(route.name, args=route.args(world)), []
    for session in (world.sessions["researcher"], ""):
        client = Client(enforce_csrf_checks=True)
        client.cookies["session"] = session
        answers.append(client.post(address, route.sent(world), content_type="application/json"))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].getvalue() == answers[1].getvalue()


@pytest.mark.parametrize(
    "route",
    [one for one in ROUTES if one.post and not one.is_question and one.name not in FROM_ANYWHERE],
    ids=str,
)
def test_a_post_from_another_site_is_refused(world, route):
    """A session is not enough: the form must be ours. Programs send keys instead."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["session"] = world.sessions["researcher"]
    address = reverse(route.name, args=route.args(world))
    with transaction.atomic():
        kind = {"content_type": "application/json"} if route.as_json else {}
        assert client.post(address, route.sent(world), **kind).status_code == 403
        told = Event.objects.filter(kind=Event.Kind.REFUSED).order_by("-pk").first()
        assert (told.status, told.code) == (403, "forbidden")
        transaction.set_rollback(True)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.reason.partition(";")[0])
def test_the_packages_pages_send_a_visitor_to_log_in_where_they_must(world, group: Group):
    people = [role for role in ROLES if role not in {*VISITORS, *AS, *AS.values()}]
    observed = {}
    for name in group.names:
        address = reverse(name, args=group.args.get(name, []))
        told = {send(world, address, role, "GET").told for role in people}
        observed[name] = (send(world, address, "anonymous", "GET").told, *sorted(told, key=str))
    assert observed == group.names


def patterns(
    resolver: URLResolver, at: str = "", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern of the project with the whole of its path and of its name."""
    for one in resolver.url_patterns:
        path = at + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, path, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield path, f"{space}{one.name}", one


OURS = {
    path: name for path, name, _one in patterns(get_resolver()) if not path.startswith("admin/")
}
ADMIN = {path: one for path, _name, one in patterns(get_resolver()) if path.startswith("admin/")}
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
            assert answer.status in {302, 403, 404}, (role, address)
            assert b"<table" not in answer.seen[2], (role, address)


def test_an_administrator_reads_every_list_of_the_admin(world):
    lists = [path for path, one in ADMIN.items() if str(one.name).endswith("_changelist")]
    observed = {path: send(world, f"/{path}", "administrator", "GET").told for path in lists}
    assert observed == dict.fromkeys(lists, 200)

"""A menu shows each reader the entries that are theirs, in order, with what waits there."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from dinamis import navigation
from dinamis.compiled import Keys
from dinamis.context import Shell
from dinamis.navigation import Entry, everybody, signed_in


@pytest.fixture(autouse=True)
def _entries(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})


def visitor(rf, path="/", **cookies):
    request = rf.get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    return request


def test_entries_come_in_order_and_only_to_those_who_may(rf):
    navigation.register(Entry("b", "components", "Second", order=2))
    navigation.register(Entry("a", "set_theme", "First", order=1, show=everybody))
    navigation.register(Entry("mine", "healthz", "Mine", show=signed_in))
    navigation.register(Entry("foot", "readyz", "Foot", place="foot"))
    shell = Shell(visitor(rf, "/components/x/"))
    assert [(link.name, link.current) for link in shell.main] == [("a", False), ("b", True)]
    assert [link.name for link in shell.foot] == ["foot"]
    assert shell.search is None


def test_an_entry_registered_again_replaces_the_first(rf):
    navigation.register(Entry("a", "components", "Old"))
    navigation.register(Entry("a", "components", "New"))
    assert [link.label for link in Shell(visitor(rf)).main] == ["New"]


def test_a_group_stands_together_whatever_numbers_the_rooms_chose(rf):
    for name, order, group in (
        ("a", 1, "Do"),
        ("b", 2, "Watch"),
        ("c", 3, "Outside"),
        ("d", 4, "Watch"),
    ):
        navigation.register(Entry(name, "components", name, order=order, place="desk", group=group))
    shown = [(link.name, link.group) for link in Shell(visitor(rf)).desk]
    assert shown == [("a", "Do"), ("b", "Watch"), ("d", "Watch"), ("c", "Outside")]


def test_what_waits_is_the_sum_of_the_counts_and_is_asked_once(rf):
    asked = []
    count = lambda request: asked.append(request) or 3  # noqa: E731
    navigation.register(Entry("a", "components", "A", count=count))
    shell = Shell(visitor(rf))
    assert (shell.waiting, shell.waiting, len(asked)) == (3, 3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["main", "bell"])
def test_what_the_header_shows_is_counted_in_one_query(rf, desk, django_assert_num_queries, first):
    everyone = Keys(lambda: User.objects.all())
    count = lambda request: everyone()  # noqa: E731
    navigation.register(Entry("a", "components", "A", count=count))
    navigation.register(Entry("b", "components", "B", count=lambda request: User.objects.none()))
    navigation.register(
        Entry("bell", "components", "Bell", count=lambda request: [everyone()], place="bell")
    )
    navigation.register(Entry("rail", "components", "Rail", count=count, place="desk"))
    shell = Shell(visitor(rf))
    with django_assert_num_queries(1):
        getattr(shell, first)
        number = shell.bell.count
        assert [link.count for link in shell.main] == [number, 0]
        assert [link.count for link in shell.desk] == [number]
    assert number == User.objects.count() > 0


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><b', "")])
def test_only_a_known_theme_is_taken_from_the_cookie(rf, cookie, theme):
    assert Shell(visitor(rf, theme=cookie)).theme == theme


def test_the_theme_form_sets_the_cookie_and_never_leaves_the_site(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert (answer.status_code, answer.url) == (302, "/")
    assert answer.cookies["theme"].value == "dark"
    answer = client.post("/theme/", {"theme": "pink", "next": "/components/"})
    assert answer.url == "/components/"
    assert answer.cookies["theme"].value == ""

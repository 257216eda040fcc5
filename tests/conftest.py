"""The standing characters of every test, and what keeps tests honest."""

import gc
import logging
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection
from django.dispatch import receiver
from django.test import Client, TransactionTestCase, override_settings
from django.test.signals import storages_changed
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as searched

from accounts.models import Adviser, Affiliation, Organisation, User
from accounts.services import documents
from catalogue.search import editions, windows
from dinamis.celery import app
from orders.models import rule
from tests import emptying, make
from tests.standing import Stage

# By the clock one judges the machine: four workers on two cores draw and run slowly now and then.
searched.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searched.load_profile("shared")


@pytest.fixture(autouse=True)
def _rules_are_read_anew() -> Iterator[None]:
    """A test that writes in approved rules is rolled back; what was read of them goes with it.

    Triggers keep everybody from it who does not say so: see `tests.orders.make.rules_opened`.
    """
    yield
    if make.REWRITTEN:
        make.REWRITTEN.clear()
        rule.READ.clear()


# Who tells of every request.
TELL_OF_REQUESTS = ("django.request", "django_structlog.middlewares.request")


@pytest.fixture(autouse=True, scope="session")
def _nobody_reads_of_every_request() -> None:
    """Their lines, two of each, would be put together, hidden and written for nobody."""
    _tell_of_requests(logging.CRITICAL)


@pytest.fixture
def requests_are_told() -> Iterator[None]:
    """What the running site writes of every request is written here too."""
    _tell_of_requests(logging.NOTSET)
    yield
    _tell_of_requests(logging.CRITICAL)


def _tell_of_requests(level: int) -> None:
    for name in TELL_OF_REQUESTS:
        logging.getLogger(name).setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def _tasks_are_known() -> None:
    """Asking for a task by name needs the tasks imported, as only a worker does by itself."""
    app.loader.import_default_modules()


@receiver(setting_changed)
def _the_store_is_chosen_anew(*, setting: str, **_more: Any) -> None:
    """It is chosen when first used: one of a test's own would stay for all tests after it."""
    if setting == "STORAGE_URL":
        storages_changed(setting="STORAGES")


@pytest.fixture(autouse=True, scope="session")
def _files_go_to_a_folder_of_the_session(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("storage")
    moved = {"STORAGE_URL": f"file://{folder}", "OIDC_KEYS_DIR": folder / "keys"}
    with override_settings(**moved):
        yield


@pytest.fixture(autouse=True)
def _searches_are_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that does much else a page or a count would be stopped; the tests of that stop it."""
    for name in ("COUNT_MS", "PROGRAM_COUNT_MS", "DEADLINE_MS", "PROGRAM_MS"):
        monkeypatch.setattr(windows, name, 30_000)


@pytest.fixture(autouse=True)
def _nothing_is_remembered_from_one_test_to_the_next() -> None:
    cache.clear()
    editions.forget()


@pytest.fixture(autouse=True)
def _sentences_are_read_in_the_source_language() -> Iterator[None]:
    """What a test expects is written in English; a test of another language says so."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_typeset(request: pytest.FixtureRequest) -> Iterator[None]:
    """A promise kept may print a certificate in two languages, which took a sixth of all the tests' time.

    Who reads what is printed asks for it: `pytestmark = pytest.mark.usefixtures("typeset")`.
    """
    if "typeset" in request.fixturenames:
        yield
        return
    with mock.patch.object(documents, "typeset", lambda html: b"%PDF-1.7\n" + html.encode()):
        yield


@pytest.fixture
def typeset() -> None:
    """PDF files are real ones."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Copy the database that `./run test` has migrated and loaded already; without it, migrate as usual."""
    if template := os.environ.get("TEST_TEMPLATE"):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template


# While all is imported and collected nothing becomes garbage: looking for it took a third of that time.
gc.disable()


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what there is now, which never will be any, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The reference rows are there before every test, as after `./run up`, whatever the one before committed.

    At the end whoever is still connected is sent away: a thread of a server on loopback may hold its
    session a moment longer than its test, and PostgreSQL drops no database that is in use. PostgreSQL's own
    processes (the autovacuum works as its superuser) are not ours to end, and leave when it drops the database.
    """
    with django_db_blocker.unblock():
        if "TEST_TEMPLATE" not in os.environ:  # `./run test` has loaded that
            call_command("load_reference", verbosity=0)
        rows = emptying.kept()

    def emptied(self: TransactionTestCase) -> None:
        emptying.empty_but_for(rows)

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", emptied):
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def licences(db) -> None:
    """The licences and their placeholder texts, which are among the reference rows."""


@pytest.fixture
def advisers(licences) -> None:
    """Both advisers have an address."""
    for code in ("cnes", "airbus"):
        Adviser.objects.filter(code=code).update(email=f"opinions@{code}.example")


@pytest.fixture
def stage(db) -> Stage:
    """Where the standing characters of this test come in."""
    return Stage()


@pytest.fixture
def desk(stage) -> User:
    """An officer of the DINAMIS desk."""
    return _officer(stage, "desk")


@pytest.fixture
def quota_administrator(stage) -> User:
    return _officer(stage, "quota_administrator")


@pytest.fixture
def administrator(stage) -> User:
    return _officer(stage, "administrator")


def _officer(stage: Stage, duty: str) -> User:
    stage.put(duty, lambda: make.officer(duty))
    return User.objects.get(email=f"{duty}@dinamis.example")


@pytest.fixture
def laboratory(licences, desk, stage) -> Organisation:
    """A member: a research laboratory, at laboratory.example."""
    stage.put("laboratory", lambda: make.member("laboratory", desk=desk))
    return Organisation.objects.get(name="The laboratory")


@pytest.fixture
def park(licences, desk, stage) -> Organisation:
    """Another member: a public body, at park.example."""
    stage.put("park", lambda: make.member("park", desk=desk, category="public_body"))
    return Organisation.objects.get(name="The park")


@pytest.fixture
def referent(laboratory) -> User:
    """The referent of the laboratory."""
    return Affiliation.objects.get(organisation=laboratory, is_referent=True).user


@pytest.fixture
def other_referent(park) -> User:
    """The referent of the park."""
    return Affiliation.objects.get(organisation=park, is_referent=True).user


@pytest.fixture
def researcher(laboratory, stage) -> User:
    """A person of the laboratory, nothing signed."""
    return _attached(stage, "researcher@laboratory.example", laboratory)


@pytest.fixture
def other_researcher(park, stage) -> User:
    """A person of the park: a stranger to the laboratory, yet a member."""
    return _attached(stage, "researcher@park.example", park)


def _attached(stage: Stage, email: str, organisation: Organisation) -> User:
    stage.put(email, lambda: make.attached(email, organisation))
    return User.objects.get(email=email)


@pytest.fixture
def stranger(db) -> User:
    """A person with an account and no affiliation."""
    return make.person("stranger@elsewhere.example")


@pytest.fixture
def as_(db):
    """A browser signed in as somebody: `as_(referent).get("/organisation/")`."""

    def signed_in(user: User) -> Client:
        user.refresh_from_db(fields=["session_epoch"])  # a duty given meanwhile ended sessions
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(user)
        return client

    return signed_in

"""What a test that commits leaves behind is gone before the next one begins."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.models import Licence, User
from tests import emptying, make

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_committed_is_gone_and_the_reference_rows_are_as_they_were():
    rows = emptying.kept()
    names = dict(Licence.objects.values_list("code", "name_en"))
    make.person("someone@laboratory.example")
    Licence.objects.update(name_en="Changed")
    emptying.empty_but_for(rows)
    assert not User.objects.exists()
    assert names
    assert dict(Licence.objects.values_list("code", "name_en")) == names


def test_who_is_still_writing_is_waited_for():
    rows = emptying.kept()
    wrote = Event()

    def write() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                make.person("late@laboratory.example")
                wrote.set()
                cursor.execute("SELECT pg_sleep(0.5)")
        finally:
            connection.close()

    late = Thread(target=write)
    late.start()
    assert wrote.wait(10)
    emptying.empty_but_for(rows)
    late.join()
    assert not User.objects.exists()

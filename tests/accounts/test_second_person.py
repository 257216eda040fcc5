"""Four eyes: who writes a change is never the one who approves it."""

from types import SimpleNamespace

import pytest

from accounts.policies import check_is_second_person
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from tests import make

pytestmark = pytest.mark.django_db


def test_whoever_wrote_a_change_is_refused_and_another_person_is_not():
    writer, other = make.person("writer@x.example"), make.person("other@x.example")
    row = SimpleNamespace(by_user_id=writer.pk)
    check_is_second_person(row, Actor.of(other))
    for by in (Actor.of(writer), Actor.system("clock")):
        with pytest.raises(NotAllowed) as refused:
            check_is_second_person(row, by)
        assert refused.value.code == "second_person_needed"

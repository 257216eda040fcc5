"""What was asked goes on only while its requester belongs: looked at again at each step, and every night."""

import pytest

from accounts import policies
from accounts.models import Affiliation
from accounts.services.people import affiliations
from accounts.services.trust import rights
from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.models import Line
from orders.services.lines import lines
from tests.orders import make

pytestmark = pytest.mark.django_db


def test_a_suspended_persons_line_waits_and_goes_on_once_resumed(researcher, referent, desk, year):
    line = make.placed(researcher, make.quote(researcher))
    own = policies.current_affiliation(researcher)
    affiliations.suspend(own, reason="Away.", by=Actor.of(referent))
    with pytest.raises(NotNow, match="requester_has_no_right"):
        lines.accept(line, by=Actor.of(desk))
    affiliations.resume(own, by=Actor.of(referent))
    accepted = lines.accept(line, by=Actor.of(desk))
    affiliations.suspend(own, reason="Away.", by=Actor.of(referent))
    with pytest.raises(NotNow, match="requester_has_no_right"):
        lines.place(accepted, by=Actor.of(desk), supplier_reference="SO-1")
    assert Line.objects.get().supply == accepted.supply
    affiliations.resume(own, by=Actor.of(referent))
    assert lines.place(accepted, by=Actor.of(desk), supplier_reference="SO-1").supply == "placed"


def test_leaving_withdraws_what_waits_and_gives_the_quota_back(researcher, referent, year):
    make.placed(researcher, make.quote(researcher))
    assert rights.strays() == []
    own = policies.current_affiliation(researcher)
    affiliations.end(own, reason="Left.", by=Actor.of(referent))
    assert Line.objects.get().approval == "withdrawn"
    assert rights.strays() == []


def test_the_nightly_check_finds_a_line_whose_requester_left_by_no_service(
    researcher, referent, year
):
    line = make.placed(researcher, make.quote(researcher))
    Affiliation.objects.filter(user=researcher).update(state="ended", is_current=False)
    found = [(stray.kind, stray.key, stray.who) for stray in rights.strays()]
    assert found == [("line", line.pk, line.reference)]

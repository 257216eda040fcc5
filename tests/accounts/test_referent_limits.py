"""Row 44 of the reliability list: what a referent might try beyond their own organisation, or for themselves."""

import pytest

from accounts import policies
from accounts.models import Affiliation, ApiKey, Duty, Invitation, ReviewAct
from accounts.services.people import affiliations, invitations, reviews
from accounts.services.people.invitations import Asked
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(park, other_referent, other_researcher, stranger):
    """One of everything that another organisation's referent decides on."""
    by = Actor.of(other_referent)
    asked = [Asked("new@park.example", "New", "Ranger")]
    [invitation] = invitations.send(park, asked, language="en", by=by)
    key, _secret = api_keys.create(
        other_researcher, name="x", scopes=["read"], by=Actor.of(other_researcher)
    )
    person = policies.current_affiliation(other_researcher)
    act = reviews.answer(reviews.open_for(park), [person], verdict="keep", by=by)
    return {
        "park": park.pk,
        "request": make.request(stranger, park).pk,
        "person": person.pk,
        "invitation": invitation.pk,
        "key": key.pk,
        "act": act.pk,
    }


def rows() -> list[object]:
    """Everything that the attempts below are after."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Affiliation, ApiKey, Duty, Invitation, ReviewAct)
    ]


def test_fourteen_ways_into_another_organisation_are_closed_and_change_nothing(
    theirs, referent, as_
):
    t, why = theirs, {"reason": "x"}
    line = {"email": "a@laboratory.example", "position": "x", "language": "en"}
    of = f"?of={t['park']}"
    attempts = {
        "read its requests": ("get", f"/organisation/{of}", {}, 404),
        "read its people": ("get", f"/organisation/people/{of}", {}, 404),
        "take its list": ("get", f"/organisation/people.csv{of}", {}, 404),
        "read its keys": ("get", f"/organisation/keys/{of}", {}, 404),
        "accept": ("post", f"/organisation/affiliations/{t['request']}/accept/", {}, 404),
        "refuse": ("post", f"/organisation/affiliations/{t['request']}/refuse/", why, 404),
        "suspend": ("post", f"/organisation/affiliations/{t['person']}/suspend/", why, 404),
        "end": ("post", f"/organisation/affiliations/{t['person']}/end/", why, 404),
        "prolong": (
            "post", f"/organisation/affiliations/{t['person']}/last-day/", {"prolong": "1"}, 404,
        ),
        "invite": ("post", f"/organisation/invitations/{of}", line, 404),
        "withdraw": ("post", f"/organisation/invitations/{t['invitation']}/withdraw/", {}, 404),
        "revoke": ("post", f"/account/keys/{t['key']}/revoke/", {}, 404),
        "review": ("post", f"/organisation/{t['park']}/review/open/", {}, 404),
        "undo": ("post", f"/organisation/review/acts/{t['act']}/undo/", {}, 404),
    }  # fmt: skip
    assert len(attempts) == 14
    before, browser = rows(), as_(referent)
    observed = {
        name: getattr(browser, method)(path, sent).status_code
        for name, (method, path, sent, _told) in attempts.items()
    }
    assert observed == {name: told for name, (_m, _p, _s, told) in attempts.items()}
    assert rows() == before


def test_a_referent_raises_nobody_and_touches_no_budget(laboratory, referent, researcher, as_):
    membership = laboratory.memberships.get().reference
    own, other = (policies.current_affiliation(one).pk for one in (referent, researcher))
    attempts = {
        "name a referent": f"/desk/memberships/{membership}/referents/{other}/",
        "suspend oneself": f"/organisation/affiliations/{own}/suspend/",
        "move one's own last day": f"/organisation/affiliations/{own}/last-day/",
        "approve a membership": f"/desk/memberships/{membership}/approve/",
        "read the budget": "/quota/budget/",
        "enter the admin": "/admin/accounts/duty/add/",
    }
    before, browser = rows(), as_(referent)
    for name, path in attempts.items():
        sent = {"reason": "x", "prolong": "1", "kind": "desk", "user": referent.pk}
        assert browser.post(path, sent).status_code in (302, 403, 404, 405, 409), name
    assert rows() == before


def test_a_referent_is_a_plain_person_where_they_ask(park, referent, as_):
    asked = make.request(referent, park)
    answer = as_(referent).post(f"/organisation/affiliations/{asked.pk}/accept/")
    assert answer.status_code == 403
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_looking_never_decides(laboratory, referent, stranger, as_):
    asked = make.request(stranger, laboratory)
    browser = as_(referent)
    for step in ("accept", "refuse"):
        assert browser.get(f"/organisation/affiliations/{asked.pk}/{step}/").status_code == 405
    assert browser.get("/organisation/accept/", {"affiliation": asked.pk}).status_code == 405
    asked.refresh_from_db()
    assert asked.state == "requested"


def test_a_suspended_referent_decides_nothing_and_a_resumed_one_is_a_plain_person(
    laboratory, referent, researcher, stranger, desk, as_
):
    """The duty does not come back by itself."""
    affiliations.make_referent(policies.current_affiliation(researcher), by=Actor.of(desk))
    own = policies.current_affiliation(referent)
    affiliations.suspend(own, reason="Away.", by=Actor.of(desk))
    assert as_(referent).get("/organisation/").status_code == 403
    affiliations.resume(own, by=Actor.of(desk))
    assert as_(referent).get("/organisation/").status_code == 403

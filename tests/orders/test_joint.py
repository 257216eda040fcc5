"""Joint requests: found, split exactly, told without names or places until each has agreed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dinamis.actors import Actor
from dinamis.errors import NotFound, NotNow
from orders.models import JointEvent, JointPart, JointRequest, Line, Project
from orders.pricing.split import split
from orders.services.asking import quotes, wishes
from orders.services.lines import lines, orders
from orders.services.pools import joint, joint_notices
from tests.orders import make
from tests.orders.journeys import at_once

HUNDREDTHS = st.integers(min_value=1, max_value=500_000).map(lambda n: Decimal(n) / 100)
WEIGHTS = st.lists(HUNDREDTHS, min_size=1, max_size=12)


def asks(
    user, km2: float = 2500, *, alone: bool = False, east: float = 0.0, days: int = 60, **more
) -> Line:
    area = make.square(km2, at=(make.WHERE[0] + east, make.WHERE[1]))
    wish = {"km2": km2, "days": days} | more
    quote = make.tasking_quote(user, **wish)
    if east:
        quote = quotes.make(replace(wishes.of_row(quote), area=area), by=Actor.of(user))
    order = orders.draft(
        [quote],
        title=f"Secret of {user}",
        purpose="Nobody's business.",
        submission=f"f-{user.pk}-{km2}-{east}",
        by=Actor.of(user),
        alone=alone,
    )
    return orders.submit(order, by=Actor.of(user)).lines.get()


@pytest.fixture
def both(researcher, neighbour) -> tuple[Line, Line]:
    return asks(researcher), asks(neighbour, 3000)


@given(whole=HUNDREDTHS, weights=WEIGHTS)
def test_a_split_is_exact_to_the_hundredth(whole, weights):
    shares = split(whole, weights, "km2")
    assert sum(shares) == whole
    assert all(share >= 0 and share == round(share, 2) for share in shares)
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - whole * weight / total) < Decimal("0.01") * len(weights)


def test_what_rounding_leaves_goes_to_the_largest_first():
    one = Decimal(1)
    assert split(Decimal(3), [one, one], "attempt") == [2, 1]
    assert split(Decimal(100), [one, one, one], "km2") == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_two_who_want_the_same_place_are_proposed_one_request_that_saves(both):
    mine, theirs = both
    made = joint.find(mine)
    parts = {part.line_id: part for part in made.parts.all()}
    assert set(parts) == {mine.pk, theirs.pk}
    assert sum(part.share for part in parts.values()) == made.units
    assert made.units < mine.quote.units + theirs.quote.units
    assert joint.find(mine) is joint.find(theirs) is None
    assert JointRequest.objects.count() == 1


@pytest.mark.parametrize("how", ["order", "project", "far", "days", "same organisation", "placed"])
def test_who_is_left_out(how, researcher, referent, neighbour, laboratory):
    mine = asks(researcher)
    if how == "order":
        asks(neighbour, alone=True)
    elif how == "project":
        theirs = asks(neighbour)
        there = theirs.order.organisation
        project = Project.objects.create(
            reference="P-1", organisation=there, lead=neighbour, title="Secret",
            joins_requests=False, made_at=theirs.order.made_at, state_since=theirs.order.made_at,
        )  # fmt: skip
        type(theirs.order).objects.filter(pk=theirs.order_id).update(project=project)
    elif how == "far":
        asks(neighbour, east=2.0)
    elif how == "days":
        theirs = asks(neighbour)
        Line.objects.filter(pk=theirs.pk).update(
            window_starts_on=mine.window_ends_on,
            window_ends_on=mine.window_ends_on.replace(year=2099),
        )
    elif how == "same organisation":
        make.signed(referent)
        asks(referent)
    else:
        lines.withdraw(asks(neighbour), by=Actor.of(neighbour))
    assert joint.find(mine) is None
    assert not JointRequest.objects.exists()


SECRETS = ("Mountain Laboratory", "Charlie", "charlie", "Secret of Charlie")


def pages(client, line: Line) -> str:
    """Everything that the owner of a line can read about it, by pages and by the API."""
    there = (line.get_absolute_url(), reverse("orders"), reverse("quota"))
    told = [client.get(address).content.decode() for address in there]
    api = client.get(reverse("api_order", args=[line.order.reference])).content.decode()
    return " ".join([*told, api])


def test_before_all_agree_only_a_count_and_a_saving_are_shown(as_, researcher, both, desk):
    mine, theirs = both
    made = joint.find(mine)
    client = as_(researcher)
    page = pages(client, mine)
    part = made.parts.get(line=mine)
    assert "1 other organisation wants the same place" in page
    assert f"counts {part.share:.0f} attempt" in page.replace("\xa0", " ")
    assert not [secret for secret in (*SECRETS, theirs.reference) if secret in page]
    joint.answer(part, agrees=True, by=Actor.of(researcher))
    page = pages(client, mine)
    assert "The others are asked" in page
    assert not [secret for secret in (*SECRETS, theirs.reference) if secret in page]
    desk_page = as_(desk).get(mine.get_absolute_url()).content.decode()
    assert "Others want the same place" not in desk_page


def test_once_all_agree_each_reads_who_and_the_desk_is_told(
    as_, researcher, neighbour, both, desk, mailoutbox
):
    mine, theirs = both
    made = joint.find(mine)
    for line, user in ((mine, researcher), (theirs, neighbour)):
        there = reverse("joint_answer", args=[made.parts.get(line=line).pk, "agree"])
        assert as_(user).post(there).status_code == 302
    made.refresh_from_db()
    assert made.state == "agreed"
    assert "Mountain Laboratory" in pages(as_(researcher), mine)
    assert "Coast Laboratory" in as_(neighbour).get(theirs.get_absolute_url()).content.decode()
    assert "Mountain Laboratory" in as_(desk).get(mine.get_absolute_url()).content.decode()
    assert joint_notices.tell(JointEvent.objects.get(step="agreed")) == 3


def test_two_lines_of_one_organisation_are_told_as_one_organisation(
    researcher, neighbour, mailoutbox
):
    ours, ours_too, theirs = asks(researcher), asks(researcher, 2600), asks(neighbour, 3000)
    made = joint.find(theirs)
    assert made.parts.count() == 3
    told = [joint.told(one, one.order.requester) for one in (ours, ours_too, theirs)]
    assert [one.others for one in told] == [1, 1, 1]
    assert joint_notices.tell(JointEvent.objects.get(joint=made, step="propose")) == 3
    assert all("1 other organisation wants" in sent.body for sent in mailoutbox)


def test_the_mail_that_proposes_names_nobody(both, mailoutbox):
    joint.find(both[0])
    assert joint_notices.tell(JointEvent.objects.get(step="propose")) == 2
    told = " ".join(sent.subject + sent.body for sent in mailoutbox if "alice" in sent.to[0])
    assert "1 other organisation wants the same place" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_who_does_not_join_ends_it_for_all_and_is_not_named(as_, researcher, neighbour, both):
    mine, theirs = both
    made = joint.find(mine)
    joint.answer(made.parts.get(line=theirs), agrees=False, by=Actor.of(neighbour))
    assert "Others want the same place" not in pages(as_(researcher), mine)
    with pytest.raises(NotNow):
        joint.answer(made.parts.get(line=mine), agrees=True, by=Actor.of(researcher))


def test_a_part_of_another_does_not_exist(researcher, neighbour, both):
    made = joint.find(both[0])
    with pytest.raises(NotFound):
        joint.answer(made.parts.get(line=both[0]), agrees=True, by=Actor.of(neighbour))
    assert not JointPart.objects.exclude(agrees=None).exists()


def test_it_lapses_when_one_goes_on(researcher, neighbour, both):
    mine, theirs = both
    made = joint.find(mine)
    assert joint.tick() == 0
    assert joint.told(theirs, neighbour)
    lines.withdraw(theirs, by=Actor.of(neighbour))
    assert joint.told(theirs, neighbour) is None  # before any sweep: nothing to answer any more
    assert [joint.tick(), joint.tick()] == [1, 0]
    made.refresh_from_db()
    assert made.state == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_both_found_at_once_make_one_joint_request(both):
    results = at_once(lambda: joint.find(both[0]), lambda: joint.find(both[1]))
    assert sorted(type(one).__name__ for one in results) == ["JointRequest", "NoneType"]
    assert JointRequest.objects.count() == 1

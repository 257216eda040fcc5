"""How an interval and a filter are read: what cannot be kept is refused, and never left out."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinamis.errors import Invalid
from orders.stapi import codes, filters, intervals
from orders.stapi.filters import CLOUD, INCIDENCE, Ceilings
from orders.states import Approval, Supply

PARIS, TODAY = ZoneInfo("Europe/Paris"), date(2026, 11, 30)


def read(text: str) -> tuple[date, date]:
    return intervals.read(text, today=TODAY, zone=PARIS, longest=365)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-05-01T00:00:00+02:00/2027-07-01T00:00:00+02:00", (2027, 5, 1), (2027, 6, 30)),
        ("2027-05-01T00:00:00Z/2027-06-30T23:59:59.999Z", (2027, 5, 1), (2027, 7, 1)),
        ("2027-05-01t10:00:00z/2027-05-03T10:00:00Z", (2027, 5, 1), (2027, 5, 3)),
        ("2027-05-01T22:30:00Z/2027-06-01T12:00:00Z", (2027, 5, 2), (2027, 6, 1)),
        ("../2027-01-15T12:00:00Z", (2026, 12, 1), (2027, 1, 15)),
        ("/2027-01-15T12:00:00Z", (2026, 12, 1), (2027, 1, 15)),
        ("2027-01-01T12:00:00Z/..", (2027, 1, 1), (2027, 12, 31)),
        ("../..", (2026, 12, 1), (2027, 11, 30)),
    ],
)
def test_an_interval_is_read_in_whole_days_of_paris(text, first, last):
    assert read(text) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "text",
    [
        "", "..", "2027-05-01T00:00:00Z", "2027-05-01/2027-06-01", "a/b", "1/2/3",
        "2027-13-01T00:00:00Z/..", "2027-05-01T00:00:00/..", "2027-05-01T24:61:00Z/..",
        "0001-01-01T00:00:00Z/0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00/..",
        "٢٠٢٧-05-01T00:00:00Z/..", "2027-05-01T00:00:00Z/" + " " * 200,
    ],
)  # fmt: skip
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(Invalid):
        read(text)


def test_an_interval_that_ends_before_it_begins_says_so():
    with pytest.raises(Invalid) as refused:
        read("2027-05-02T00:00:00Z/2027-05-01T00:00:00Z")
    assert refused.value.code == "datetime_reversed"


@given(
    first=st.dates(date(2026, 1, 1), date(2040, 1, 1)), days=st.integers(min_value=0, max_value=400)
)
def test_a_window_written_reads_back_the_same(first, days):
    last = date.fromordinal(first.toordinal() + days)
    assert read(intervals.write(first, last, zone=PARIS)) == (first, last)


def term(op: str, name: str, value: object) -> dict:
    return {"op": op, "args": [{"property": name}, value]}


@pytest.mark.parametrize(
    ("said", "cloud", "incidence"),
    [
        (None, None, None),
        ({}, None, None),
        (term("<=", CLOUD, 20), 20, None),
        (term("<", CLOUD, 20), 19, None),
        (term("<", CLOUD, 20.5), 20, None),
        (term("<=", INCIDENCE, 27.9), None, 27),
        ({"op": ">=", "args": [30, {"property": INCIDENCE}]}, None, 30),
        ({"op": "between", "args": [{"property": CLOUD}, 0, 15]}, 15, None),
        ({"op": "and", "args": [term("<=", CLOUD, 30), term("<=", CLOUD, 10)]}, 10, None),
        (
            {"op": "and", "args": [term("<=", CLOUD, 30), {"op": "and", "args": [
                term("<", INCIDENCE, 25), term(">=", CLOUD, 0)]}]},
            30, 24,
        ),
        (term("=", CLOUD, 0), 0, None),
    ],
)  # fmt: skip
def test_a_filter_comes_to_ceilings(said, cloud, incidence):
    assert filters.read(said) == Ceilings(cloud, incidence)


@pytest.mark.parametrize(
    "said",
    [
        term(">", CLOUD, 10),
        term(">=", CLOUD, 1),
        term(">", CLOUD, 0),
        term("=", CLOUD, 10),
        term("<=", "gsd", 1),
        term("<=", CLOUD, "10"),
        term("<=", CLOUD, True),
        term("<=", CLOUD, float("inf")),
        term("<=", CLOUD, 10**400),
        term("<=", CLOUD, -5_000),
        {"op": "between", "args": [{"property": CLOUD}, 5, 15]},
        {"op": "or", "args": [term("<=", CLOUD, 10), term("<=", INCIDENCE, 10)]},
        {"op": "not", "args": [term("<=", CLOUD, 10)]},
        {"op": "and", "args": [term("<=", CLOUD, 10)] * 30},
        {"op": "<=", "args": [{"property": [CLOUD]}, 10]},
        {"op": ["and"], "args": []},
        {"op": "<="},
        {"args": []},
        {"op": "and", "args": [1]},
        [],
        "eo:cloud_cover <= 10",
        5,
    ],
)
def test_a_condition_that_cannot_be_kept_is_refused(said):
    with pytest.raises(Invalid) as refused:
        filters.read(said)
    assert refused.value.code in {"filter_not_served", "filter_malformed"}


@given(cloud=st.none() | st.integers(0, 100), incidence=st.none() | st.integers(0, 90))
def test_ceilings_written_read_back_the_same(cloud, incidence):
    assert filters.read(filters.write(cloud, incidence)) == Ceilings(cloud, incidence)


def test_every_state_of_a_line_has_its_code():
    assert set(Approval.values) <= set(codes.APPROVAL)
    assert set(Supply.values) <= set(codes.SUPPLY)
    told = [*codes.APPROVAL.values(), *(row for row in codes.SUPPLY.values() if row)]
    assert {code for code, _reason in told} <= set(codes.CODES)

"""What is said of a line: the sentence for each reader, and the mails that say the same, once."""

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import Notice
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.outbox import Promise
from orders.emails.lines import TOLD
from orders.models import LineEvent, OrderPreference
from orders.services.lines import lines
from orders.services.lines.reading import MINE, OTHERS, sentence, state_of, turn_of
from orders.states import LINE_LIVES
from orders.tasks import tell
from tests.orders import make
from tests.orders.journeys import TO_APPROVAL, TO_SUPPLY, Cast, propose, start, take


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    # The receipts of what they signed have gone out.
    kept()
    mail.outbox.clear()
    return Cast(researcher, referent, desk)


def every_state() -> list[tuple[str, list[str], str]]:
    """(kind, steps that lead there, the one word of the state)."""
    states = [("production", path, state) for state, path in TO_APPROVAL.items()]
    states += [("tasking", path, state) for state, path in TO_SUPPLY["tasking"].items()]
    states += [
        ("production", ["submit", "refuse"], "refused"),
        ("production", ["submit", "withdraw"], "withdrawn"),
        ("production", ["submit", "convert"], "converted"),
        ("production", ["submit", "accept", "place", "deliver"], "delivered"),
        ("production", ["submit", "accept", "fail"], "failed"),
        ("tasking", ["submit", "accept", "place", "close"], "closed"),
    ]
    return [case for case in states if case[2] not in {"accepted", "none"}]


@pytest.mark.parametrize(("kind", "path", "state"), every_state())
def test_every_state_has_a_sentence_for_whoever_s_turn_it_is_and_for_the_others(
    cast, stranger, kind, path, state
):
    line = take(start(cast, kind), cast, *path)
    assert state_of(line) == state
    people = {"owner": cast.owner, "referent": cast.referent, "desk": cast.desk}
    with translation.override("en"):
        turns = {role: sentence(line, user) for role, user in people.items()}
        outside = sentence(line, None)
    assert {role for role, turn in turns.items() if turn.is_yours} == (
        {turn_of(line)} & set(people)
    )
    for turn in (*turns.values(), outside):
        assert turn.text
        assert "%(" not in turn.text + turn.detail
        assert turn.is_yours == (turn.badge == "st-you")
        assert turn.since == line.state_since
    assert not outside.is_yours


def test_the_sentences_cover_exactly_the_states_there_are():
    states = {state for life in ("approval", "supply") for state in LINE_LIVES[life].states.values}
    asked = {"asked_feasibility", "asked_quotation", "asked_weather"}
    told = states - {"accepted", "none"} | {"due"} | asked
    assert set(OTHERS) == told
    turns = {**LINE_LIVES["approval"].turns, **LINE_LIVES["supply"].turns}
    persons = {state for state, role in turns.items() if role in {"owner", "referent", "desk"}}
    assert set(MINE) == persons | {"due"} | asked


def test_a_proposed_image_says_until_when_and_what_silence_does(cast):
    line = make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))
    image = propose(line, cast)
    line.refresh_from_db()
    with translation.override("en"):
        turn = sentence(line, cast.owner)
    assert turn.text == "Yours: an image is proposed."
    assert turn.detail.endswith("Without an answer, it is refused and tasking goes on.")
    assert turn.until == image.due_at


def test_a_submitted_line_says_how_much_is_held(cast):
    line = make.placed(cast.owner, make.quote(cast.owner, km2=50))
    with translation.override("en"):
        turn = sentence(line, cast.owner)
    assert (turn.badge, turn.label) == ("st-house", "With the DINAMIS desk")
    assert turn.detail == "100\u00a0km² are held meanwhile."


def test_a_line_that_counts_nothing_is_not_said_to_hold_nothing(cast):
    make.signed(cast.owner)
    free = make.quote(cast.owner, of=make.scene(platform="SPOT7"), km2=50)
    assert free.quota_units == 0
    turn = sentence(make.placed(cast.owner, free), cast.owner)
    assert (turn.badge, turn.detail) == ("st-house", "")


def test_a_paid_line_says_what_is_due(desk, year):
    abroad = make.person("frida")
    make.attached(abroad, make.organisation("Istituto", "european_scientist"))
    line = lines.accept(make.placed(abroad, make.quote(abroad, km2=50)), by=Actor.of(desk))
    with translation.override("en"):
        assert sentence(line, abroad).text == "Yours: an order number for €406.00."
        assert not sentence(line, desk).is_yours


def kept() -> None:
    """Let a worker keep every promise that is open."""
    for promise in Promise.objects.open():
        assert outbox.keep(promise.pk)


def test_a_submission_is_told_to_the_requester_and_the_desk_once(cast, settings):
    line = make.placed(cast.owner)
    assert mail.outbox == []
    kept()
    assert [sent.to for sent in mail.outbox] == [[cast.owner.email], [settings.DESK_EMAIL]]
    event = line.events.get(step="submit")
    tell(event.pk)
    tell(event.pk)
    assert len(mail.outbox) == 2
    assert Notice.objects.filter(key=f"line:{event.pk}").count() == 2


def test_a_mail_has_the_sentence_of_the_page_for_subject_in_its_reader_s_language(cast):
    cast.owner.language = "fr"
    cast.owner.save()
    line = make.placed(cast.owner)
    kept()
    with translation.override("fr"):
        turn = sentence(line, cast.owner)
    assert mail.outbox[0].subject == f"{line.reference} · {turn.text}"
    assert f"/orders/{line.order.reference}/" in mail.outbox[0].body


def test_a_refusal_is_told_with_its_reason(cast):
    line = make.placed(cast.owner)
    kept()
    mail.outbox.clear()
    lines.refuse(line, by=cast.by_desk, reason="Not this year.")
    kept()
    assert [sent.to for sent in mail.outbox] == [[cast.owner.email]]
    assert "Not this year." in mail.outbox[0].body


def test_the_referents_are_told_when_it_is_theirs_to_agree(cast, laboratory):
    OrderPreference.objects.create(organisation=laboratory, referent_approves=True)
    make.placed(cast.owner)
    kept()
    assert [sent.to for sent in mail.outbox] == [[cast.owner.email], [cast.referent.email]]
    assert mail.outbox[1].subject


def test_a_refused_step_promises_no_mail(cast):
    line = make.placed(cast.owner)
    before = Promise.objects.count()
    with pytest.raises(Exception, match="not yours"):
        lines.accept(line, by=cast.by_owner)
    assert Promise.objects.count() == before


def test_what_is_told_are_steps_that_exist():
    for life, step in TOLD:
        assert life == "note" or step in LINE_LIVES[life].steps
    assert set(LineEvent.Life.values) >= {life for life, _step in TOLD}

"""The desk's decisions: nothing before their moment is over, exactly once afterwards, undone exactly."""

import threading
import uuid
from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from accounts.models import Notice
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotFound, NotNow
from dinamis.outbox import Promise
from orders.ledger.models import Account, Movement
from orders.models import Decision, DeskNote, LineEvent, Quote, ReasonText
from orders.services.desk import deciding
from orders.services.desk.deciding import Part
from orders.services.lines import clock, lines
from tests.orders import make
from tests.orders.journeys import at_once, held

pytestmark = pytest.mark.usefixtures("half_a_minute")
REASON = {"accept": ""}


@pytest.fixture
def half_a_minute(settings) -> None:
    settings.DESK_UNDO_SECONDS = 30


@pytest.fixture
def line(researcher, year):
    return make.placed(researcher, make.quote(researcher, of=make.scene(km2=900), km2=300))


def decide(line, by, verb="accept", **more):
    words = {"reason": "" if verb == "accept" else "Because."}
    return deciding.decide(line, verb, by=Actor.of(by), **words | more)


def later(seconds: float):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


def keep_promises() -> None:
    """What a worker does, in the order of the promises, until nothing is due."""
    while pk := Promise.objects.claimable().values_list("pk", flat=True).first():
        outbox.keep(pk)


def picture(line) -> tuple:
    """Everything that must not have moved."""
    line.refresh_from_db()
    return (
        (line.approval, line.supply, line.money, line.state_since, line.due_at, line.quote_id),
        line.events.count(),
        Movement.objects.count(),
        list(Account.objects.order_by("pk").values_list("balance", flat=True)),
    )


@pytest.mark.parametrize("verb", Decision.Verb.values)
def test_before_its_moment_is_over_nothing_has_happened_and_nobody_is_told(
    line, desk, verb, researcher
):
    keep_promises()
    before, notices, mails = picture(line), Notice.objects.count(), len(mail.outbox)
    part = {"part": Part(area=make.square(150))} if verb == "offer_part" else {}
    decision = decide(line, desk, verb, **part)
    with later(29):
        keep_promises()
        assert not deciding.take(decision.pk)
        clock.tick()
    assert picture(line) == before
    assert (Notice.objects.count(), len(mail.outbox)) == (notices, mails)
    assert Decision.objects.get().state == "pending"


@pytest.mark.parametrize(
    ("verb", "approval", "holds"),
    [
        ("accept", "accepted", True),
        ("refuse", "refused", False),
        ("ask_to_complete", "to_complete", True),
        ("offer_part", "offered", True),
    ],
)
def test_after_it_the_decision_is_taken_once_and_mailed_once(
    line, desk, researcher, verb, approval, holds
):
    keep_promises()
    part = {"part": Part(area=make.square(150))} if verb == "offer_part" else {}
    decision = decide(line, desk, verb, **part)
    mail.outbox.clear()
    with later(31):
        keep_promises()
        assert not deciding.take(decision.pk)
        keep_promises()
        assert deciding.take_due(timezone.now() + timedelta(hours=1)) == 0
    steps = Decision.objects.get().events.values_list("step", flat=True)
    assert list(steps) == ["decide", "take"]
    line.refresh_from_db()
    assert line.approval == approval
    assert (held(line) > 0) == holds
    assert line.events.filter(step=verb, by_user=desk).count() == 1
    assert [one.to for one in mail.outbox] == [[researcher.email]]
    assert Decision.objects.get().state == "taken"


def test_undone_in_time_everything_is_as_before_and_the_line_can_be_decided_again(line, desk):
    before = picture(line)
    decision = decide(line, desk, "refuse")
    with later(29):
        assert deciding.undo(decision, by=Actor.of(desk)).state == "undone"
        assert deciding.undo(decision, by=Actor.of(desk)).state == "undone"
    with later(60):
        keep_promises()
        assert picture(line) == before
        again = decide(line, desk, "accept")
        assert again.state == "pending"


def test_after_thirty_seconds_it_is_too_late_to_undo_whether_or_not_it_was_taken(line, desk):
    decision = decide(line, desk, "refuse")
    with later(30):
        with pytest.raises(Gone) as refused:
            deciding.undo(decision, by=Actor.of(desk))
        assert refused.value.code == "too_late"
        assert deciding.take(decision.pk)
        with pytest.raises(Gone):
            deciding.undo(decision, by=Actor.of(desk))
    line.refresh_from_db()
    assert line.approval == "refused"


def test_only_whoever_decided_undoes_and_only_the_desk_decides(line, desk, researcher, stranger):
    other = make.person("denis", "desk")
    decision = decide(line, desk)
    for person in (other, researcher):
        with pytest.raises(NotAllowed):
            deciding.undo(decision, by=Actor.of(person))
    deciding.undo(decision, by=Actor.of(desk))
    for person in (researcher, stranger):
        with pytest.raises(NotAllowed):
            decide(line, person)
    assert Decision.objects.count() == 1


def test_nobody_decides_on_their_own_request(laboratory, year):
    officer = make.person("odile", "desk")
    make.attached(officer, laboratory)
    own = make.placed(officer)
    with pytest.raises(NotAllowed) as refused:
        decide(own, officer)
    assert refused.value.code == "own_request"
    assert not Decision.objects.exists()


def test_a_second_officer_is_told_that_somebody_has_just_decided(line, desk):
    decide(line, desk)
    with pytest.raises(NotNow) as refused:
        decide(line, make.person("denis", "desk"), "refuse")
    assert refused.value.code == "decided_already"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.bulk_create([Decision(**_columns(Decision.objects.get()))])


def _columns(row) -> dict:
    names = [f.attname for f in row._meta.concrete_fields if f.attname != "id"]
    return {name: getattr(row, name) for name in names} | {"batch": uuid.uuid4()}


def test_what_the_requester_withdrew_meanwhile_is_left_and_says_why(line, desk, researcher):
    decide(line, desk)
    lines.withdraw(line, by=Actor.of(researcher))
    with later(31):
        keep_promises()
    decision = Decision.objects.get()
    assert decision.state == "overtaken"
    assert (decision.obstacle_code, decision.obstacle_facts["state"]) == (
        "not_in_this_state",
        "withdrawn",
    )
    line.refresh_from_db()
    assert (line.approval, held(line)) == ("withdrawn", Decimal(0))


def test_why_a_decision_was_left_is_told_in_each_readers_language(line, desk, researcher):
    decide(line, desk)
    lines.withdraw(line, by=Actor.of(researcher))
    with later(31), translation.override("fr"):
        keep_promises()
    decision = Decision.objects.get()
    with translation.override("en"):
        assert decision.obstacle_told == "Meanwhile the request has become “Withdrawn”."
    with translation.override("fr"):
        assert decision.obstacle_told != "Meanwhile the request has become “Withdrawn”."


def test_a_code_without_a_sentence_of_its_own_is_named_and_an_old_sentence_stays(line, desk):
    decision = decide(line, desk)
    decision.obstacle_code = "deadlock"
    assert "deadlock" in decision.obstacle_told
    decision.obstacle_code, decision.obstacle = "", "Déjà retirée."
    assert decision.obstacle_told == "Déjà retirée."


def test_an_officer_who_lost_the_duty_meanwhile_decides_nothing(line, desk):
    from accounts.services.people import duties

    decide(line, desk)
    duties.relieve(desk, kind="desk", by=make.BY)
    with later(31):
        keep_promises()
    assert Decision.objects.get().state == "overtaken"
    line.refresh_from_db()
    assert line.approval == "submitted"


def test_a_worker_that_dies_half_way_leaves_it_to_the_next_which_takes_it_once(line, desk):
    decision = decide(line, desk, "refuse")
    with later(31):
        with (
            mock.patch.object(deciding, "_move", side_effect=SystemExit),
            pytest.raises(SystemExit),
        ):
            outbox.keep(Promise.objects.get(task="orders.tasks.take_decision").pk)
        line.refresh_from_db()
        assert (line.approval, held(line)) == ("submitted", line.quote.units)
        assert not Promise.objects.claimable().filter(task="orders.tasks.take_decision").exists()
    with later(120):  # the dead worker's lease is over
        outbox.sweep()
        keep_promises()
    line.refresh_from_db()
    assert (line.approval, held(line)) == ("refused", Decimal(0))
    assert line.events.filter(step="refuse").count() == 1
    assert Decision.objects.get(pk=decision.pk).state == "taken"


def test_the_clock_takes_what_no_promise_tells_of(line, desk):
    decide(line, desk)
    Promise.objects.all().delete()
    with later(200):
        assert clock.tick()["decided"] == 1
        assert clock.tick()["decided"] == 0
    line.refresh_from_db()
    assert line.approval == "accepted"


@pytest.mark.parametrize("state", ["taken", "undone"])
def test_the_database_refuses_a_decision_settled_wrongly(line, desk, state):
    decision = decide(line, desk)
    facts = {"settled_at": None} if state == "undone" else {"settled_at": decision.made_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state=state, **facts)


def test_what_needs_words_is_refused_without_them_and_an_unknown_verb_does_not_exist(line, desk):
    for verb in ("refuse", "ask_to_complete"):
        with pytest.raises(Invalid):
            decide(line, desk, verb, reason=" ")
    with pytest.raises(NotFound):
        decide(line, desk, "withdraw")
    assert not Decision.objects.exists()


# Approved in part.


def test_a_smaller_area_is_offered_and_the_hold_shrinks_in_the_transaction_of_the_answer(
    line, desk, researcher, year
):
    whole = line.quote.units
    decide(line, desk, "offer_part", part=Part(area=make.square(150)))
    with later(31):
        keep_promises()
    line.refresh_from_db()
    part = line.proposed_quote
    assert (line.approval, held(line)) == ("offered", whole)
    assert Decimal(149) < part.units < Decimal(151)
    line = lines.take_part(line, by=Actor.of(researcher))
    assert (line.approval, line.supply, line.money) == ("accepted", "to_place", "held")
    assert held(line) == line.quote.units == part.units == line.area_km2
    allotment = Account.objects.get(kind="allotment")
    assert allotment.balance == 1000 - part.units
    assert line.proposed_quote is None


def test_an_offer_not_accepted_goes_back_to_the_desk_with_the_whole_still_held(
    line, desk, researcher
):
    whole = line.quote.units
    decide(line, desk, "offer_part", part=Part(area=make.square(150)))
    with later(31):
        keep_promises()
    with pytest.raises(Invalid):
        lines.leave_part(line, by=Actor.of(researcher), reason="")
    line = lines.leave_part(line, by=Actor.of(researcher), reason="The rest is the point.")
    assert (line.approval, held(line), line.proposed_quote) == ("submitted", whole, None)


def test_an_offer_that_nobody_answers_goes_back_to_the_desk_by_itself(line, desk):
    decide(line, desk, "offer_part", part=Part(area=make.square(150)))
    with later(31):
        keep_promises()
    with later(31 * 86_400):
        assert clock.tick()["offers_left"] == 1
    line.refresh_from_db()
    assert line.approval == "submitted"
    assert LineEvent.objects.get(line=line, step="leave_part").by_part == "clock"


def test_fewer_attempts_are_offered_for_a_tasking(researcher, desk, spot_year):
    line = make.placed(researcher, make.tasking_quote(researcher, tries=4))
    assert held(line) == 4
    decide(line, desk, "offer_part", part=Part(tries=2))
    with later(31):
        keep_promises()
    line.refresh_from_db()
    line = lines.take_part(line, by=Actor.of(researcher))
    assert (held(line), line.tries) == (Decimal(2), 2)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Part(), "nothing_less"),
        (Part(tries=1), "tries_not_for_production"),
        (Part(area=make.square(20_000)), "not_less"),
        (Part(area=make.square(150, at=(2.0, 48.0))), "area_outside_request"),
    ],
)
def test_an_offer_of_no_less_is_refused_and_leaves_no_quote(line, desk, part, code):
    quotes = Quote.objects.count()
    with pytest.raises(Invalid) as refused:
        decide(line, desk, "offer_part", part=part)
    assert refused.value.code == code
    assert (Decision.objects.count(), Quote.objects.count()) == (0, quotes)


def test_what_members_have_already_is_taken_off_an_area(line, desk):
    assert deciding.without_existing(line) is None
    make.product(make.scene(), km2=100)
    rest = deciding.without_existing(line)
    decision = decide(line, desk, "offer_part", part=Part(area=rest))
    assert Decimal(198) < decision.quote.units < Decimal(202)


# Several at once.


def test_several_are_decided_each_by_itself_and_one_refusal_stops_no_other(researcher, desk, year):
    good = [make.placed(researcher) for _ in range(2)]
    gone = make.placed(researcher)
    gone = lines.withdraw(gone, by=Actor.of(researcher))
    batch = uuid.uuid4()
    found = [good[0], gone, good[1]]
    told = deciding.foreseen(found, "accept", by=Actor.of(desk))
    assert [bool(one.sentence) for one in told] == [False, True, False]
    assert not Decision.objects.exists()
    told = deciding.decide_each(found, "accept", by=Actor.of(desk), batch=batch)
    assert [one.decision is not None for one in told] == [True, False, True]
    assert Decision.objects.filter(batch=batch).count() == 2
    with later(31):
        keep_promises()
    assert [one.line.approval for one in Decision.objects.filter(batch=batch)] == ["accepted"] * 2


def test_a_reason_text_is_sent_in_the_language_of_the_requester(reference):
    text = ReasonText.objects.get(code="emergency")
    sent = deciding.reason_of(text, " See you. ", language="en")
    assert sent.endswith("Copernicus EMS.\n\nSee you.")
    assert deciding.reason_of(text, "", language="fr").startswith("DINAMIS ne traite pas")
    assert deciding.reason_of(None, "", language="fr") == ""


def test_a_note_of_the_desk_is_the_desks_and_never_changed(line, desk, researcher):
    note = deciding.write_note(line.order, " Called her. ", by=Actor.of(desk))
    assert note.text == "Called her."
    with pytest.raises(NotAllowed):
        deciding.write_note(line.order, "Me too.", by=Actor.of(researcher))
    with pytest.raises(Invalid):
        deciding.write_note(line.order, " ", by=Actor.of(desk))
    with pytest.raises(DatabaseError), transaction.atomic():
        DeskNote.objects.update(text="Never.")


# Races, with their control.


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_decision(researcher, desk, year):
    line = make.placed(researcher)
    officers = [desk, make.person("denis", "desk")]
    done = at_once(*(lambda who=who: decide(line, who, "refuse") for who in officers))
    assert sum(isinstance(one, Decision) for one in done) == 1
    assert sum(isinstance(one, NotNow) for one in done) == 1
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_two_run_into_the_database(researcher, desk, year):
    line = make.placed(researcher)
    officers = [desk, make.person("denis", "desk")]
    together = threading.Barrier(2, timeout=10)
    checked = deciding._check_possible

    def wait(*given, **named):
        checked(*given, **named)
        together.wait()

    with (
        mock.patch.object(deciding, "locked", lambda row: row),
        mock.patch.object(deciding, "_check_possible", wait),
    ):
        done = at_once(*(lambda who=who: decide(line, who, "refuse") for who in officers))
    assert sum(isinstance(one, IntegrityError) for one in done) == 1

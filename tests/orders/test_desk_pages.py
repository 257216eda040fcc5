"""The desk's pages: the queue, the file of one request, several at once, undone by a button."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dinamis import formats, geo
from dinamis.actors import Actor
from dinamis.formats import number
from orders.models import Decision, DeskNote, ReasonText
from orders.services.desk import deciding
from orders.services.lines import lines
from orders.services.rules.rules import version_in_force
from orders.services.tasking import windows
from tests.orders import make


@pytest.fixture
def officer(client, desk, settings):
    settings.DESK_UNDO_SECONDS = 30
    client.force_login(desk)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def line(researcher, year):
    return make.placed(researcher, make.quote(researcher, of=make.scene(km2=900), km2=300))


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_queue_says_who_waits_why_it_is_here_and_what_is_suggested(officer, researcher, year):
    make.approval(version_in_force(), most_units=100)
    line = make.placed(researcher)
    page = text(officer.get(reverse("desk_orders")))
    assert "Coast Laboratory" in page
    assert "more than the 100 km² that need nobody" in page
    assert page.count('<span class="st st-done">') >= 1
    assert reverse("desk_order", args=[line.reference]) in page


def test_the_file_has_the_evidence_of_one_request(officer, line, researcher):
    make.product(make.scene(), km2=100)
    page = text(officer.get(reverse("desk_order", args=[line.reference])))
    for said in ("Why it is here", "Members have already", "1,000 km² → 700", "1 asked"):
        assert said in page
    assert "Without what members have already, 200" in page
    assert 'name="offer_part-without"' in page


def test_taking_off_what_members_have_is_offered_where_something_is_left(officer, line):
    file = reverse("desk_order", args=[line.reference])
    assert 'name="offer_part-without"' not in text(officer.get(file))
    make.product(make.scene(km2=900), km2=800)
    page = text(officer.get(file))
    assert "A member already has 100" in page
    assert 'name="offer_part-without"' not in page


def test_a_request_that_was_accepted_has_no_forms_and_a_foreign_name_does_not_exist(
    officer, line, desk
):
    lines.accept(line, by=Actor.of(desk))
    page = text(officer.get(reverse("desk_order", args=[line.reference])))
    assert 'data-verb="accept"' not in page
    assert officer.get(reverse("desk_order", args=["C-1999-0001-1"])).status_code == 404


def test_a_decision_is_sent_by_a_form_and_the_next_request_opens(officer, line, researcher, year):
    following = make.placed(researcher)
    sent = {"verb": "accept", "next": following.reference}
    answer = officer.post(reverse("desk_decide", args=[line.reference]), sent)
    assert answer.url == reverse("desk_order", args=[following.reference])
    page = text(officer.get(answer.url))
    assert "What you have just decided" in page
    assert f'value="{line.pk}"' not in page  # no longer in the queue
    decision = Decision.objects.get()
    undo = reverse("decision_undo", args=[decision.pk])
    assert undo in page
    assert officer.post(undo).url == reverse("desk_order", args=[line.reference])
    assert f'value="{line.pk}"' in text(officer.get(reverse("desk_orders")))


def test_after_half_a_minute_the_undo_button_is_refused(officer, line):
    officer.post(reverse("desk_decide", args=[line.reference]), {"verb": "accept"})
    undo = reverse("decision_undo", args=[Decision.objects.get().pk])
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert officer.post(undo).status_code == 410
    assert Decision.objects.get().state == "pending"


def test_the_reason_text_is_chosen_and_completed_and_nothing_typed_is_lost_on_a_refusal(
    officer, line
):
    address = reverse("desk_decide", args=[line.reference])
    answer = officer.post(address, {"verb": "refuse", "refuse-reason": ""})
    assert answer.status_code == 422
    assert "Say why" in text(answer)
    assert not Decision.objects.exists()
    known = ReasonText.objects.get(code="emergency")
    sent = {"verb": "refuse", "refuse-text": known.pk, "refuse-reason": "Call me."}
    officer.post(address, sent)
    assert Decision.objects.get().reason == f"{known.text_en}\n\nCall me."


def test_a_part_is_offered_by_a_pasted_area_or_what_nobody_has(officer, line):
    address = reverse("desk_decide", args=[line.reference])
    sent = {"verb": "offer_part", "offer_part-reason": "The rest exists."}
    for bad in ({"offer_part-area": "nonsense"}, {"offer_part-without": "on"}, {}):
        answer = officer.post(address, sent | bad)
        assert answer.status_code == 422
        assert "The rest exists." in text(answer)
    make.product(make.scene(), km2=100)
    assert officer.post(address, sent | {"offer_part-without": "on"}).status_code == 302
    assert 198 < Decision.objects.get().quote.units < 202


def test_several_are_previewed_then_decided_once_and_the_result_is_listed(
    officer, researcher, year
):
    found = [make.placed(researcher) for _ in range(3)]
    gone = lines.withdraw(found[1], by=Actor.of(researcher))
    ticked = {"line": [line.pk for line in found], "verb": "accept"}
    preview = text(officer.post(reverse("desk_together"), ticked))
    assert "Accept 2" in preview
    assert not Decision.objects.exists()
    batch = uuid.uuid4()
    for _ in range(2):  # a double click
        answer = officer.post(reverse("desk_decide_many"), ticked | {"batch": batch})
        assert answer.url == reverse("desk_decided", args=[batch])
    assert Decision.objects.filter(batch=batch).count() == 2
    page = text(officer.get(answer.url))
    assert "Undo all" in page
    assert gone.reference in page  # told among the messages
    officer.post(reverse("desk_undo_batch", args=[batch]))
    assert set(Decision.objects.values_list("state", flat=True)) == {"undone"}


def test_several_are_not_refused_without_a_reason_and_nothing_ticked_is_told(
    officer, line, researcher
):
    sent = {"line": [line.pk], "verb": "refuse", "batch": uuid.uuid4()}
    assert officer.post(reverse("desk_decide_many"), sent).status_code == 422
    assert not Decision.objects.exists()
    assert officer.post(reverse("desk_together"), {"verb": "accept"}).status_code == 302
    assert officer.post(reverse("desk_together"), sent | {"verb": "offer_part"}).status_code == 404


def test_a_note_is_kept_and_the_requester_does_not_read_it(officer, line, client, researcher):
    address = reverse("desk_note", args=[line.reference])
    assert officer.post(address, {"note-text": ""}).status_code == 422
    officer.post(address, {"note-text": "Called the laboratory."})
    assert DeskNote.objects.get().order == line.order
    assert "Called the laboratory." in text(
        officer.get(reverse("desk_order", args=[line.reference]))
    )
    client.force_login(researcher)
    assert "Called the laboratory." not in text(client.get(line.get_absolute_url()))


def test_the_requester_sees_the_part_and_answers_on_the_order_page(
    client, officer, line, researcher, settings
):
    settings.DESK_UNDO_SECONDS = 0
    make.product(make.scene(), km2=100)
    officer.post(
        reverse("desk_decide", args=[line.reference]),
        {"verb": "offer_part", "offer_part-reason": "The rest.", "offer_part-without": "on"},
    )
    client.force_login(researcher)
    page = text(client.get(line.get_absolute_url()))
    assert "What is offered instead, line by line" in page
    assert "a part of your request is offered" in page
    client.post(reverse("line_step", args=[line.order.reference, 1, "take_part"]))
    line.refresh_from_db()
    assert line.approval == "accepted"


def test_the_number_of_queries_does_not_grow_with_the_queue(
    officer, researcher, year, django_assert_max_num_queries
):
    make.placed(researcher)
    officer.get(reverse("desk_orders"))
    with django_assert_max_num_queries(200) as few:
        officer.get(reverse("desk_orders"))
    for _ in range(4):
        make.placed(researcher)
    with django_assert_max_num_queries(len(few)):
        officer.get(reverse("desk_orders"))


def test_a_step_taken_from_a_queue_leads_back_to_that_queue(as_, researcher, desk, year):
    """To the queue that the form came from; to the order from anywhere else."""
    client = as_(desk)
    line = lines.accept(make.placed(researcher), by=Actor.of(desk))
    there = reverse("line_step", args=[line.order.reference, line.number, "place"])
    answer = client.post(there, {"supplier_reference": "SO-1", "back": "place"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk_lines", args=["place"]))
    there = reverse("line_step", args=[line.order.reference, line.number, "start_production"])
    answer = client.post(there, {"back": "//elsewhere.example"})
    assert answer["Location"] == line.get_absolute_url()


def test_a_pass_outside_the_window_stays_in_its_form_with_the_days_of_the_window(
    officer, desk, researcher, spot_year
):
    line = make.with_supplier(researcher, desk, make.tasking_quote(researcher))
    address = reverse("attempt_plan", args=[line.pk])
    late = f"{line.window_ends_on + timedelta(days=3)}T10:00"
    answer = officer.post(address, {"planned_at": late, "platform": "SPOT6"})
    assert answer.status_code == 422
    assert f"to {formats.day(line.window_ends_on)}." in text(answer)
    assert f'value="{late}"' in text(answer)
    assert "autofocus" in text(answer)  # brought into sight
    assert not line.attempts.exists()
    kept = officer.post(address, {"planned_at": f"{line.window_ends_on}T10:00"})
    assert (kept.status_code, line.attempts.count()) == (302, 1)
    line.refresh_from_db()
    shown = text(officer.get(f"/desk/lines/attempts/?line={line.reference}"))
    assert f'max="{timezone.localtime(windows.ends(line)[1]):%Y-%m-%dT%H:%M}"' in shown


def test_an_image_that_came_in_since_is_told_in_the_file_the_queue_and_the_preview(officer, line):
    """What the rules said when it arrived stays as it was; the suggestion is of now."""
    assert line.judgements.get().suggestion == "accept"
    file, queue = reverse("desk_order", args=[line.reference]), reverse("desk_orders")
    assert "Suggestion: accept." in text(officer.get(file))
    image = make.product(make.scene(), km2=100)
    overlap = geo.overlap_km2(line.area, image.footprint)
    lines.offer(line, product=image, overlap_km2=overlap, by=make.BY)
    page = text(officer.get(file))
    assert "Suggestion: accept." not in page
    assert "since it arrived" in page
    share = (100 * overlap / line.area_km2).quantize(Decimal("0.1"))
    for shown in (
        page,
        text(officer.get(queue)),
        text(officer.post(reverse("desk_together"), {"line": [line.pk], "verb": "accept"})),
    ):
        assert "Look first" in shown
    assert f"A member already has {share} % of the area" in text(officer.get(queue))
    ticked = officer.get(f"{queue}?tick=accept")
    assert [row["ticked"] for row in ticked.context["rows"]] == [False]
    assert line.judgements.get().suggestion == "accept"


def test_another_request_for_the_same_image_is_told_before_both_are_paid(
    officer, researcher, desk, year
):
    scene = make.scene(km2=900)
    first, second = (
        make.placed(researcher, make.quote(researcher, of=scene, km2=300)) for _ in range(2)
    )
    alone = make.placed(researcher, make.quote(researcher, of=make.scene(), km2=150))
    lines.accept(first, by=Actor.of(desk))
    file, queue = reverse("desk_order", args=[second.reference]), reverse("desk_orders")
    page = text(officer.get(file))
    assert "Another request for this image is under way" in page
    told = page[page.index("The same image is asked by") :][:400]
    assert f"{first.reference}</a> Coast Laboratory · Accepted · 100% of this area" in told
    assert "Suggestion: accept." not in page
    ticked = officer.get(f"{queue}?tick=accept").context["rows"]
    assert {row["line"].pk: row["ticked"] for row in ticked} == {second.pk: False, alone.pk: True}
    preview = text(
        officer.post(reverse("desk_together"), {"line": [second.pk, alone.pk], "verb": "accept"})
    )
    total = number(second.quote.units + alone.quote.units)
    assert f"{total} km² in all" in preview
    lines.withdraw(first, by=Actor.of(researcher))
    assert "Suggestion: accept." in text(officer.get(file))


def test_who_decides_second_reads_what_has_happened_and_has_their_words_back(officer, line, desk):
    denise = make.person("denise", "desk")
    deciding.decide(line, "accept", by=Actor.of(denise))
    sent = {"verb": "refuse", "refuse-reason": "Too much at once."}
    answer = officer.post(reverse("desk_decide", args=[line.reference]), sent)
    page = text(answer)
    assert answer.status_code == 409
    assert "Your decision was not taken: Refuse." in page
    assert f"{denise} has just decided on this request: “Accept”." in page
    assert "Too much at once." in page
    assert not line.decisions.filter(verb="refuse").exists()

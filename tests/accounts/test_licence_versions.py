"""New versions: two people, both languages, their day, the grace, and who is asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import reference
from accounts.models import (
    Licence,
    LicenceAnswer,
    LicenceDraft,
    LicenceNotice,
    LicenceText,
    MailedLink,
    Membership,
    Signature,
)
from accounts.services.licences import (
    licence_drafts,
    licence_notices,
    licence_texts,
    licence_versions,
    licences,
)
from accounts.services.licences.licence_drafts import Wording
from accounts.services.people import duties, onboarding
from accounts.states import licence_draft as life
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db):
    """Another administrator."""
    user = make.second_factor(make.person("second@dinamis.example"))
    duties.appoint(user, kind="administrator", by=make.SYSTEM)
    return user


@pytest.fixture(autouse=True)
def _reference(request):
    """Licences and texts; the fixture bears the name of the services."""
    request.getfixturevalue("licences")


def wording(**facts) -> Wording:
    usual = Wording(
        version="2026",
        title_fr="Licence",
        body_fr="# Objet\n\nLe vrai texte.",
        title_en="Licence",
        body_en="# Purpose\n\nThe **real** text.",
        markup="markdown",
        effective_on=timezone.localdate(),
        is_placeholder=False,
        reason="The real text is there.",
    )
    return replace(usual, **facts)


def draft(writer, licence="spot67", *, until="draft", second=None, **facts) -> LicenceDraft:
    made = licence_drafts.write(
        Licence.objects.get(code=licence), wording(**facts), by=Actor.of(writer)
    )
    if until in ("proposed", "approved"):
        made = licence_drafts.take(made, "propose", by=Actor.of(writer))
    if until == "approved":
        made = licence_drafts.take(made, "approve", by=Actor.of(second))
    return made


def test_a_version_is_written_by_one_and_approved_by_another(administrator, second):
    made = draft(administrator, until="approved", second=second)
    texts = LicenceText.objects.filter(licence="spot67", version="2026").order_by("language")
    assert [(t.language, t.title, t.is_placeholder) for t in texts] == [
        ("en", "Licence", False),
        ("fr", "Licence", False),
    ]
    assert [t.seal for t in texts] == [t.whole_digest for t in texts]
    assert licences.version_in_force("spot67") == "2026"
    assert [e.step for e in made.events.all()] == ["write", "propose", "approve"]


def test_the_writer_never_approves_and_nobody_changes_anothers_words(administrator, second, desk):
    made = draft(administrator, until="proposed")
    for person, code in ((administrator, "second_person_needed"), (desk, "administrator_only")):
        with pytest.raises(NotAllowed, match=code):
            licence_drafts.take(made, "approve", by=Actor.of(person))
    made = licence_drafts.take(made, "send_back", reason="Say more.", by=Actor.of(second))
    with pytest.raises(NotAllowed, match="not_the_writer"):
        licence_drafts.change(made, wording(), by=Actor.of(second))
    assert not LicenceText.objects.filter(version="2026").exists()
    assert licences.version_in_force("spot67") == "0"


def step(made, name, administrator, second):
    by = second if life.SECOND in life.STEPS[name].actors else administrator
    return licence_drafts.take(made, name, reason="Because.", by=Actor.of(by))


@pytest.mark.parametrize(("state", "name", "following"), list(life.LIFE.pairs()))
def test_two_following_steps_of_a_draft(administrator, second, state, name, following):
    made = draft(administrator, until=state)
    made = step(made, name, administrator, second)
    made = step(made, following, administrator, second)
    assert made.state == life.STEPS[following].target


def test_what_is_not_in_the_table_is_refused(administrator, second):
    made = draft(administrator, until="approved", second=second)
    for name in life.STEPS:
        with pytest.raises(NotNow, match="not_in_this_state"):
            step(made, name, administrator, second)


def test_a_version_waits_for_its_day_and_for_both_languages(administrator, second):
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft(administrator, until="approved", second=second, effective_on=tomorrow)
    assert licences.version_in_force("spot67") == "0"
    assert [one.name for one in licence_versions.to_come("spot67")] == ["2026"]
    licence_texts.write_text(
        "spot67",
        version="half",
        language="fr",
        title="Demi",
        body="Rien.",
        effective_on=timezone.localdate(),
        by=make.SYSTEM,
    )
    assert licences.version_in_force("spot67") == "0"


def test_a_day_that_is_past_and_a_name_that_is_taken_are_refused(administrator, second):
    made = draft(administrator, until="proposed")
    yesterday = timezone.localdate() - timedelta(days=1)
    LicenceDraft.objects.filter(pk=made.pk).update(effective_on=yesterday)
    with pytest.raises(NotNow, match="day_is_past"):
        licence_drafts.take(made, "approve", by=Actor.of(second))
    for taken in ("2026", "0"):
        with pytest.raises(NotNow, match="version_exists"):
            draft(second, version=taken)
    assert LicenceDraft.objects.count() == 1


def test_in_the_grace_the_former_signature_counts_and_after_it_blocks(
    researcher, administrator, second
):
    Licence.objects.filter(code="spot67").update(grace_days=1)
    first = make.signature(researcher)
    draft(administrator, until="approved", second=second)
    assert licences.signature_of(researcher, "spot67") == first
    (standing,) = [s for s in licences.standings(researcher, "en") if s.licence.code == "spot67"]
    assert (standing.until, standing.is_yours_to_sign) == (timezone.localdate(), True)
    assert [s.state for s in onboarding.steps(researcher)] == [
        "done",
        "done",
        "offered",
        "now",
    ]
    assert "sign it again until" in onboarding.steps(researcher)[3].sub
    Licence.objects.filter(code="spot67").update(grace_days=0)
    assert licences.signature_of(researcher, "spot67") is None
    again = make.signature(researcher)
    assert (again.version, licences.has_signed(researcher, "spot67")) == ("2026", True)
    assert onboarding.steps(researcher)[3].state == "done"


def test_where_nothing_is_signed_again_every_version_counts(researcher, administrator, second):
    Licence.objects.filter(code="spot67").update(grace_days=0, resign_on_new_version=False)
    first = make.signature(researcher)
    draft(administrator, until="approved", second=second)
    assert licences.signature_of(researcher, "spot67") == first
    assert licence_notices.ask_again() == 0


def test_the_right_people_are_asked_once_by_mail(
    researcher, other_researcher, administrator, second
):
    make.signature(researcher)
    spot = Licence.objects.get(code="spot67")
    assert licence_drafts.reach(spot) == licence_drafts.Reach(people=1, members=2)
    draft(administrator, until="approved", second=second)
    make.keep_promises()
    mail.outbox.clear()
    # The person who signed, and the legal representatives of both members.
    assert (licence_notices.ask_again(), licence_notices.ask_again()) == (3, 0)
    make.keep_promises()
    sent = {message.to[0]: message.subject for message in mail.outbox}
    assert sent == {
        "researcher@laboratory.example": "The text of “SPOT 6-7 licence” has changed",
        "legal@laboratory.example": "Your turn: accept the changed texts for The laboratory",
        "legal@park.example": "Your turn: accept the changed texts for The park",
    }
    notice = LicenceNotice.objects.get(user=researcher)
    assert notice.until == timezone.localdate() + timedelta(days=29)
    licence_notices.tell(notice)
    assert len(mail.outbox) == 3


def test_the_legal_representative_accepts_again_by_a_link(
    laboratory, administrator, second, client
):
    draft(administrator, until="approved", second=second)
    licence_notices.ask_again()
    link = MailedLink.objects.get(purpose=licence_notices.PURPOSE)
    address = f"/licences/again/{make.token(link)}/"
    page = client.get(address)
    (text,) = page.context["form"].texts
    assert text.version == "2026"
    ((since, _row),) = page.context["offered"]
    assert since.version == reference.VERSION
    assert {change.kind for change in since.changes} >= {"added", "removed"}
    assert "<del>" in page.content.decode()
    assert client.post(address, {}).status_code == 422
    sent = {"accept_spot67": "on", "shown_spot67": text.sha256}
    assert client.post(address, sent).status_code == 200
    member = Membership.objects.get(organisation=laboratory)
    made = Signature.objects.get(membership=member, version="2026")
    assert (made.capacity, made.licence_code) == ("legal_representative", "spot67")
    assert client.post(address, sent).status_code == 410
    assert licence_notices.texts_to_accept(member, "en") == []


def test_who_signs_again_reads_what_changed_since_and_who_signs_anew_does_not(
    researcher, other_researcher, administrator, second, as_
):
    make.signature(researcher)
    draft(administrator, until="approved", second=second)
    page = as_(researcher).get("/licences/spot67/")
    assert page.context["changed"].version == reference.VERSION
    assert "<del>SPOT 6-7 licence (placeholder)</del>" in page.content.decode()
    page = as_(other_researcher).get("/licences/spot67/")
    assert page.context["changed"] is None
    assert "<del>" not in page.content.decode()


def test_the_form_shows_the_draft_as_it_is_signed_and_what_changes(administrator, second, as_):
    browser = as_(administrator)
    assert b"SPOT 6-7" in browser.get("/licences/edit/").content
    begun = browser.get("/licences/edit/spot67/").context["form"].initial
    assert begun["title_en"] == "SPOT 6-7 licence (placeholder)"
    sent = wording().columns | {"body_en": "# Purpose\r\n\r\nThe <b>real</b> text."}
    answer = browser.post("/licences/edit/spot67/", sent)
    made = LicenceDraft.objects.get()
    assert answer["Location"] == f"/licences/edit/drafts/{made.pk}/"
    page = browser.get(answer["Location"]).content.decode()
    assert "<h3>Purpose</h3>" in page
    assert "&lt;b&gt;real&lt;/b&gt;" in page
    assert "<ins># Purpose</ins>" in page
    assert browser.post("/licences/edit/spot67/", sent).status_code == 409
    assert browser.post(answer["Location"], sent | {"title_fr": ""}).status_code == 422
    browser.post(answer["Location"], sent | {"title_fr": "Autre"})
    assert browser.post(f"{answer['Location']}propose/").status_code == 302
    assert browser.post(f"{answer['Location']}approve/").status_code == 403
    assert as_(second).post(f"{answer['Location']}approve/").status_code == 302
    assert licences.text_in_force("spot67", "fr").title == "Autre"
    assert as_(second).get("/licences/spot67/").status_code == 200


def test_every_licence_answers_for_every_receiver(client):
    answers = client.get("/api/v1/licences", headers={"accept-language": "en"}).json()
    by_code = {one["code"]: {a["to"]: a["answer"] for a in one["may_give"]} for one in answers}
    for code in ("spot67", "pleiades", "open"):
        assert set(by_code[code]) == set(LicenceAnswer.Receiver.values)
    assert by_code["pleiades"]["contractor"] == "with_signature"
    assert by_code["pleiades"]["public"] == "no"
    assert set(by_code["open"].values()) == {"yes"}

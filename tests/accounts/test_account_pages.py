"""A person's own pages: profile, asking to be attached, leaving, signing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Affiliation, Licence, Organisation, Signature
from accounts.services.licences import licences
from accounts.services.membership import evidence
from accounts.services.membership.evidence import Proof
from accounts.services.people import affiliations, onboarding, people
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


def test_the_organisation_is_proposed_from_the_addresss_domain(laboratory, park, as_):
    person = make.person("new@coast.laboratory.example")
    page = as_(person).get("/account/attach/")
    assert page.context["proposed"] == [laboratory]
    assert b"From your address" in page.content


def test_an_organisation_is_searched_and_asked(laboratory, stranger, as_):
    browser = as_(stranger)
    assert browser.get("/account/attach/", {"q": "labo"}).context["found"] == [laboratory]
    url = f"/account/attach/{laboratory.pk}/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"position": "", "statement": ""}).status_code == 422
    answer = browser.post(url, {"position": "Visitor", "statement": "To see."}, follow=True)
    assert "The referent of The laboratory has your request" in answer.content.decode()
    assert browser.post(url, {"position": "Visitor", "statement": "To see."}).status_code == 409
    assert Affiliation.objects.filter(user=stranger).count() == 1


def test_only_members_can_be_asked(licences, stranger, as_):
    made = make.membership()
    url = f"/account/attach/{made.organisation.pk}/"
    assert as_(stranger).get(url).status_code == 404


def test_a_person_leaves_and_anothers_affiliation_is_not_found(researcher, referent, as_):
    own = researcher.affiliations.get()
    url = f"/account/affiliations/{own.pk}/leave/"
    assert as_(referent).post(url).status_code == 404
    assert as_(researcher).get(url).status_code == 405
    assert as_(researcher).post(f"/account/affiliations/{own.pk}/accept/").status_code == 404
    as_(researcher).post(url)
    own.refresh_from_db()
    assert own.state == "ended"


def test_a_profile_is_kept_with_its_language(researcher, as_):
    browser = as_(researcher)
    browser.post("/account/", {"full_name": "Another Name", "language": "fr"})
    researcher.refresh_from_db()
    assert (researcher.full_name, researcher.language) == ("Another Name", "fr")
    assert "Mon compte" in browser.get("/account/").content.decode() or browser.cookies
    assert browser.post("/account/", {"full_name": "", "language": "xx"}).status_code == 422


def test_nationality_is_asked_only_where_a_rule_needs_it(researcher, laboratory, as_):
    browser = as_(researcher)
    asked = 'name="nationality"'
    assert asked not in browser.get("/account/").content.decode()
    Organisation.objects.filter(pk=laboratory.pk).update(category="european_scientist")
    assert asked in browser.get("/account/").content.decode()
    said = {"full_name": "A Name", "language": "en", "nationality": "PT"}
    browser.post("/account/", said)
    researcher.refresh_from_db()
    assert researcher.nationality == "PT"
    Organisation.objects.filter(pk=laboratory.pk).update(category="research")
    assert asked in browser.get("/account/").content.decode()  # what was said can be taken back


def test_a_body_outside_france_is_asked_for_with_a_nationality_that_its_deciders_read(
    stranger, referent, laboratory, as_
):
    browser, page = as_(stranger), f"/account/attach/{laboratory.pk}/"
    said = {"position": "Engineer", "statement": "Following the coast."}
    assert 'name="nationality"' not in browser.get(page).content.decode()
    Organisation.objects.filter(pk=laboratory.pk).update(category="european_scientist")
    laboratory.refresh_from_db()
    assert 'name="nationality"' in browser.get(page).content.decode()
    assert browser.post(page, said).status_code == 422
    with pytest.raises(Invalid, match="nationality_missing"):
        affiliations.request(laboratory, **said, by=Actor.of(stranger))
    assert not Affiliation.objects.filter(user=stranger).exists()
    assert browser.post(page, said | {"nationality": "SN"}).status_code == 302
    stranger.refresh_from_db()
    assert stranger.nationality == "SN"
    read = as_(referent).get("/organisation/").content.decode()
    assert "Nationality: Senegal; Pléiades is open subject to it" in read
    people.change_profile(
        stranger, full_name="A Name", language="en", nationality="PT", by=Actor.of(stranger)
    )
    asked = Affiliation.objects.get(user=stranger)
    assert Proof("ok", "Nationality: Portugal") in evidence.of_affiliation(asked)


def test_a_body_that_may_not_have_spot_is_asked_for_no_licence_of_it(researcher, laboratory, as_):
    assert [step.state for step in onboarding.steps(researcher)][3] == "now"
    Organisation.objects.filter(pk=laboratory.pk).update(
        category="european_scientist", country="PT"
    )
    laboratory.refresh_from_db()
    asked = [text.licence_id for text in licences.texts_at_joining("en", laboratory)]
    assert asked == ["charter", "pleiades"]
    step = onboarding.steps(researcher)[3]
    assert (step.state, step.sub) == ("done", "Signed at each image.")
    page = as_(researcher).get("/licences/").content.decode()
    assert "/licences/pleiades/" in page
    assert "/licences/spot67/" not in page


def test_the_first_steps_follow_the_person(stranger, researcher, laboratory, referent):
    def states(user):
        return [step.state for step in onboarding.steps(user)]

    assert states(stranger) == ["done", "now", "offered", ""]
    make.request(stranger, laboratory)
    assert states(stranger) == ["done", "wait", "offered", ""]
    assert states(researcher) == ["done", "done", "offered", "now"]
    make.signature(researcher)
    assert states(researcher) == ["done", "done", "offered", "done"]
    unproved = make.person("unproved@laboratory.example", proved=False)
    assert states(unproved) == ["now", "now", "offered", ""]


def test_a_second_factor_is_demanded_where_a_duty_demands_it_else_offered(stranger, referent, as_):
    assert onboarding.steps(referent)[2].state == "done"
    referent.authenticator_set.all().delete()
    assert onboarding.steps(referent)[2].state == "now"
    page = as_(stranger).get("/account/").content.decode()
    assert "Optional: a stolen password is then not enough." in page
    assert 'href="/accounts/2fa/">Set up a second factor' in page
    make.second_factor(stranger)
    assert onboarding.steps(stranger)[2].state == "done"


def test_spot_is_signed_once_and_pleiades_at_each_product(researcher):
    assert not licences.has_signed(researcher, "spot67")
    first = make.signature(researcher)
    assert licences.has_signed(researcher, "spot67")
    assert make.signature(researcher) == first
    make.signature(researcher, "pleiades", subject="product:1")
    assert licences.has_signed(researcher, "pleiades", subject="product:1")
    assert not licences.has_signed(researcher, "pleiades", subject="product:2")
    assert licences.has_signed(researcher, "open")
    assert Signature.objects.filter(user=researcher).count() == 2


def test_an_unsigned_licence_says_where_to_sign(researcher):
    with pytest.raises(NotNow, match="licence_not_signed") as refused:
        licences.check_signed(researcher, "pleiades", subject="product:7")
    assert refused.value.details == {"licence": "pleiades"}
    assert refused.value.ways_on[0].url == "/licences/pleiades/?subject=product%3A7"


def test_a_new_version_is_signed_again(researcher, administrator):
    make.signature(researcher)
    Licence.objects.filter(code="spot67").update(grace_days=0)
    make.new_version("spot67", "en", by=Actor.of(administrator))
    assert not licences.has_signed(researcher, "spot67")
    assert make.signature(researcher).version == "2"
    assert licences.has_signed(researcher, "spot67")


def test_the_old_text_cannot_be_signed_any_more(researcher, administrator):
    old = licences.text_in_force("spot67", "en")
    make.new_version("spot67", "en", by=Actor.of(administrator))
    with pytest.raises(NotNow, match="text_changed"):
        licences.sign(
            old,
            shown_sha256=old.sha256,
            by=Actor.of(researcher),
            capacity="user",
            circumstances=licences.Circumstances(),
        )
    assert not Signature.objects.filter(user=researcher).exists()


def test_only_an_administrator_writes_a_text(researcher, desk):
    for person in (researcher, desk):
        with pytest.raises(NotAllowed):
            make.new_version("spot67", "en", by=Actor.of(person))


def test_who_belongs_nowhere_signs_nothing(stranger, licences):
    with pytest.raises(NotAllowed, match="no_active_affiliation"):
        make.signature(stranger)
    assert Signature.objects.count() == 0


def test_the_charter_is_not_signed_by_users(researcher):
    with pytest.raises(NotAllowed, match="not_the_signer"):
        make.signature(researcher, "charter")


def test_signing_in_a_browser_and_going_on_to_the_page_that_asked(researcher, as_):
    browser = as_(researcher)
    page = browser.get("/licences/spot67/", {"next": "/account/"})
    shown = page.context["form"]["shown"].value()
    assert browser.post("/licences/spot67/", {"shown": shown}).status_code == 422
    answer = browser.post(
        "/licences/spot67/", {"shown": shown, "accept": "on", "next": "/account/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    signature = Signature.objects.get(user=researcher)
    assert (signature.text_sha256, signature.organisation.name) == (shown, "The laboratory")
    assert "You have signed this" in browser.get("/licences/spot67/").content.decode()
    assert "Signed" in browser.get("/licences/").content.decode()


def test_signing_never_sends_to_another_site(researcher, as_):
    shown = licences.text_in_force("spot67", "en").sha256
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = as_(researcher).post(
            "/licences/spot67/", {"shown": shown, "accept": "on", "next": elsewhere}
        )
        assert answer["Location"] == "/licences/"


def test_a_product_licence_is_signed_for_its_product_only(researcher, as_):
    browser = as_(researcher)
    assert b"Signed at each product" in browser.get("/licences/pleiades/").content
    shown = licences.text_in_force("pleiades", "en").sha256
    sent = {"shown": shown, "accept": "on"}
    assert browser.post("/licences/pleiades/", sent).status_code == 409
    assert browser.post("/licences/pleiades/", sent | {"subject": "product:3"}).status_code == 302
    assert Signature.objects.get(user=researcher).subject == "product:3"
    assert browser.get("/licences/nothing/").status_code == 404


def test_sessions_are_listed_by_browser_and_the_others_are_signed_out(researcher):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    elsewhere, here = (
        Client(headers={"user-agent": named, "accept-language": "en"})
        for named in ("curl/8.14.1", firefox)
    )
    words = {"login": researcher.email, "password": make.PASSWORD}
    for browser in (elsewhere, here):
        assert browser.post(reverse("account_login"), words).status_code == 302
    shown = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox 140 · Linux" in shown
    assert "curl 8" in shown
    assert shown.count("this one") == 1
    assert here.post(reverse("usersessions_list")).status_code == 302
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302

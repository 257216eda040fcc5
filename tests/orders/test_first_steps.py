"""The checklist of the home page: each step comes from rows, the next one is the reader's turn."""

from catalogue.services import downloads
from orders.services.lines import first_steps
from tests import make as people
from tests.catalogue import make as catalogue
from tests.catalogue import shelf
from tests.orders import make
from tests.orders.journeys import Cast, take

LABELS = ["Account", "Organisation", "Second factor", "Licence", "First area", "First image"]


def states(user) -> list[str]:
    return [step.state for step in first_steps.checklist(user).steps]


def following(user) -> tuple[str, str, str]:
    step = first_steps.unfinished(user).next
    return step.label, step.state, step.url


def test_a_new_person_proves_an_address_then_finds_an_organisation(laboratory):
    newcomer = people.person("newcomer@example.org")
    assert [step.label for step in first_steps.checklist(newcomer).steps] == LABELS
    assert states(newcomer) == ["done", "now", "offered", "", "", ""]
    assert following(newcomer) == ("Organisation", "now", "/account/attach/")
    people.request(newcomer, laboratory)
    assert states(newcomer) == ["done", "wait", "offered", "", "", ""]
    assert following(newcomer) == ("Organisation", "wait", "/account/attach/")
    unproved = people.person("unproved@example.org", proved=False)
    assert states(unproved) == ["now", "now", "offered", "", "", ""]
    assert following(unproved) == ("Account", "now", "/accounts/email/")


def test_an_attached_person_signs_then_draws_then_takes(researcher, stranger):
    assert states(stranger) == ["done", "done", "offered", "now", "", ""]
    assert following(stranger) == ("Licence", "now", "/licences/spot67/")
    assert states(researcher) == ["done", "done", "offered", "done", "now", ""]
    assert following(researcher) == ("First area", "now", "/catalogue/")
    catalogue.area(owner=stranger)
    catalogue.area()
    assert states(stranger) == ["done", "done", "offered", "now", "done", ""]
    assert states(researcher)[4:] == ["now", ""]  # another's area is not one's own
    catalogue.area(owner=researcher)
    assert states(researcher)[4:] == ["done", "now"]
    assert following(researcher) == ("First image", "now", "/catalogue/")


def test_a_download_finishes_the_list_without_an_area_or_a_second_factor(researcher, stranger):
    image = shelf.product()
    shelf.signed(researcher, image)
    downloads.begin(researcher, image, file=image.files.get(), how="browser")
    assert states(researcher) == ["done", "done", "offered", "done", "done", "done"]
    assert first_steps.unfinished(researcher) is None
    assert states(stranger)[5] == ""


def test_an_order_waits_for_others_until_its_line_is_delivered(researcher, referent, desk, year):
    line = make.draft(researcher).lines.get()
    assert states(researcher)[4:] == ["done", "now"]
    cast = Cast(researcher, referent, desk)
    take(line, cast, "submit")
    assert states(researcher)[4:] == ["done", "wait"]
    assert following(researcher) == ("First image", "wait", "/orders/")
    take(line, cast, "accept", "place", "start_production", "deliver")
    assert states(researcher)[4:] == ["done", "done"]
    assert first_steps.unfinished(researcher) is None


def test_an_order_withdrawn_leaves_the_image_to_be_taken(researcher, referent, desk, year):
    line = make.draft(researcher).lines.get()
    take(line, Cast(researcher, referent, desk), "submit", "withdraw")
    assert states(researcher)[4:] == ["done", "now"]


def test_a_second_factor_is_demanded_of_a_referent_and_the_desk_has_no_list(referent, desk):
    assert states(referent)[2] == "done"
    referent.authenticator_set.all().delete()
    assert states(referent)[2] == "now"
    assert following(referent)[::2] == ("Second factor", "/accounts/2fa/")
    assert first_steps.unfinished(desk) is None


def test_the_home_page_shows_the_next_step_until_all_is_done(
    researcher, as_, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        first_steps.unfinished(researcher)
    browser = as_(researcher)
    page = browser.get("/").content.decode()
    assert page.count('aria-current="step"') == 1
    assert 'class="turn"' in page
    assert page.count("Draw an area, see every way to an image.") == 1
    assert 'href="/catalogue/">Draw an area</a>' in page
    assert 'href="/accounts/2fa/">' in page
    image = shelf.product()
    shelf.signed(researcher, image)
    downloads.begin(researcher, image, file=image.files.get(), how="browser")
    page = browser.get("/").content.decode()
    assert "first-steps" not in page
    assert "Nothing waits for you" in page

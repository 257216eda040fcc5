"""Files leave only to who may have them, after the signature, whole or in parts, by whatever way."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from catalogue.models import Download, Product, SceneEvent
from catalogue.services import downloads, products
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from tests import make as people
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(licences):
    """A Pléiades product with one file of 300,007 bytes."""
    return shelf.product()


@pytest.fixture
def file(image):
    return image.files.get()


@pytest.fixture
def url(file):
    return reverse("product_file", args=[file.product_id, file.pk])


@pytest.fixture
def reader(other_researcher, image):
    """A person of another member organisation, who has signed."""
    return shelf.signed(other_researcher, image)


# ── who ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "name", ["product_file", "product_archive", "product_checksums", "product_licence"]
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_no_byte_leaves_before_the_signature(name, method, image, file, other_researcher, as_):
    where = [image.pk, file.pk] if name == "product_file" else [image.pk]
    answer = getattr(as_(other_researcher), method)(reverse(name, args=where))
    assert answer.status_code == 409
    assert file.sha256.encode() not in answer.content
    assert shelf.data()[:64] not in answer.content
    assert Download.objects.count() == 0


def test_the_refusal_leads_to_the_page_that_signs_and_back(image, url, other_researcher, as_):
    browser = as_(other_researcher)
    assert downloads.sign_url(image).replace("&", "&amp;") in browser.get(url).content.decode()
    page = browser.get(downloads.sign_url(image))
    assert page.status_code == 200
    text = page.context["text"]
    sent = {"shown": text.sha256, "subject": image.licence_subject, "accept": "on"}
    sent["next"] = image.get_absolute_url()
    signed = browser.post(downloads.sign_url(image), sent)
    assert signed["Location"] == image.get_absolute_url()
    assert browser.get(url).status_code == 409  # what it is for is asked next
    shelf.said(other_researcher)
    assert shelf.body(browser.get(url)) == shelf.data()


def test_who_is_not_signed_in_is_sent_to_sign_in(url, client):
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_signature_for_another_product_opens_nothing(image, url, other_researcher, as_):
    shelf.signed(other_researcher, shelf.product())
    assert as_(other_researcher).get(url).status_code == 409


def test_a_signature_of_somebody_else_opens_nothing(image, url, reader, researcher, as_):
    assert as_(researcher).get(url).status_code == 409


def test_a_category_outside_the_table_gets_no_file(park, other_researcher, as_):
    person = other_researcher
    park.category = "foreign_scientist"
    park.save()
    spot = shelf.product("spot67")
    people.signature(person, "spot67")
    answer = as_(person).get(reverse("product_file", args=[spot.pk, spot.files.get().pk]))
    assert answer.status_code == 403
    assert Event.objects.filter(user=person, code="category_may_not_download").count() == 1


def test_one_signature_of_spot_opens_every_spot_product(licences, other_researcher, as_):
    people.signature(other_researcher, "spot67")
    shelf.said(other_researcher)
    for spot in (shelf.product("spot67"), shelf.product("spot67")):
        there = reverse("product_file", args=[spot.pk, spot.files.get().pk])
        assert shelf.taken(as_(other_researcher).get(there)).status_code == 200


def test_an_open_product_needs_an_account_and_no_signature(licences, stranger, as_):
    free = shelf.product("open")
    answer = as_(stranger).get(reverse("product_file", args=[free.pk, free.files.get().pk]))
    assert shelf.body(answer) == shelf.data()
    assert Download.objects.get().signature is None


def test_leaving_the_organisation_stops_the_next_request(reader, url, as_):
    browser = as_(reader)
    assert shelf.taken(browser.get(url)).status_code == 200
    shelf.leave(reader)
    assert browser.get(url).status_code == 403


def test_the_file_of_another_product_is_not_found(reader, image, as_):
    other = shelf.product("open").files.get()
    answer = as_(reader).get(reverse("product_file", args=[image.pk, other.pk]))
    assert answer.status_code == 404


def test_a_file_cannot_be_posted_to(reader, url, as_):
    assert as_(reader).post(url).status_code == 405


# ── what is written down ────────────────────────────────────────────────────────────────────────
def test_the_parts_of_a_resumed_download_are_one_row(reader, image, file, url, as_):
    for start in range(0, shelf.SIZE, 60_000):
        part = {"Range": f"bytes={start}-{start + 59_999}"}
        shelf.taken(as_(reader).get(url, headers=part))
    row = Download.objects.get()
    assert (row.user, row.product, row.file, row.how) == (reader, image, file, "browser")
    assert row.signature == downloads.signature_of(reader, image)


def test_a_download_of_another_day_or_way_is_another_row(reader, image, file):
    downloads.begin(reader, image, file=file, how="browser")
    downloads.begin(reader, image, file=file, how="link")
    Download.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    downloads.begin(reader, image, file=file, how="browser")
    assert Download.objects.count() == 3


def test_a_head_takes_nothing(reader, url, as_):
    answer = as_(reader).head(url)
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(shelf.SIZE)
    assert shelf.body(answer) == b""
    assert Download.objects.count() == 0


# ── whole and in parts ──────────────────────────────────────────────────────────────────────────
def test_the_whole_file_comes_with_its_digest_and_its_name(reader, url, file, as_):
    answer = as_(reader).get(url)
    assert shelf.body(answer) == shelf.data()
    assert answer["ETag"] == f'"{hashlib.sha256(shelf.data()).hexdigest()}"'
    assert answer["Content-Length"] == str(shelf.SIZE)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Disposition"] == 'attachment; filename="IMG.TIF"'
    assert answer["Content-Type"] == "image/tiff"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("broken_at", [1, 255, 4096, 65_536, 131_071, 200_000, shelf.SIZE - 1])
def test_a_broken_download_resumes_to_the_same_digest(broken_at, reader, url, file, as_):
    browser = as_(reader)
    first = shelf.body(browser.get(url))[:broken_at]
    resumed = {"Range": f"bytes={broken_at}-", "If-Range": f'"{file.sha256}"'}
    answer = browser.get(url, headers=resumed)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {broken_at}-{shelf.SIZE - 1}/{shelf.SIZE}"
    rest = shelf.body(answer)
    assert answer["Content-Length"] == str(len(rest))
    assert hashlib.sha256(first + rest).hexdigest() == file.sha256


def test_a_part_of_what_has_changed_is_the_whole(reader, url, as_):
    asked = {"Range": "bytes=100-", "If-Range": '"another"'}
    answer = as_(reader).get(url, headers=asked)
    assert answer.status_code == 200
    assert shelf.body(answer) == shelf.data()


def test_a_range_beyond_the_end_is_416(reader, url, as_):
    answer = as_(reader).get(url, headers={"Range": f"bytes={shelf.SIZE}-"})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{shelf.SIZE}"
    assert shelf.body(answer) == b""


def test_a_thousand_ranges_do_not_multiply_bytes(reader, url, as_):
    ranges = "bytes=" + ",".join(["0-299999"] * 1000)
    answer = as_(reader).get(url, headers={"Range": ranges})
    assert answer.status_code == 200
    assert shelf.body(answer) == shelf.data()


def test_what_the_reader_has_already_is_not_sent_again(reader, url, file, as_):
    answer = as_(reader).get(url, headers={"If-None-Match": f'"{file.sha256}"'})
    assert answer.status_code == 304
    assert shelf.body(answer) == b""


def test_a_file_that_the_store_lost_is_said_to_be_gone(reader, url, file, as_):
    shelf.stored_path(file).unlink()
    answer = as_(reader).get(url)
    assert answer.status_code == 410
    assert answer.context["refused"].code == "file_missing"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nSet-Cookie: x=1.tif", "forêt «1».tif", "..", "%2e%2e/x"]
)
def test_no_name_breaks_the_header_or_leaves_the_folder(name, licences, stranger, as_):
    free = shelf.product("open", names=(name,))
    answer = as_(stranger).get(reverse("product_file", args=[free.pk, free.files.get().pk]))
    assert shelf.body(answer) == shelf.data()
    said = answer["Content-Disposition"]
    assert said.startswith("attachment")
    assert "\r" not in said
    assert "\n" not in said
    assert "/" not in said
    assert "Set-Cookie" not in answer.headers
    archive = as_(stranger).get(reverse("product_archive", args=[free.pk]))
    with zipfile.ZipFile(io.BytesIO(shelf.body(archive))) as unpacked:
        inside = unpacked.namelist()[0]
    assert not inside.startswith("/")
    assert ".." not in inside.split("/")


# ── by nginx ────────────────────────────────────────────────────────────────────────────────────
def test_behind_nginx_the_bytes_are_its_work(reader, url, file, as_):
    with override_settings(X_ACCEL_PREFIX="/stored/"):
        answer = as_(reader).get(url, headers={"Range": "bytes=5-"})
    assert answer.status_code == 200
    assert answer["X-Accel-Redirect"] == f"/stored/{file.storage_name}"
    assert shelf.body(answer) == b""
    assert answer["Content-Disposition"] == 'attachment; filename="IMG.TIF"'
    assert Download.objects.count() == 1


def test_the_name_that_nginx_gets_is_the_stores_and_encoded(reader, url, file, as_):
    file.storage_name = "a b/forêt?%2e%2e#.bin"
    file.save()
    with override_settings(X_ACCEL_PREFIX="/stored"):
        answer = as_(reader).get(url)
    assert answer["X-Accel-Redirect"] == "/stored/a%20b/for%C3%AAt%3F%252e%252e%23.bin"


def test_behind_nginx_too_nothing_leaves_unsigned(url, other_researcher, as_):
    with override_settings(X_ACCEL_PREFIX="/stored/"):
        answer = as_(other_researcher).get(url)
    assert answer.status_code == 409
    assert "X-Accel-Redirect" not in answer.headers


# ── all at once ─────────────────────────────────────────────────────────────────────────────────
def test_the_archive_has_the_length_it_says_and_every_file(licences, stranger, as_):
    names = ("IMG/A.TIF", "IMG/B.TIF", "VOL_PHR.XML")
    free = shelf.product("open", names=names)
    answer = as_(stranger).get(reverse("product_archive", args=[free.pk]))
    content = shelf.body(answer)
    assert answer["Content-Length"] == str(len(content))
    with zipfile.ZipFile(io.BytesIO(content)) as unpacked:
        assert unpacked.testzip() is None
        assert unpacked.namelist() == [*names, "SHA256SUMS", "LICENCE.json"]
        assert unpacked.read("IMG/B.TIF") == shelf.data(seed=2)
        assert {one.compress_type for one in unpacked.infolist()} == {zipfile.ZIP_STORED}
        sums = unpacked.read("SHA256SUMS").decode()
    assert f"{hashlib.sha256(shelf.data(seed=3)).hexdigest()}  VOL_PHR.XML\n" in sums
    row = Download.objects.get()
    assert (row.how, row.file) == ("archive", None)


def test_the_sidecar_says_licence_credit_and_signature_and_names_nobody(reader, image, as_):
    answer = as_(reader).get(reverse("product_licence", args=[image.pk]))
    told = answer.json()
    signature = downloads.signature_of(reader, image)
    year = image.scene.datetime.year
    assert told["licence"]["code"] == "pleiades"
    assert told["credit"] == f"© CNES {year}, distribution Airbus DS"
    assert told["signature"]["hash"] == signature.hash
    assert {one["to"]: one["answer"] for one in told["may_give"]}["contractor"] == "with_signature"
    assert [(one["name"], one["licence"]) for one in told["files"]] == [("IMG/IMG.TIF", "pleiades")]
    for word in (reader.full_name, reader.email):
        assert word not in answer.content.decode()
    page = as_(reader).get(image.get_absolute_url()).content.decode()
    assert f"© CNES {year}" in page
    assert "a contractor of a public order".capitalize() in page
    with zipfile.ZipFile(
        io.BytesIO(shelf.body(as_(reader).get(reverse("product_archive", args=[image.pk]))))
    ) as unpacked:
        assert unpacked.read("LICENCE.json") == answer.content


def test_the_head_of_an_archive_says_its_length(licences, stranger, as_):
    there = reverse("product_archive", args=[shelf.product("open").pk])
    length = as_(stranger).head(there)["Content-Length"]
    assert length == str(len(shelf.body(as_(stranger).get(there))))


def test_the_checksums_are_those_of_the_bytes(reader, image, as_):
    answer = as_(reader).get(reverse("product_checksums", args=[image.pk]))
    digest = hashlib.sha256(shelf.data()).hexdigest()
    assert answer.content.decode() == f"{digest}  IMG/IMG.TIF\n"


# ── links ───────────────────────────────────────────────────────────────────────────────────────
def opened(link, client=None, **headers):
    path = link.url.partition("//")[2].partition("/")[2]
    return shelf.taken((client or Client()).get(f"/{path}", headers=headers))


def test_a_link_opens_its_file_without_a_session(reader, file):
    link = downloads.make_link(reader, file)
    answer = opened(link, Range="bytes=7-9")
    assert answer.taken == shelf.data()[7:10]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert link.url.endswith("/IMG.TIF")
    row = Download.objects.get()
    assert (row.user, row.how) == (reader, "link")


def test_a_link_is_made_only_for_who_may_download(file, other_researcher, stranger):
    with pytest.raises(NotNow, match="licence_not_signed"):
        downloads.make_link(other_researcher, file)
    with pytest.raises(NotAllowed, match="no_active_affiliation"):
        downloads.make_link(stranger, file)


def test_a_link_lives_as_long_as_asked_and_never_longer_than_the_setting(reader, file):
    for asked, lives in ((60, 60), (10**9, 7200)):
        before = timezone.now()
        ends_at = downloads.make_link(reader, file, seconds=asked).expires_at
        assert ends_at > before + timedelta(seconds=lives - 2)
        assert ends_at <= timezone.now() + timedelta(seconds=lives)


@pytest.mark.parametrize("seconds", [60, 7200])
def test_a_link_whose_time_is_over_is_410(seconds, reader, file):
    link = downloads.make_link(reader, file, seconds=seconds)
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds - 2)):
        assert opened(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds + 1)):
        assert opened(link).status_code == 410


def test_a_link_altered_at_any_place_is_403(reader, file):
    link = downloads.make_link(reader, file)
    start, token, name = link.url.rpartition("/files/")[0], *link.url.split("/")[-2:]
    for at in range(len(token)):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises((NotAllowed, Gone)) as refused:
            downloads.open_link(token[:at] + other + token[at + 1 :])
        assert refused.value.status in (403, 410)
    assert Client().get(f"/signing/files/{token[:-1]}/{name}").status_code == 403
    assert Client().get(f"/signing/files/x/{name}").status_code == 403
    assert start


def test_the_name_of_a_link_cannot_be_changed(reader, file):
    link = downloads.make_link(reader, file)
    path = link.url.partition("//")[2].partition("/")[2].rpartition("/")[0]
    assert Client().get(f"/{path}/OTHER.TIF").status_code == 404


def test_a_link_is_not_for_the_session_of_somebody_else(reader, researcher, file, as_):
    link = downloads.make_link(reader, file)
    assert opened(link, as_(researcher)).status_code == 403
    assert opened(link, as_(reader)).status_code == 200


def test_a_link_stops_when_the_person_leaves(reader, file):
    link = downloads.make_link(reader, file)
    shelf.leave(reader)
    assert opened(link).status_code == 403


def test_a_link_stops_when_the_account_is_closed(licences, stranger):
    link = downloads.make_link(stranger, shelf.product("open").files.get())
    stranger.is_active = False
    stranger.save()
    assert opened(link).status_code == 403


def test_a_link_stops_when_the_product_is_withdrawn(reader, image, file, desk):
    link = downloads.make_link(reader, file)
    products.withdraw(image, reason="Wrong place.", by=Actor.of(desk))
    assert opened(link).status_code == 410


def test_a_link_outlives_a_change_of_the_secret_key_while_the_old_one_is_kept(
    reader, file, settings
):
    link = downloads.make_link(reader, file)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key"
    assert opened(link).status_code == 403
    settings.SECRET_KEY_FALLBACKS = [old]
    assert opened(link).status_code == 200


def test_a_link_takes_get_and_head_alone(reader, file):
    link = downloads.make_link(reader, file)
    path = "/" + link.url.partition("//")[2].partition("/")[2]
    assert Client().head(path)["Content-Length"] == str(shelf.SIZE)
    assert Client().post(path).status_code == 405
    assert Client().delete(path).status_code == 405


# ── withdrawn ───────────────────────────────────────────────────────────────────────────────────
def test_a_withdrawn_product_says_why_and_gives_nothing(reader, image, url, desk, as_):
    answer = as_(desk).post(reverse("product_withdraw", args=[image.pk]), {"reason": "Wrong."})
    assert answer.status_code == 302
    for there in (url, image.get_absolute_url(), reverse("product_archive", args=[image.pk])):
        gone = as_(reader).get(there)
        assert gone.status_code == 410
        assert "Wrong." in gone.content.decode()
    assert Download.objects.count() == 0
    event = SceneEvent.objects.get(kind="withdrawn")
    assert (event.by_user, event.facts["reason"]) == (desk, "Wrong.")


def test_a_withdrawal_between_the_page_and_the_download_stops_it(reader, image, file, desk):
    stale = Product.objects.get(pk=image.pk)
    products.withdraw(image, reason="Wrong.", by=Actor.of(desk))
    assert stale.is_published
    with pytest.raises(Gone, match="product_withdrawn"):
        downloads.begin(reader, stale, file=file, how="browser")
    assert Download.objects.count() == 0


def test_only_the_desk_withdraws_and_says_why(reader, image, desk, as_):
    there = reverse("product_withdraw", args=[image.pk])
    assert as_(reader).post(there, {"reason": "Mine."}).status_code == 403
    assert as_(desk).post(there, {"reason": ""}).status_code == 422
    with pytest.raises(Invalid, match="reason_missing"):
        products.withdraw(image, reason="  ", by=Actor.of(desk))
    assert Product.objects.get(pk=image.pk).is_published


def test_two_products_never_share_a_stored_file(file):
    file.pk = None
    file.name = "other"
    with pytest.raises(IntegrityError):
        file.save()

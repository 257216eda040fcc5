"""Every stored file is read again within its days; a flipped byte is found, and its download stopped."""

import io
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from catalogue.models import ProductFile, SceneEvent
from catalogue.services import downloads, fixity
from catalogue.tasks import check_file, check_files, tell_damaged
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.outbox import Promise
from tests.catalogue import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(licences):
    return shelf.product(names=("IMG/ONE.TIF", "IMG/TWO.TIF"))


@pytest.fixture
def reader(other_researcher, image):
    return shelf.signed(other_researcher, image)


def flip(file: ProductFile, at: int = 1000) -> None:
    """One bit of the stored bytes, the size as it was."""
    path = shelf.stored_path(file)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def read_long_ago(days: int = 40) -> None:
    then = timezone.now() - timedelta(days=days)
    ProductFile.objects.update(looked_at=then, hashed_at=then)


# ── found ───────────────────────────────────────────────────────────────────────────────────────
def test_ten_flipped_bytes_are_all_found_in_one_cycle(licences, settings):
    """An hour at a time through the whole store: each is found before its thirty days are over."""
    product = shelf.product(names=tuple(f"IMG/{n}.TIF" for n in range(30)))
    read_long_ago()
    spoilt = list(product.files.order_by("pk")[::3])
    for number, file in enumerate(spoilt):
        flip(file, at=number * 15_000)
    batches, read = 0, 0
    while ProductFile.objects.filter(looked_at__lt=timezone.now() - timedelta(days=20)).exists():
        done = fixity.check_some()
        batches, read = batches + 1, read + done.files
    assert set(product.files.damaged()) == set(spoilt)
    assert len(spoilt) == 10
    assert read == 30
    assert 24 * settings.FIXITY_DAYS >= batches > 25
    assert fixity.overview().overdue == 0


def test_a_batch_takes_those_unread_for_longest_within_its_bytes(image):
    read_long_ago()
    first, second = image.files.order_by("pk")
    ProductFile.objects.filter(pk=second.pk).update(looked_at=None)
    assert fixity.check_some(most=1) == fixity.Checked(1, shelf.SIZE, 0)
    second.refresh_from_db()
    assert second.looked_at is not None
    assert fixity.check_some(most=10**9) == fixity.Checked(1, shelf.SIZE, 0)
    assert fixity.check_some(most=10**9) == fixity.Checked(0, 0, 0)
    first.refresh_from_db()
    assert timezone.now() - first.hashed_at < timedelta(minutes=1)


def test_the_share_of_an_hour_reads_the_whole_within_the_days_and_keeps_its_limit(image, settings):
    ProductFile.objects.update(size=F("size") + 10**12)
    total = 2 * (10**12 + shelf.SIZE)
    settings.FIXITY_BATCH_BYTES = 10**12
    assert total <= fixity.share() * 24 * settings.FIXITY_DAYS <= 1.2 * total
    settings.FIXITY_BATCH_BYTES = 10**6
    assert fixity.share() == 10**6


def test_a_file_that_is_gone_is_missing(image):
    file = image.files.first()
    default_storage.delete(file.storage_name)
    assert fixity.check(file) == "missing"
    file.refresh_from_db()
    assert (file.fault, file.hashed_at) == ("missing", None)
    event = SceneEvent.objects.get(kind="damaged")
    assert event.facts == {
        "product": image.pk, "file": file.name, "fault": "missing", "found": ""
    }  # fmt: skip
    assert event.by_part == "fixity"


def test_a_store_that_does_not_answer_says_nothing_of_a_file(image, monkeypatch):
    def silent(name):
        raise OSError("no route to the store")

    monkeypatch.setattr(fixity, "fresh_chunks", silent)
    with pytest.raises(OSError, match="no route"):
        check_files()
    assert ProductFile.objects.damaged().count() == 0


def test_found_twice_it_is_told_once(image, settings):
    file = image.files.first()
    flip(file)
    for _time in range(3):
        fixity.check(file)
    assert SceneEvent.objects.filter(kind="damaged").count() == 1
    promise = Promise.objects.get(task="catalogue.tasks.tell_damaged")
    assert promise.due_at > timezone.now() + timedelta(minutes=4)
    tell_damaged(*promise.arguments)
    (sent,) = mail.outbox
    assert sent.to == [settings.DESK_EMAIL]
    assert file.name in sent.body
    assert reverse("desk_files") in sent.body


def test_a_thousand_found_at_once_are_one_mail(image):
    for file in image.files.all():
        flip(file)
    fixity.check_some(most=10**9)
    assert ProductFile.objects.damaged().count() == 2
    assert Promise.objects.filter(task="catalogue.tasks.tell_damaged").count() == 1


# ── not given out ───────────────────────────────────────────────────────────────────────────────
def test_a_damaged_file_is_given_out_by_no_way_and_the_other_is(image, reader, as_):
    bad, good = image.files.order_by("pk")
    link = downloads.make_link(reader, bad)
    flip(bad)
    fixity.check(bad)
    client = as_(reader)
    for ask in (client.get, client.head):
        assert ask(reverse("product_file", args=[image.pk, bad.pk])).status_code == 409
        assert ask(reverse("product_archive", args=[image.pk])).status_code == 409
        assert ask(link.url).status_code == 409
    signed = client.post(
        reverse("sign_urls"),
        json.dumps(
            {"urls": [f"http://testserver{reverse('product_file', args=[image.pk, bad.pk])}"]}
        ),
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert (signed.status_code, signed.json()["code"]) == (409, "file_damaged")
    assert signed.json()["since"] == ProductFile.objects.get(pk=bad.pk).fault_at.isoformat()
    got = client.get(reverse("product_file", args=[image.pk, good.pk]))
    assert got.status_code == 200
    assert shelf.body(got) == shelf.data(seed=2)
    page = client.get(image.get_absolute_url()).content.decode()
    assert "Being restored" in page
    assert reverse("product_file", args=[image.pk, bad.pk]) not in page


# ── restored ────────────────────────────────────────────────────────────────────────────────────
def test_put_back_from_a_copy_it_is_given_out_again(image, reader, desk, as_):
    file = image.files.first()
    flip(file)
    fixity.check(file)
    with pytest.raises(NotAllowed):
        fixity.ask_again(file, by=Actor.of(reader))
    officer = as_(desk)
    listed = officer.get(reverse("desk_files")).content.decode()
    assert file.storage_name.replace("_", "_<wbr>") in listed
    flip(file)
    assert officer.post(reverse("file_read_again", args=[file.pk])).status_code == 302
    assert Promise.objects.filter(task="catalogue.tasks.check_file", arguments=[file.pk]).exists()
    check_file(file.pk)
    file.refresh_from_db()
    assert (file.fault, file.fault_at) == ("", None)
    got = as_(reader).get(reverse("product_file", args=[image.pk, file.pk]))
    assert shelf.body(got) == shelf.data(seed=1)
    assert SceneEvent.objects.filter(kind="restored").count() == 1
    assert "No damaged file" in officer.get(reverse("desk_files")).content.decode()


def test_the_same_bytes_stored_anew_restore_it_and_the_damaged_ones_go(
    image, django_capture_on_commit_callbacks
):
    file, other = image.files.order_by("pk")
    old = file.storage_name
    flip(file)
    fixity.check(file)
    anew = default_storage.save("anew/1.bin", ContentFile(shelf.data(seed=1)))
    with django_capture_on_commit_callbacks(execute=True):
        by = Actor.system("test")
        assert fixity.restore(image, [(file.sha256, anew), (other.sha256, "other")], by=by) == 1
    file.refresh_from_db()
    assert (file.fault, file.storage_name) == ("", anew)
    assert not default_storage.exists(old)
    assert fixity.check(file) == ""
    other.refresh_from_db()
    assert other.storage_name != "other"


def test_restored_while_the_old_one_is_read_it_stays_restored(image, monkeypatch):
    file = image.files.first()
    flip(file)
    stale = ProductFile.objects.get(pk=file.pk)
    anew = default_storage.save("anew/2.bin", ContentFile(shelf.data(seed=1)))
    ProductFile.objects.filter(pk=file.pk).update(storage_name=anew)
    fixity.check(stale)
    file.refresh_from_db()
    assert file.fault == ""


# ── told ────────────────────────────────────────────────────────────────────────────────────────
def test_the_command_names_what_is_damaged_and_fails(image, capsys):
    call_command("check_files", "--all")
    assert "2 files read" in capsys.readouterr().out
    flip(image.files.first())
    with pytest.raises(CommandError, match="1 stored files are damaged"):
        call_command("check_files", "--product", str(image.pk), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["damaged"] == [
        {"file": image.files.first().pk, "product": image.pk, "fault": "altered"}
    ]
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_files", stdout=out)
    assert out.getvalue().startswith("0 files read")  # read just now: nothing is due


def test_the_figures_are_among_the_metrics(image, client):
    read_long_ago()
    flip(image.files.first())
    fixity.check(image.files.first())
    said = client.get(reverse("metrics")).content.decode()
    assert "dinamis_files 2.0" in said
    assert "dinamis_files_damaged 1.0" in said
    assert "dinamis_files_overdue 1.0" in said
    assert f"dinamis_files_bytes {float(2 * shelf.SIZE)}" in said

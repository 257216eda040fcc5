"""What a supplier drops into the watched folder: seen, taken once complete, worked through, put away."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from catalogue.models import Product
from catalogue.samples.scene import Fault
from catalogue.services import fixity
from dinamis import leases
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import Promise
from orders import tasks
from orders.inboxes import FolderInbox, InboxTrouble
from orders.models import Arrival, Delivery, InboxLook
from orders.services.delivering import arrivals, inbox
from tests.catalogue.deliveries import make as make_files
from tests.orders import make

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    return make_files(tmp_path_factory.mktemp("delivered"), cloud=7.25)


@pytest.fixture(autouse=True)
def dropped(tmp_path, settings, reference) -> Path:
    """The watched folder, with one supplier's in it."""
    settings.STORAGE_URL = f"file://{tmp_path / 'store'}"
    settings.STAGING_DIR = tmp_path / "staging"
    settings.INBOX_URL = f"file://{tmp_path / 'inbox'}"
    folder = tmp_path / "inbox" / "airbus"
    folder.mkdir(parents=True)
    return folder


def still(arrival: Arrival) -> Arrival:
    """As if it had lain unchanged for an hour."""
    Arrival.objects.filter(pk=arrival.pk).update(mark_since=timezone.now() - timedelta(hours=1))
    return arrival


def looked_twice() -> None:
    inbox.look()
    Arrival.objects.filter(state="arriving").update(mark_since=timezone.now() - timedelta(hours=1))
    inbox.look()


def work_off(most: int = 300) -> None:
    """Keep the open promises of deliveries and arrivals, as a worker does, until there are none."""
    for _time in range(most):
        promise = (
            Promise.objects.open()
            .filter(task__startswith="orders.tasks.work_on_", due_at__lte=timezone.now())
            .first()
        )
        if promise is None:
            return
        # As claimed: what it promises anew is another promise.
        Promise.objects.filter(pk=promise.pk).update(attempts=1)
        name = promise.task.rpartition(".")[2]
        getattr(tasks, name)(*promise.arguments)
        Promise.objects.filter(pk=promise.pk).update(done_at=timezone.now())
    raise AssertionError("the work does not end")


def there(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


# ── seen and taken ──────────────────────────────────────────────────────────────────────────────
def test_what_still_grows_is_not_taken(dropped):
    archive = dropped / "one.zip"
    archive.write_bytes(b"PK\x03\x04")
    inbox.look()
    arrival = Arrival.objects.get()
    assert (arrival.supplier, arrival.name, arrival.state) == ("airbus", "one.zip", "arriving")
    still(arrival)
    archive.write_bytes(b"PK\x03\x04 and more")
    inbox.look()
    arrival.refresh_from_db()
    assert (arrival.state, arrival.size) == ("arriving", 13)
    assert timezone.now() - arrival.mark_since < timedelta(minutes=1)
    still(arrival)
    inbox.look()
    arrival.refresh_from_db()
    assert arrival.state == "taken"
    assert Promise.objects.filter(task="orders.tasks.work_on_arrival").count() == 1


def test_a_first_look_never_takes_what_has_no_marker(dropped, settings):
    settings.INBOX_QUIET_SECONDS = 0
    (dropped / "one.zip").write_bytes(b"PK\x03\x04")
    inbox.look()
    assert Arrival.objects.get().state == "arriving"
    inbox.look()
    assert Arrival.objects.get().state == "taken"


@pytest.mark.parametrize("marker", ["one.done", "one/_SUCCESS"])
def test_a_marker_says_that_it_is_complete(dropped, usual, marker):
    shutil.copytree(usual, dropped / "one")
    (dropped / marker).touch()
    inbox.look()
    assert Arrival.objects.get().state == "taken"


def test_what_its_sender_takes_away_again_is_gone(dropped):
    (dropped / "one.zip").write_bytes(b"PK\x03\x04")
    inbox.look()
    (dropped / "one.zip").unlink()
    inbox.look()
    assert Arrival.objects.get().state == "gone"


def test_unfinished_and_hidden_files_and_ours_are_left_alone(dropped):
    for name in (
        "a.zip.part",
        "b.filepart",
        ".hidden",
        "done/old.zip",
        "refused/bad.zip",
        "c.done",
    ):
        (dropped / name).parent.mkdir(exist_ok=True)
        (dropped / name).write_bytes(b"x")
    assert inbox.look() == 0
    assert Arrival.objects.count() == 0


def test_a_name_that_cannot_be_kept_is_told_and_the_others_are_taken(dropped):
    Path(os.fsdecode(os.fsencode(dropped) + b"/bad\xff\n.zip")).write_bytes(b"x")
    (dropped / "one.zip").write_bytes(b"PK\x03\x04")
    inbox.look()
    assert [one.name for one in Arrival.objects.all()] == ["one.zip"]
    assert "1 names cannot be taken" in InboxLook.objects.get().error


def test_an_inbox_that_cannot_be_read_is_told_and_loses_nothing(dropped, settings):
    (dropped / "one.zip").write_bytes(b"PK\x03\x04")
    inbox.look()
    settings.INBOX_URL = settings.INBOX_URL.replace("/inbox", "/nowhere")
    assert inbox.look() == 0
    noted = InboxLook.objects.get(place__endswith="nowhere")
    assert "No such file" in noted.error
    assert noted.failing_since is not None
    assert Arrival.objects.get().state == "arriving"


def test_without_an_address_nothing_is_watched(settings):
    settings.INBOX_URL = ""
    assert inbox.look() == 0
    assert InboxLook.objects.count() == 0


# ── worked through ──────────────────────────────────────────────────────────────────────────────
def test_a_folder_named_by_our_reference_is_delivered_to_its_line(
    dropped, usual, researcher, desk, year
):
    line = make.with_supplier(researcher, desk)
    shutil.copytree(usual, dropped / f"job_{line.reference}")
    looked_twice()
    work_off()
    line.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.line, line.supply) == ("published", line, "delivered")
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.path) == ("done", f"airbus/done/job_{line.reference}")
    assert there(dropped / "done" / arrival.name) == there(usual)
    assert not (dropped / ".taken").exists()
    assert [event.step for event in arrival.events.all()] == ["take", "hand_over", "finish"]


def test_an_archive_alone_in_its_folder_is_the_delivery(dropped, usual):
    (dropped / "job").mkdir()
    shutil.make_archive(str(dropped / "job" / "images"), "zip", usual.parent)
    (dropped / "job" / "_SUCCESS").touch()
    inbox.look()
    work_off()
    assert Delivery.objects.get().state == "waiting"
    assert Arrival.objects.get().state == "handed_over"


def test_the_suppliers_own_number_in_it_finds_the_line(tmp_path, dropped, researcher, desk, year):
    from catalogue.samples.delivery import make_volume
    from catalogue.samples.documents import Order
    from catalogue.samples.scene import SampleScene
    from tests.catalogue.deliveries import CENTRE, PLEIADES

    line = make.with_supplier(researcher, desk)
    line.supplier_reference = "SO-77123"
    line.save(update_fields=["supplier_reference"])
    root = make_volume(
        tmp_path / "made",
        [SampleScene(identifier=PLEIADES, centre=CENTRE)],
        pixels=96,
        order=Order(customer="SO-77123"),
    )
    shutil.copytree(root, dropped / "unnamed")
    looked_twice()
    work_off()
    assert Delivery.objects.get().line == line


def test_an_unmatched_one_waits_at_the_desk_and_is_put_away_once_matched(
    dropped, usual, researcher, desk, year
):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    work_off()
    delivery, arrival = Delivery.objects.get(), Arrival.objects.get()
    assert (delivery.state, arrival.state) == ("waiting", "handed_over")
    line = make.with_supplier(researcher, desk)
    tasks.deliveries.publish(delivery, order=line.reference, by=Actor.of(desk))
    work_off()
    arrival.refresh_from_db()
    line.refresh_from_db()
    assert (arrival.state, line.supply) == ("done", "delivered")
    assert (dropped / "done" / "one").is_dir()


def test_a_bad_delivery_is_put_under_refused_with_the_sentence(dropped, tmp_path):
    shutil.copytree(make_files(tmp_path / "bad", Fault.MISSING_TILE), dropped / "bad")
    looked_twice()
    work_off()
    delivery, arrival = Delivery.objects.get(), Arrival.objects.get()
    assert (delivery.state, arrival.state) == ("refused", "refused")
    said = (dropped / "refused" / "bad.txt").read_text()
    assert delivery.reason in said
    with translation.override("fr"):
        assert "manque" in arrival.reason_told
        assert arrival.reason_told == delivery.reason_told
        assert arrival.events.last().reason_told == arrival.reason_told
    assert (dropped / "refused" / "bad").is_dir()
    assert Product.objects.count() == 0


@pytest.mark.parametrize(
    ("make_it", "said"),
    [
        (lambda folder: (folder / "notes.txt").write_text("hello"), "a folder, a zip or a tar"),
        (lambda folder: (folder / "link.zip").symlink_to("/etc/passwd"), "is a link or a device"),
        (lambda folder: os.mkfifo(folder / "pipe.zip"), "is a link or a device"),
    ],
)
def test_what_is_no_delivery_is_refused_unopened(dropped, make_it, said):
    make_it(dropped)
    looked_twice()
    work_off()
    arrival = Arrival.objects.get()
    assert arrival.state == "refused"
    assert said in arrival.reason
    assert Delivery.objects.count() == 0


def test_the_same_delivery_twice_is_one_product(dropped, usual, researcher, desk, year):
    line = make.with_supplier(researcher, desk)
    for _time in range(2):
        shutil.copytree(usual, dropped / line.reference)
        looked_twice()
        work_off()
    assert Product.objects.count() == 1
    first, second = Arrival.objects.order_by("pk")
    assert (first.state, first.path) == ("done", f"airbus/done/{line.reference}")
    # The second finds no line that still waits: the desk says what to do with it.
    assert second.state == "handed_over"
    tasks.deliveries.publish(second.deliveries.get(), by=Actor.of(desk))
    work_off()
    second.refresh_from_db()
    assert second.path == f"airbus/done/{second.key.hex[:8]}-{line.reference}"
    assert Product.objects.count() == 1


def test_a_delivery_dropped_one_level_too_high_is_not_torn_apart(dropped, usual):
    shutil.copytree(usual, dropped.parent / "high")
    looked_twice()
    assert [(one.supplier, one.name) for one in Arrival.objects.all()] == [("", "high")]
    work_off()
    assert Delivery.objects.get().state == "waiting"


def test_something_written_to_after_it_was_taken_is_refused(dropped, usual):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    (dropped / "one" / "LATE.XML").write_text("<late/>")
    work_off()
    arrival = Arrival.objects.get()
    assert arrival.state == "refused"
    assert "still being written" in arrival.reason


# ── the desk ────────────────────────────────────────────────────────────────────────────────────
def test_the_desk_has_a_refused_one_tried_again(dropped, usual, desk, researcher):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    (dropped / "one" / "LATE.TXT").write_text("late")
    work_off()
    arrival = Arrival.objects.get()
    with pytest.raises(NotAllowed):
        arrivals.retry(arrival, by=Actor.of(researcher))
    arrivals.retry(arrival, by=Actor.of(desk))
    with pytest.raises(NotNow):
        arrivals.retry(arrival, by=Actor.of(desk))
    work_off()
    arrival.refresh_from_db()
    assert arrival.state in ("handed_over", "refused")


def test_a_repaired_delivery_is_taken_in_when_tried_again(dropped, usual, tmp_path, desk):
    bad = make_files(tmp_path / "bad", Fault.MISSING_TILE)
    shutil.copytree(bad, dropped / "one")
    looked_twice()
    work_off()
    shutil.rmtree(dropped / "refused" / "one")
    shutil.copytree(usual, dropped / "refused" / "one")
    arrivals.retry(Arrival.objects.get(), by=Actor.of(desk))
    work_off()
    arrival = Arrival.objects.get()
    assert [one.state for one in arrival.deliveries.order_by("pk")] == ["refused", "waiting"]
    assert arrival.state == "handed_over"
    assert not (dropped / "refused" / "one.txt").exists()


def test_the_desk_refuses_one_under_way(dropped, usual, desk):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    work_off()
    arrival = Arrival.objects.get()
    with pytest.raises(Invalid, match="reason_missing"):
        arrivals.refuse(arrival, reason=" ", by=Actor.of(desk))
    arrivals.refuse(arrival, reason="Sent by mistake.", by=Actor.of(desk))
    work_off()
    arrival.refresh_from_db()
    assert (arrival.state, Delivery.objects.get().state) == ("refused", "refused")
    assert "Sent by mistake." in (dropped / "refused" / "one.txt").read_text()


# ── interrupted ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("when", ["before", "after"])
def test_every_move_may_die_on_either_side_and_is_ended_by_the_next_try(
    dropped, usual, monkeypatch, when
):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    real = FolderInbox.move
    deaths: list[str] = []

    def dying(self, source, target, parts=()):
        if deaths.count(target) == 0:
            deaths.append(target)
            if when == "after":
                real(self, source, target, parts)
            raise KeyboardInterrupt
        return real(self, source, target, parts)

    monkeypatch.setattr(FolderInbox, "move", dying)
    for _time in range(6):
        try:
            work_off()
        except KeyboardInterrupt:
            Arrival.objects.update(claimed_until=None)
    arrival = Arrival.objects.get()
    assert len(deaths) == 1
    assert arrival.state == "handed_over"
    assert Delivery.objects.get().state == "waiting"


def test_trouble_with_the_inbox_is_told_and_tried_again(dropped, usual, monkeypatch):
    shutil.copytree(usual, dropped / "one")
    looked_twice()

    def broken(*given, **named):
        raise InboxTrouble("Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(FolderInbox, "move", broken)
        work_off()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.error) == ("taken", "Read-only file system")
    again = Promise.objects.open().get(task="orders.tasks.work_on_arrival")
    assert timedelta(minutes=1) < again.due_at - timezone.now() < timedelta(minutes=3)
    Promise.objects.update(due_at=timezone.now())
    work_off()
    arrival.refresh_from_db()
    assert (arrival.state, arrival.error) == ("handed_over", "")


def test_who_finds_it_held_comes_back_when_the_lease_would_lapse(dropped, usual):
    shutil.copytree(usual, dropped / "one")
    looked_twice()
    arrival = Arrival.objects.get()
    Promise.objects.update(attempts=1)  # claimed
    with leases.held(arrival) as ours:
        assert ours
        tasks.work_on_arrival(arrival.pk)
        arrival.refresh_from_db()
        assert arrival.state == "taken"
    later = Promise.objects.order_by("-due_at").first()
    assert later.due_at > timezone.now() + timedelta(seconds=30)
    arrival.refresh_from_db()
    assert arrival.claimed_until is None


# ── shown ───────────────────────────────────────────────────────────────────────────────────────
def test_the_page_says_what_came_and_what_to_do(dropped, usual, tmp_path, desk, as_):
    shutil.copytree(usual, dropped / "one")
    (dropped / "notes.txt").write_text("hello")
    looked_twice()
    (dropped / "two.zip").write_bytes(b"PK\x03\x04")
    inbox.look()
    work_off()
    officer = as_(desk)
    page = officer.get("/desk/inbox/").content.decode()
    assert "A delivery comes as a folder, a zip or a tar file." in page
    assert "Still arriving" in page
    assert f"/desk/deliveries/#delivery-{Delivery.objects.get().pk}" in page
    shown = officer.get("/desk/inbox/?show=trouble").content.decode()
    assert "notes.txt" in shown
    assert Arrival.objects.in_trouble().count() == 1
    assert Arrival.objects.exclude(name="notes.txt").update(state="done") == 2
    assert Arrival.objects.in_trouble().count() == 1
    Arrival.objects.filter(name="one").update(state="handed_over")
    assert "two.zip" not in shown
    refused = Arrival.objects.get(name="notes.txt")
    assert officer.post(f"/desk/inbox/{refused.pk}/retry").status_code == 302
    refused.refresh_from_db()
    assert refused.state == "taken"


def test_a_damaged_file_is_restored_by_the_same_delivery_again(
    dropped, usual, desk, django_capture_on_commit_callbacks
):
    for _time in range(2):
        shutil.copytree(usual, dropped / "one")
        looked_twice()
        work_off()
        with django_capture_on_commit_callbacks(execute=True):
            tasks.deliveries.publish(Delivery.objects.get(state="waiting"), by=Actor.of(desk))
            work_off()
        product = Product.objects.get()
        file = product.files.filter(role="image").first()
        if not _time:
            path = Path(default_storage.path(file.storage_name))
            path.chmod(0o640)
            path.write_bytes(path.read_bytes()[:-1] + b"?")
            assert fixity.check(file) == "altered"
    assert (file.fault, fixity.check(file)) == ("", "")
    assert len(list(Path(default_storage.path("deliveries")).glob("*/*"))) == product.files.count()


def test_a_supplier_says_an_embargo_in_the_name_and_a_day_that_is_none_is_refused(dropped, usual):
    day = timezone.localdate() + timedelta(days=3)
    for name in (f"one_EMBARGO-{day}", "two_EMBARGO-2027-13-01"):
        shutil.copytree(usual, dropped / name)
        (dropped / f"{name}.done").touch()
    inbox.look()
    work_off()
    delivery = Delivery.objects.get()
    assert (delivery.embargo_until, delivery.state) == (day, "waiting")
    refused = Arrival.objects.get(name__startswith="two")
    assert refused.state == "refused"
    assert "2027-13-01" in refused.reason

"""The desk and its suppliers: pages, order sheets, and a supplier that is worked by hand."""

import io
import json
import zipfile

import pyogrio
import pytest
from defusedxml.ElementTree import fromstring
from django.core import mail
from django.test import Client

from dinamis.actors import Actor
from orders.models import Line, Supplier, SupplierPulse
from orders.services.lines import lines
from orders.services.supplying import asks, connectors, watching, working
from orders.suppliers.protocol import Stage, Unable
from orders.tasks import send_sheet
from tests.suppliers import making

pytestmark = pytest.mark.django_db


def waiting() -> int:
    """How many things at the suppliers wait for an officer."""
    return sum(rows.count() for rows in watching.waiting_for_a_person())


@pytest.fixture
def client(desk) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(desk)
    return client


def test_without_a_supplier_the_page_says_how_lines_are_placed(client):
    assert "Worked by hand" in client.get("/desk/suppliers/").content.decode()
    Supplier.objects.all().delete()
    assert "No supplier is written down" in client.get("/desk/suppliers/").content.decode()


def test_the_page_tells_how_each_answers(client, researcher, desk, year, supplier, twin):
    def told() -> str:
        return watching.one(supplier).label

    assert told() == "Not asked yet"
    twin.faults.extend(["busy"] * 5)
    making.sent(researcher, desk, supplier)
    for _number in range(5):
        making.let_time_pass(supplier)
        working.work(supplier)
    assert told() == "Does not answer"
    assert "Does not answer" in client.get("/desk/suppliers/").content.decode()
    page = client.get("/desk/suppliers/twin/").content.decode()
    assert "503: too busy" in page
    client.post("/desk/suppliers/twin/resume")
    making.rounds(supplier)
    assert told() == "Answers"
    client.post("/desk/suppliers/twin/pause", {"reason": "They move house."})
    assert SupplierPulse.objects.get(supplier__key="twin").paused_reason == "They move house."
    assert "They move house." in client.get("/desk/suppliers/twin/").content.decode()


def test_an_officer_sends_a_line_from_the_queue(client, researcher, desk, year, supplier, twin):
    line = making.to_place(researcher, desk)
    page = client.get(f"/desk/lines/place/?line={line.reference}").content.decode()
    assert "Send to Twin" in page
    answer = client.post(f"/desk/lines/{line.pk}/send", {"supplier": "twin"}, follow=True)
    assert "Being sent to Twin." in answer.content.decode()
    working.work(supplier)
    assert Line.objects.get().supply == "placed"


def test_a_stuck_call_is_replayed_or_dropped_from_the_page(
    client, researcher, desk, year, supplier, twin
):
    call = making.sent(researcher, desk, supplier)
    type(call).objects.update(attempts=8)
    working.work(supplier)
    assert waiting() == 1
    assert "Try again" in client.get("/desk/suppliers/twin/").content.decode()
    client.post(f"/desk/suppliers/calls/{call.pk}/drop", {"reason": "By hand."})
    line = Line.objects.get()
    assert (line.supply, waiting()) == ("to_place", 0)
    assert line.events.get(step="put_back").reason == "By hand."


@pytest.fixture
def chosen(researcher, desk, year, spot_year) -> list[Line]:
    return [making.to_place(researcher, desk), making.to_place(researcher, desk, kind="tasking")]


def sheet(client: Client, form: str, chosen: list[Line]) -> bytes:
    query = "&".join(f"line={line.reference}" for line in chosen)
    answer = client.get(f"/desk/sheets/{form}?{query}")
    assert answer.status_code == 200
    return answer.content


@pytest.mark.usefixtures("typeset")
def test_the_sheet_says_the_same_in_all_its_forms(client, chosen, tmp_path):
    references = [line.reference for line in chosen]
    told = json.loads(sheet(client, "geojson", chosen))
    assert [one["properties"]["reference"] for one in told["features"]] == references
    assert told["features"][1]["properties"]["tries"] == chosen[1].tries
    root = fromstring(sheet(client, "kml", chosen))
    names = root.iter("{http://www.opengis.net/kml/2.2}name")
    assert [name.text for name in names][1:] == references
    assert len(list(root.iter("{http://www.opengis.net/kml/2.2}Polygon"))) == 2
    packed = sheet(client, "shapefile", chosen)
    inside = set(zipfile.ZipFile(io.BytesIO(packed)).namelist())
    assert {"dinamis.shp", "dinamis.dbf", "dinamis.prj", "dinamis.shx"} <= inside
    (tmp_path / "sheet.zip").write_bytes(packed)
    meta, _fids, shapes, values = pyogrio.raw.read(tmp_path / "sheet.zip")
    assert list(values[list(meta["fields"]).index("reference")]) == references
    assert (len(shapes), meta["crs"]) == (2, "EPSG:4326")
    assert sheet(client, "pdf", chosen).startswith(b"%PDF-")


def test_nothing_chosen_and_unknown_forms_are_told(client, chosen):
    assert client.get("/desk/sheets/kml").status_code == 422
    assert client.get(f"/desk/sheets/dwg?line={chosen[0].reference}").status_code == 404


def test_the_sheet_is_mailed_with_its_four_forms_and_the_line_remembers_it(client, chosen):
    Supplier.objects.create(
        key="portal", name="Portal", kind="desk", email="orders@example.org", is_active=True
    )
    line = chosen[0]
    client.post("/desk/sheets/mail", {"line": line.reference, "supplier": "portal"})
    assert (len(mail.outbox), line.events.filter(step="sheet_sent").count()) == (0, 1)
    send_sheet(Supplier.objects.get(key="portal").pk, [line.pk], "en")
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (
        ["orders@example.org"],
        f"DINAMIS: order sheet {line.reference}",
    )
    assert sorted(name.rpartition(".")[2] for name, *_rest in sent.attachments) == [
        "geojson",
        "kml",
        "pdf",
        "zip",
    ]


def test_the_desk_as_a_supplier_tells_what_was_typed_and_does_nothing(chosen, desk):
    portal = Supplier.objects.create(key="portal", name="Portal", kind="desk", is_active=True)
    line = lines.place(chosen[0], by=Actor.of(desk), supplier_reference="SO-77")
    connector = connectors.make(portal)
    ask = asks.of(line, supplier=portal, reference=line.reference)
    assert connector.look_up(ask).reference == "SO-77"
    assert (connector.status("SO-77").stage, connector.status("SO-77").ours) == (
        Stage.PLACED,
        line.reference,
    )
    for act in (lambda: connector.place(ask), lambda: connector.cancel("SO-77")):
        with pytest.raises(Unable):
            act()
    assert working.work(portal) == 0

"""The directory of registers: read from their files, filled once, found by typing, taken into the form."""

import io
import json
import threading
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import DirectoryEntry, Membership, Organisation
from accounts.registers.formats import format_of, lines
from accounts.services import directory
from accounts.services.membership import memberships, supervisions
from dinamis.actors import Actor
from dinamis.errors import NotFound
from tests import make

pytestmark = pytest.mark.django_db

HEADER = (
    "numero_national_de_structure,libelle,sigle,annee_de_creation,type_de_structure,site_web,"
    "code_postal,commune,label_numero,tutelles,sigles_des_tutelles,domaine_scientifique\n"
)
RNSR = HEADER + (
    "200412238P,INSTITUT DE RECHERCHE EN GÉNIE CIVIL ET MÉCANIQUE,GeM,2004,Unité mixte,"
    "http://gem.example,44321,NANTES CEDEX 3,UMR 6183;UMR 6183,"
    "Université de l'Écume;Centre national de la recherche scientifique,ÉCUME;CNRS,\n"
    "200412248B,A WRONG KEY,,2004,Unité mixte,,29280,PLOUZANE,,,,\n"
    "200412248A,BIOLOGIE ET ECOLOGIE DES ECOSYSTEMES MARINS PROFONDS,BEEP,2004,Unité mixte,,"
    "29280,PLOUZANE,UMR 6197,Université de l'Écume,ÉCUME,\n"
    "200412248A,THE SAME AGAIN,BEEP,2004,Unité mixte,,29280,PLOUZANE,,,,\n"
    "too,few\n"
)
ESR = """\
etablissement_id_paysage;uo_lib;nom_court;sigle;type_d_etablissement;url;siret;identifiant_ror;com_nom;date_fermeture
abc12;Université de l'Écume;Université Écume;UE;Université;https://www.univ-ecume.example/;35600000000048;02feahw73;Nantes;
abc13;École fermée;;;École;;35600000000049;;Brest;2020-01-01
abc14;;;;;;;;;
"""
DOMAINS = [
    {
        "name": "Foam University",
        "domains": ["univ-ecume.example", "ecume.example"],
        "web_pages": ["https://univ-ecume.example/"],
        "country": "France",
        "alpha_two_code": "FR",
        "state-province": None,
    },
    {"name": "Nothing known", "domains": [], "alpha_two_code": "FR"},
]
# Two records in the shape of ROR's schema v2, invented but for the identifiers.
ROR = [
    {
        "id": "https://ror.org/02feahw73",
        "status": "active",
        "types": ["education", "funder"],
        "established": 1970,
        "names": [
            {"value": "UE", "types": ["acronym"], "lang": None},
            {"value": "Université de l'Écume", "types": ["label", "ror_display"], "lang": "fr"},
            {"value": "University of Foam", "types": ["label"], "lang": "en"},
        ],
        "domains": ["univ-ecume.example"],
        "links": [{"type": "website", "value": "https://www.univ-ecume.example"}],
        "locations": [
            {
                "geonames_id": 2990969,
                "geonames_details": {
                    "name": "Nantes",
                    "country_code": "FR",
                    "country_name": "France",
                },
            }
        ],
        "relationships": [],
        "external_ids": [],
    },
    {
        "id": "https://ror.org/05b5c0584",
        "status": "withdrawn",
        "types": ["facility"],
        "names": [{"value": "Instituto da Maré", "types": ["label", "ror_display"], "lang": "pt"}],
        "domains": [],
        "links": [],
        "locations": [{"geonames_details": {"name": "Lisboa", "country_code": "PT"}}],
        "relationships": [{"type": "parent", "label": "Universidade da Maré", "id": "x"}],
    },
    {"id": "https://ror.org/05b5c0585", "names": []},
]


# The same bodies as schema v1 says them, as in dumps until 2025.
ROR_V1 = [
    {
        "id": "https://ror.org/02feahw73",
        "name": "Université de l'Écume",
        "status": "active",
        "types": ["Education", "Funder"],
        "established": 1970,
        "aliases": [],
        "acronyms": ["UE"],
        "labels": [{"label": "University of Foam", "iso639": "en"}],
        "links": ["https://www.univ-ecume.example"],
        "addresses": [{"city": "Nantes", "state": None, "primary": False, "geonames_city": {}}],
        "country": {"country_name": "France", "country_code": "FR"},
        "relationships": [],
        "external_ids": {},
        "email_address": None,
        "ip_addresses": [],
        "wikipedia_url": "",
    },
    {
        "id": "https://ror.org/05b5c0584",
        "name": "Instituto da Maré",
        "status": "withdrawn",
        "types": ["Facility"],
        "aliases": [],
        "acronyms": [],
        "labels": [],
        "links": [],
        "addresses": [{"city": "Lisboa"}],
        "country": {"country_name": "Portugal", "country_code": "PT"},
        "relationships": [{"type": "Parent", "label": "Universidade da Maré", "id": "x"}],
    },
    {"id": "https://ror.org/05b5c0585", "name": "", "types": [], "country": {}},
]


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def imported(path: Path, **options: str) -> tuple[str, str]:
    """What the command says on its two streams."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_organisations", str(path), stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().strip()


@pytest.fixture
def registers(tmp_path: Path) -> None:
    for name, text in {
        "rnsr.csv": RNSR,
        "esr.csv": ESR,
        "domains.json": json.dumps(DOMAINS),
        "ror.json": json.dumps(ROR),
    }.items():
        imported(written(tmp_path, name, text))


def test_a_second_import_of_the_same_file_changes_nothing(tmp_path):
    path = written(tmp_path, "rnsr.csv", RNSR)
    assert imported(path) == (
        "rnsr: 2 new, 0 updated, 0 unchanged, 3 refused.",
        (
            "line 3 refused: “200412248B”: rnsr_key\n"
            "line 5 refused: 200412248A stands twice in the file\n"
            "line 6 refused: 2 cells instead of 12"
        ),
    )
    before = list(DirectoryEntry.objects.values())
    assert imported(path)[0] == "rnsr: 0 new, 0 updated, 2 unchanged, 3 refused."
    assert list(DirectoryEntry.objects.values()) == before


def test_a_register_that_changed_updates_only_what_changed(tmp_path):
    imported(written(tmp_path, "rnsr.csv", RNSR))
    changed = written(tmp_path, "rnsr.csv", RNSR.replace(",BEEP,", ",BEEP2,"))
    assert imported(changed)[0] == "rnsr: 0 new, 1 updated, 1 unchanged, 3 refused."
    assert DirectoryEntry.objects.get(key="200412248A").short_name == "BEEP2"


def test_what_a_register_says_of_a_body_is_kept_in_its_columns(registers):
    gem = DirectoryEntry.objects.get(source="rnsr", short_name="GeM")
    assert (gem.rnsr, gem.city, gem.other_names, gem.supervisors) == (
        "200412238P",
        "NANTES CEDEX 3",
        ["UMR 6183"],
        ["Université de l'Écume", "Centre national de la recherche scientifique"],
    )
    foam = DirectoryEntry.objects.get(source="ror", key="02feahw73")
    assert (foam.name, foam.short_name, foam.other_names, foam.country, foam.kind) == (
        "Université de l'Écume", "UE", ["University of Foam"], "FR", "education, funder",
    )  # fmt: skip
    assert DirectoryEntry.objects.get(source="ror", key="05b5c0584").is_closed


def test_a_mistyped_second_identifier_is_left_out_and_told(tmp_path):
    said, told = imported(written(tmp_path, "esr.csv", ESR))
    assert said == "esr: 2 new, 0 updated, 0 unchanged, 1 refused."
    assert told.splitlines() == [
        "line 3 kept: SIRET 35600000000049 left out: siret_key",
        "line 4 refused: no name",
    ]
    assert DirectoryEntry.objects.get(key="abc13").siret == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_and_delimiter_is_read(tmp_path, encoding):
    text = HEADER + RNSR.splitlines()[1].split(",Université")[0] + ",,,\n"
    path = written(tmp_path, "rnsr.csv", text.replace(",", "\t"), encoding)
    (line,) = lines(path, format_of(path))
    assert (line.entry.name, line.entry.kind) == (
        "INSTITUT DE RECHERCHE EN GÉNIE CIVIL ET MÉCANIQUE",
        "Unité mixte",
    )


def test_a_zip_of_ror_is_read_as_it_is_published(tmp_path):
    path = tmp_path / "v1-ror-data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v1-ror-data_schema_v2.json", json.dumps(ROR, indent=2))
        archive.writestr("v1-ror-data.csv", "id,name\n")
    assert imported(path)[0] == "ror: 2 new, 0 updated, 0 unchanged, 1 refused."


def test_both_schemas_of_ror_give_the_same_bodies(tmp_path):
    old = written(tmp_path, "v1.json", json.dumps(ROR_V1))
    new = written(tmp_path, "v2.json", json.dumps(ROR))
    assert (format_of(old), format_of(new)) == ("ror", "ror")
    assert imported(old)[0] == "ror: 2 new, 0 updated, 0 unchanged, 1 refused."
    foam, tide = DirectoryEntry.objects.filter(source="ror").order_by("key")
    assert (foam.name, foam.short_name, foam.other_names, foam.country, foam.city) == (
        "Université de l'Écume", "UE", ["University of Foam"], "FR", "Nantes",
    )  # fmt: skip
    assert (foam.kind, foam.domains) == ("education, funder", ["univ-ecume.example"])
    assert (tide.country, tide.supervisors) == ("PT", ["Universidade da Maré"])
    assert tide.is_closed
    assert imported(new)[0] == "ror: 0 new, 0 updated, 2 unchanged, 1 refused."


def test_an_old_record_without_a_status_is_open_and_nonsense_is_refused(tmp_path):
    old = {name: value for name, value in ROR_V1[0].items() if name != "status"}
    odd = ROR_V1[1] | {"acronyms": None, "labels": ["x"], "links": [3], "addresses": {}, "types": 1}
    bad = ROR_V1[1] | {"country": "Portugal"}
    found = list(lines(written(tmp_path, "v1.json", json.dumps([old, odd, bad])), "ror"))
    assert [line.problem for line in found] == ["", "", "“” is not a country's code"]
    assert not found[0].entry.is_closed
    assert (found[1].entry.short_name, found[1].entry.kind, found[1].entry.city) == ("", "", "")


def test_a_zip_of_schema_v1_alone_is_read_and_with_both_the_newer_is(tmp_path):
    for number, names in enumerate(
        [["v1.63-ror-data.json"], ["v1.63-ror-data.json", "v1.63-ror-data_schema_v2.json"]]
    ):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, json.dumps(ROR if "v2" in name else ROR_V1))
        assert sum(line.entry is not None for line in lines(path, "ror")) == 2


def test_a_list_that_breaks_keeps_what_came_before_it(tmp_path):
    broken = json.dumps(DOMAINS, indent=1)[:-40]
    said, told = imported(written(tmp_path, "domains.json", broken), format="domains")
    assert said == "domains: 1 new, 0 updated, 0 unchanged, 1 refused."
    assert told.startswith("line 15 refused: the list ends or breaks here:")


def test_another_file_is_none_of_ours(tmp_path):
    with pytest.raises(CommandError, match="neither a table of RNSR"):
        imported(written(tmp_path, "other.csv", "a;b\n1;2\n"))
    with pytest.raises(CommandError, match="not a file of the register"):
        imported(written(tmp_path, "rnsr.csv", RNSR), format="ror")
    assert DirectoryEntry.objects.count() == 0


def test_a_large_dump_is_read_in_little_memory(tmp_path):
    path = tmp_path / "ror.json"
    record = json.dumps(ROR[0] | {"noise": "x" * 4000})
    with path.open("w") as file:
        file.write("[" + ",\n".join([record] * 3000) + "]")
    tracemalloc.start()
    read = sum(1 for _line in lines(path, "ror"))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == 3000
    assert path.stat().st_size > 13_000_000
    assert peak < 4_000_000


def test_typing_finds_without_accents_with_mistakes_and_by_code(registers):
    def first(words: str) -> str:
        return directory.find(words)[0].name

    assert first("universite de l'ecume") == "Université de l'Écume"
    assert first("genie civil mecanique") == "INSTITUT DE RECHERCHE EN GÉNIE CIVIL ET MÉCANIQUE"
    assert first("UMR 6197").startswith("BIOLOGIE")
    assert first("universty ecume") == "Université de l'Écume"
    assert first("ue") == "Université de l'Écume"
    assert directory.find("x") == directory.find("École fermée") == directory.find("zzzzzz") == []


def test_several_registers_tell_of_one_body(registers):
    (found,) = [one for one in directory.find("ecume") if one.short_name == "UE"]
    assert (found.sources, found.siret, found.ror) == (
        ("esr", "ror", "domains"),
        "35600000000048",
        "02feahw73",
    )
    assert found.domains == ("univ-ecume.example", "ecume.example")


def test_a_laboratory_has_the_domains_of_its_supervising_bodies(registers):
    (found,) = directory.find("GeM")
    assert found.domains == ("univ-ecume.example",)
    assert directory.entry_of(found.entry).supervisors == found.supervisors
    with pytest.raises(NotFound):
        directory.entry_of(10**9)


def test_a_member_comes_first_and_once(registers, licences, desk):
    member = make.member("gem", desk=desk, rnsr="200412238P")
    found = directory.find("gem")
    assert [one.member for one in found] == [member]
    assert directory.find("genie civil")[0].member == member


def test_the_page_fills_the_form_without_a_script(registers):
    page = Client().get("/join/?q=GeM", headers={"accept-language": "en"}).content.decode()
    pk = DirectoryEntry.objects.get(short_name="GeM").pk
    assert f'href="/join/?entry={pk}#join-form"' in page
    filled = Client().get(f"/join/?entry={pk}", headers={"accept-language": "en"})
    form = filled.context["form"]
    assert [form[name].value() for name in ("name", "rnsr", "domains", "supervisors")] == [
        "INSTITUT DE RECHERCHE EN GÉNIE CIVIL ET MÉCANIQUE",
        "200412238P",
        "univ-ecume.example",
        "Université de l'Écume\nCentre national de la recherche scientifique",
    ]


def test_the_answers_while_typing_are_ten_at_most_and_lead_to_the_account_of_a_member(
    registers, licences, desk, as_, stranger
):
    member = make.member("gem", desk=desk, rnsr="200412238P")
    (answer,) = as_(stranger).get("/join/find/?q=gem").json()["found"]
    assert (answer["label"], answer["url"]) == ("The gem", f"/account/attach/{member.pk}/")
    (answer,) = Client().get("/join/find/?q=GEM").json()["found"]
    assert answer["url"] == "/accounts/signup/"


def test_typing_too_fast_is_refused_and_only_for_whoever_does(registers):
    client = Client()
    for _n in range(120):
        assert client.get("/join/find/?q=x").status_code == 200
    assert client.get("/join/find/?q=x").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.9").get("/join/find/?q=x").status_code == 200


def test_a_laboratory_joins_with_all_its_supervising_bodies(licences, desk):
    university = make.member("university", desk=desk)
    proposal = make.proposal(supervisors=("The university", "CNRS"))
    made = memberships.propose(proposal, language="en", by=Actor.system("test"))
    laboratory = made.organisation
    rows = [(row.name, row.body, row.kind) for row in laboratory.supervisions.current()]
    assert rows == [
        ("The university", university, "supervisor"),
        ("CNRS", None, "supervisor"),
    ]
    assert supervisions.laboratories_of(university) == []
    Organisation.objects.filter(pk=laboratory.pk).update(admitted_at=made.proposed_at)
    assert [row.organisation for row in supervisions.laboratories_of(university)] == [laboratory]
    assert Membership.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_leave_each_body_once(tmp_path):
    path = written(tmp_path, "rnsr.csv", RNSR)
    start = threading.Barrier(2)
    said: list[str] = []

    def run() -> None:
        start.wait()
        said.append(imported(path)[0])
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [
        "rnsr: 0 new, 0 updated, 2 unchanged, 3 refused.",
        "rnsr: 2 new, 0 updated, 0 unchanged, 3 refused.",
    ]
    assert DirectoryEntry.objects.count() == 2

"""SIRET, RNSR and ROR: true ones pass, every one-character mistake of each is found."""

import csv
from pathlib import Path

import pytest

from accounts import identifiers
from dinamis.errors import Invalid

ORGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "orgs"


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("siret", "732 829 320 00074", "73282932000074"),
        ("siret", "35600000049837", "35600000049837"),
        ("rnsr", "200412238p", "200412238P"),
        ("ror", "https://ror.org/02feahw73", "02feahw73"),
        ("ror", "02FEAHW73", "02feahw73"),
    ],
)
def test_a_true_identifier_is_kept_in_one_form(kind, written, kept):
    assert getattr(identifiers, kind)(written) == kept


@pytest.mark.parametrize(
    ("kind", "value"), [("siret", "73282932000074"), ("rnsr", "200412238P"), ("ror", "02feahw73")]
)
def test_one_mistyped_character_is_found(kind, value):
    for place in range(len(value)):
        for other in "0123456789AZbk":
            if other.lower() == value[place].lower():
                continue
            with pytest.raises(Invalid):
                getattr(identifiers, kind)(value[:place] + other + value[place + 1 :])


@pytest.mark.parametrize(
    "value", ["", "12", "7328293200007x", "73282932000074 1", "https://ror.org/"]
)
def test_what_has_not_the_shape_is_said(value):
    for kind in ("siret", "rnsr", "ror"):
        with pytest.raises(Invalid, match="shape"):
            getattr(identifiers, kind)(value)


def test_every_real_identifier_at_hand_passes():
    """On the ministry's own lists, where they are present beside the checkout."""
    if not ORGS.exists():
        return
    with (ORGS / "rnsr_public_research_structures_2022.csv").open(encoding="utf-8-sig") as file:
        numbers = [row["numero_national_de_structure"] for row in csv.DictReader(file)]
    assert [identifiers.rnsr(number) for number in numbers] == numbers
    name = "fr-esr-principaux-etablissements-enseignement-superieur.csv"
    with (ORGS / name).open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert all(identifiers.siret(row["siret"]) for row in rows if row["siret"])
    assert all(identifiers.ror(r) for row in rows for r in row["identifiant_ror"].split(";") if r)

"""The four registers: which columns say what. Each row becomes an Entry or a reason why not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from accounts import identifiers
from accounts.registers.entry import (
    BadLine,
    Entry,
    Line,
    checked,
    domain_of,
    identifier,
    key_of,
    said,
    several,
    valid_domains,
)
from accounts.registers.files import NotARegister, header_of, is_json, records_of, rows_of

Row = dict[str, Any]


def rnsr(row: Row, remarks: list[str]) -> Entry:
    """A public research structure of the national directory (RNSR), with its supervising bodies."""
    number = key_of(identifiers.rnsr, said(row, "numero_national_de_structure"))
    label = next((part for part in said(row, "label_numero").split(";") if part.strip()), "")
    return Entry(
        source="rnsr",
        key=number,
        name=said(row, "libelle"),
        short_name=said(row, "sigle"),
        other_names=several([label]),
        kind=said(row, "type_de_structure"),
        city=said(row, "commune"),
        rnsr=number,
        supervisors=several(said(row, "tutelles").split(";")),
        website=said(row, "site_web"),
    )


def esr(row: Row, remarks: list[str]) -> Entry:
    """A main institution of French higher education, of the ministry's list."""
    website = said(row, "url")
    acronym, short = said(row, "sigle"), said(row, "nom_court")
    return Entry(
        source="esr",
        key=said(row, "etablissement_id_paysage"),
        name=said(row, "uo_lib"),
        short_name=acronym or short,
        other_names=several([short, said(row, "uo_lib_officiel"), said(row, "uo_lib_en")]),
        kind=said(row, "type_d_etablissement"),
        city=said(row, "com_nom"),
        siret=identifier(identifiers.siret, said(row, "siret"), remarks),
        ror=identifier(identifiers.ror, said(row, "identifiant_ror"), remarks),
        domains=domain_of(website),
        website=website,
        is_closed=bool(said(row, "date_fermeture")),
    )


def domains(row: Row, remarks: list[str]) -> Entry:
    """A university and its mail domains, of the worldwide list of university domains."""
    found = valid_domains(_texts(row.get("domains")))
    if not found:
        raise BadLine("no domain")
    return Entry(
        source="domains",
        key=found[0][:60],
        name=said(row, "name"),
        country=said(row, "alpha_two_code").upper(),
        domains=found,
        website=next(iter(_texts(row.get("web_pages"))), ""),
    )


def ror(row: Row, remarks: list[str]) -> Entry:
    """An organisation of the Research Organization Registry, of a dump of either schema.

    Dumps until 2025 hold schema v1, or both; the same body gives the same entry by each, so that an
    import of the newer file changes only what the registry changed (ror.readme.io).
    """
    return _ror_v2(row) if "names" in row else _ror_v1(row)


def _ror_v1(row: Row) -> Entry:
    number = key_of(identifiers.ror, str(row.get("id") or ""))
    acronyms, links = _texts(row.get("acronyms")), _texts(row.get("links"))
    labels = [str(one.get("label") or "") for one in _records(row.get("labels"))]
    acronym = acronyms[0] if acronyms else ""
    name = str(row.get("name") or "")
    others = [*acronyms, *_texts(row.get("aliases")), *labels]
    places, website = _records(row.get("addresses")), next(iter(links), "")
    return Entry(
        source="ror",
        key=number,
        name=name,
        short_name=acronym[:60],
        other_names=several(one for one in others if one not in (name, acronym)),
        kind=_kinds(row),
        country=str(_record(row.get("country")).get("country_code") or ""),
        city=str(places[0].get("city") or "") if places else "",
        ror=number,
        domains=domain_of(website),
        supervisors=_parents(row),
        website=website,
        is_closed=row.get("status", "active") != "active",
    )


def _ror_v2(row: Row) -> Entry:
    number = key_of(identifiers.ror, str(row.get("id") or ""))
    names = [name for name in _records(row.get("names")) if isinstance(name.get("value"), str)]
    shown = next((n["value"] for n in names if "ror_display" in _texts(n.get("types"))), "")
    acronym = next((n["value"] for n in names if "acronym" in _texts(n.get("types"))), "")
    details = [_record(place.get("geonames_details")) for place in _records(row.get("locations"))]
    place = details[0] if details else {}
    links = _records(row.get("links"))
    website = next((str(x.get("value")) for x in links if x.get("type") == "website"), "")
    return Entry(
        source="ror",
        key=number,
        name=shown,
        short_name=acronym[:60],
        other_names=several(n["value"] for n in names if n["value"] not in (shown, acronym)),
        kind=_kinds(row),
        country=str(place.get("country_code") or ""),
        city=str(place.get("name") or ""),
        ror=number,
        domains=valid_domains(_texts(row.get("domains"))) or domain_of(website),
        supervisors=_parents(row),
        website=website,
        is_closed=row.get("status") != "active",
    )


FORMATS: dict[str, Callable[[Row, list[str]], Entry]] = {
    "rnsr": rnsr,
    "esr": esr,
    "ror": ror,
    "domains": domains,
}
# The columns by which a table is known for what it is.
KNOWN_BY = {"rnsr": "numero_national_de_structure", "esr": "etablissement_id_paysage"}


def format_of(path: Path) -> str:
    """Which register a file is of; raises NotARegister when it is none of them."""
    if is_json(path):
        first = next((row for _n, row in records_of(path)), None)
        if isinstance(first, dict):
            if "id" in first and ("names" in first or {"name", "types", "country"} <= set(first)):
                return "ror"
            if "domains" in first and "alpha_two_code" in first:
                return "domains"
        raise NotARegister("a JSON list of neither ROR (schemas v1 and v2) nor university domains")
    columns, _delimiter = header_of(path)
    for name, column in KNOWN_BY.items():
        if column in columns:
            return name
    raise NotARegister("neither a table of RNSR or of higher education, nor a JSON list")


def lines(path: Path, register: str) -> Iterator[Line]:
    """Read a file of a register, line by line; a line that cannot be taken says why and harms no other."""
    if is_json(path) != (register in ("ror", "domains")):
        raise NotARegister(f"this is not a file of the register “{register}”")
    if register in KNOWN_BY and KNOWN_BY[register] not in header_of(path)[0]:
        raise NotARegister(f"the column {KNOWN_BY[register]} is missing")
    rows = records_of(path) if register in ("ror", "domains") else rows_of(path)
    for number, row in rows:
        if isinstance(row, BadLine):
            yield Line(number, problem=str(row))
            continue
        remarks: list[str] = []
        try:
            entry = checked(FORMATS[register](row, remarks))
        except BadLine as bad:
            yield Line(number, problem=str(bad))
            continue
        yield Line(number, entry, remark="; ".join(remarks))


def _kinds(row: Row) -> str:
    """What the body is: capitalised in schema v1, in lower case in v2."""
    return ", ".join(one.lower() for one in _texts(row.get("types")))


def _parents(row: Row) -> tuple[str, ...]:
    related = _records(row.get("relationships"))
    return several(
        str(one.get("label") or "")
        for one in related
        if str(one.get("type") or "").lower() == "parent"
    )


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _records(value: Any) -> list[Row]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _record(value: Any) -> Row:
    return value if isinstance(value, dict) else {}

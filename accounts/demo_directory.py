"""Some bodies for the demonstration's directory, so that one is found by typing. All are invented."""

from accounts.registers.entry import Entry, Line
from accounts.services import directory

ENTRIES = (
    Entry(
        source="rnsr", key="209900011L", name="Unité mixte de recherche Estuaires et vasières",
        short_name="UMR Estuaires", kind="Unité mixte de recherche", city="Cayenne",
        rnsr="209900011L",
        supervisors=("Université de l’Estran", "Institut des rivages", "École des marées"),
    ),
    Entry(
        source="rnsr", key="209900027D", name="Laboratoire des glaciers tempérés",
        short_name="LGT", kind="Unité propre de recherche", city="Grenoble", rnsr="209900027D",
        supervisors=("Université des Deux-Vallées",), domains=("glaciers-temperes.example",),
    ),
    Entry(
        source="esr", key="0990001A", name="Université de l’Estran", short_name="UE",
        other_names=("Estran University",), kind="Université", city="Saint-Malo",
        domains=("univ-estran.example",),
    ),
    Entry(
        source="esr", key="0990002B", name="Université des Deux-Vallées", kind="Université",
        city="Chambéry", domains=("univ-deux-vallees.example",),
    ),
    Entry(
        source="domains", key="univ-mares.example", name="Universidade das Marés",
        country="PT", city="Faro", domains=("univ-mares.example",),
    ),
    Entry(
        source="domains", key="univ-saloum.example", name="Université du Saloum", country="SN",
        city="Kaolack", domains=("univ-saloum.example",),
    ),
)  # fmt: skip


def load() -> None:
    """Put them in the directory; again is nothing."""
    lines = (Line(number, entry) for number, entry in enumerate(ENTRIES, 1))
    directory.fill(lines, tell=_refuse)


def _refuse(line: Line) -> None:
    raise ValueError(line.problem or line.remark)

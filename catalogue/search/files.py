"""What a question asks of the files of a scene: their level, their bands, that they may be downloaded.

They are facts of products: a scene of which nothing was produced has none of them, and keeps to no such limit.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy

from catalogue.search.clauses import Clauses
from dinamis import geo

MOST = 100_000  # scenes of products that a search begins from; of more, the windows of time are as quick


class Level(StrEnum):
    """How far an image was brought towards a map: the levels of a product."""

    PRIMARY = "primary"
    PROJECTED = "projected"
    ORTHO = "ortho"
    MOSAIC = "mosaic"


class Bands(StrEnum):
    """How the bands of an image were put together."""

    PANCHROMATIC = "pan"
    MULTISPECTRAL = "ms"
    MERGED = "pms"


# How deliveries call each; what follows a dash says which four: PMS-N, PMS-X, MS-FS.
SPELT = {
    Bands.PANCHROMATIC: ("P", "PAN"),
    Bands.MULTISPECTRAL: ("MS", "XS"),
    Bands.MERGED: ("PMS",),
}
LEVEL_WORDS = {
    Level.PRIMARY: gettext_lazy("Primary, in the geometry of the sensor"),
    Level.PROJECTED: gettext_lazy("Projected at a constant height"),
    Level.ORTHO: gettext_lazy("Ortho-image"),
    Level.MOSAIC: gettext_lazy("Mosaic"),
}
BANDS_WORDS = {
    Bands.PANCHROMATIC: gettext_lazy("Panchromatic"),
    Bands.MULTISPECTRAL: gettext_lazy("Multispectral"),
    Bands.MERGED: gettext_lazy("Pansharpened: both merged"),
}

_CALLED = "split_part(p.spectral, '-', 1)"
_OPEN = "p.state = 'published' AND (p.embargo_until IS NULL OR p.embargo_until <= {today})"
_KIND = "CASE {called} {whens} END".format(
    called=_CALLED,
    whens=" ".join(
        f"WHEN '{spelt}' THEN '{kind}'" for kind, several in SPELT.items() for spelt in several
    ),
)
_WORDS = f"ARRAY[p.level::text, {_KIND}, p.level || ' ' || {_KIND}]"  # of one product: see `words`
# Of all products of a scene that anybody may have.
SQL_WORDS = """(SELECT array_agg(w.word) FROM catalogue_product p
 CROSS JOIN LATERAL unnest({words}) AS w(word)
 WHERE p.scene_id = s.id AND {open})""".replace("{words}", _WORDS).replace(
    "{open}", _OPEN.replace("{today}", "CURRENT_DATE")
)


def kind_of(spectral: str) -> Bands | None:
    """What the word of a delivery means; None for a radar's mode, and where nothing is said."""
    called = spectral.partition("-")[0]
    return next((kind for kind, several in SPELT.items() if called in several), None)


def words(level: str, spectral: str) -> list[str]:
    """What may be asked of one product: `["ortho", "pms", "ortho pms"]`."""
    kind = kind_of(spectral)
    return [level, kind.value, f"{level} {kind}"] if kind else [level]


def asked(levels: tuple[str, ...], bands: tuple[str, ...]) -> list[str]:
    """The words of which a scene must have one: of level and bands together, those of one product."""
    if levels and bands:
        return [f"{level} {kind}" for level in levels for kind in bands]
    return [*levels, *bands]


def conditions(question: Any, today: date) -> Clauses:
    """On `catalogue_product p`: what a product must keep for its scene to answer the question."""
    made = _open(today)
    if question.area is not None:
        made.add("ST_Intersects(p.footprint, %(area)s::geometry)", area=geo.to_ewkb(question.area))
    if question.levels:
        made.add("p.level = ANY(%(levels)s::varchar[])", levels=[*question.levels])
    if question.bands:
        spelt = [one for kind in question.bands for one in SPELT[Bands(kind)]]
        made.add(f"{_CALLED} = ANY(%(spectral)s::text[])", spectral=spelt)
    return made


def having(words: Sequence[Sequence[str]], today: date) -> Clauses:
    """On `catalogue_product p`: what one product at least keeps of a scene that has a word of each of these lists.

    Of several lists different products may have the words: only the first is asked.
    """
    made = _open(today)
    if words:
        made.add(f"{_WORDS} && %(words)s::text[]", words=[*words[0]])
    return made


def _open(today: date) -> Clauses:
    made = Clauses()
    made.add(_OPEN.replace("{today}", "%(today)s"), today=today)
    return made

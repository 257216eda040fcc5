"""Free text, for the workbench and for programs: which satellites, collections and images the words are written of."""

from collections.abc import Iterable

from catalogue.models import Collection, Identifier, Platform, Scene
from catalogue.search import texts
from catalogue.search.spoken import Spoken


def spoken(terms: tuple[str, ...]) -> Spoken:
    """One of the terms is in what is written of the collection or of the satellite, or names the image."""
    scenes = named(terms)
    kinds = Scene.objects.filter(pk__in=scenes).values_list("platform_id", "collection_id")
    return Spoken(
        platforms=tuple(
            row.code
            for row in Platform.objects.select_related("sensor")
            if texts.holds(terms, (row.code, row.name, row.family_name))
        ),
        collections=tuple(row.code for row in described(terms, Collection.objects.all())),
        scenes=tuple(scenes),
        kinds=frozenset(kinds) if scenes else frozenset(),
    )


def described(terms: tuple[str, ...], rows: Iterable[Collection]) -> list[Collection]:
    """The collections in whose words, French or English, one of the terms stands."""
    return [
        row
        for row in rows
        if texts.holds(
            terms,
            (
                row.code, row.title_fr, row.title_en, row.description_fr, row.description_en,
                row.credit,
            ),
        )
    ]  # fmt: skip


def named(names: tuple[str, ...]) -> list[int]:
    """The scenes that bear these names, or one of them: with or without DS_, in capitals or not."""
    written = Identifier.objects.written(*names).filter(scene__isnull=False)
    found = set(written.values_list("scene", flat=True))
    return sorted(found | set(Scene.objects.filter(item_id__in=names).values_list("pk", flat=True)))

"""What some words are written of: satellites, collections and single images, one of which a scene must be."""

from dataclasses import dataclass

from catalogue.search.clauses import Clauses


@dataclass(frozen=True, slots=True)
class Spoken:
    """Codes of satellites and of collections, numbers of scenes that bear one of the words as their name.

    `kinds` are satellite and collection of each of those scenes: elsewhere the walk need not look.
    """

    platforms: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    scenes: tuple[int, ...] = ()
    kinds: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_of_names(self) -> bool:
        """Single images at most: they are looked up by their numbers, whatever else there is."""
        return not self.platforms and not self.collections

    @property
    def is_nothing(self) -> bool:
        return self.is_of_names and not self.scenes

    def may_hold(self, platform: str, collection: str) -> bool:
        """Whether a scene of this satellite in this collection can be one of them."""
        return (
            platform in self.platforms
            or collection in self.collections
            or (platform, collection) in self.kinds
        )

    def conditions(self) -> Clauses:
        """On `catalogue_scene s`: of one kind alone an index leads to them, of several none does."""
        made = Clauses()
        found = [
            (f"s.{column} = ANY(%({name})s::{kind}[])", name, values)
            for column, name, kind, values in (
                ("collection_id", "q_collections", "varchar", self.collections),
                ("platform_id", "q_platforms", "varchar", self.platforms),
                ("id", "q_scenes", "bigint", self.scenes),
            )
            if values
        ]
        either = " OR ".join(text for text, _name, _values in found)
        made.add(f"({either or 'FALSE'})", **{name: [*values] for _text, name, values in found})
        return made

"""Which category of organisation may download the products of which licence: one table, pure."""

from accounts.eligibility import Category

# A delivered product is free to every member whose category stands here (design rule 5).
# European laboratories have Pléiades and no SPOT (domain.md, section 1); the open licence asks
# nothing, so it has no row: whoever is signed in may have its products.
OPEN_LICENCE = "open"
MAY_DOWNLOAD: dict[str, frozenset[str]] = {
    Category.PUBLIC_BODY: frozenset({"pleiades", "spot67"}),
    Category.RESEARCH: frozenset({"pleiades", "spot67"}),
    Category.ASSOCIATION: frozenset({"pleiades", "spot67"}),
    Category.CONTRACTOR: frozenset({"pleiades", "spot67"}),
    Category.PRIVATE_RD: frozenset({"pleiades", "spot67"}),
    Category.EUROPEAN_SCIENTIST: frozenset({"pleiades"}),
    Category.FOREIGN_SCIENTIST: frozenset({"pleiades"}),
}


def category_may_download(category: str, licence: str) -> bool:
    """True when members of this category may have products under this licence (its code)."""
    return licence == OPEN_LICENCE or licence in MAY_DOWNLOAD.get(category, frozenset())

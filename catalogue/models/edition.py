"""What raises the edition of the catalogue: see `catalogue.search.editions`, which reads it."""

import pgtrigger

SEQUENCE = "catalogue_edition"
# What search reads: a table that it reads more has this trigger too.
TABLES = ("catalogue_scene", "catalogue_product", "catalogue_platform", "catalogue_collection")


def raises_edition() -> pgtrigger.Trigger:
    """Before the first row of a statement that writes, whoever sends it: COPY and the bulk load too."""
    return pgtrigger.Trigger(
        name="raises_edition",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"PERFORM nextval('{SEQUENCE}'); RETURN NULL;",
    )

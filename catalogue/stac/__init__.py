"""STAC for every client: what is asked (pure), CQL2 as SQL by a whitelist, scenes as items. No model is imported."""

"""An organisation's webhooks: kept by its referents, told of what happens, called by workers."""

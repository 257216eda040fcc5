"""Lines at their suppliers: intents written down, calls made by workers, answers taken in."""

"""Files of footprints by the million: read by parts, every record judged alone. No model is imported."""

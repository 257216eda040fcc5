"""The dated rules of the scheme: read, changed, approved."""

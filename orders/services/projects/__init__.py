"""Projects from their first word to the publications."""

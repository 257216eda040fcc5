"""The lives of a membership and of an affiliation, as tables."""

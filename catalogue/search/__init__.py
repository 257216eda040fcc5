"""Searching the scenes: what is asked (pure), how the database is asked, what is answered."""

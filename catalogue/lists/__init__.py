"""Lists of archive scenes as suppliers' search pages export them: read without the database."""

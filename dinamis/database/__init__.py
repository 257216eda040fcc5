"""Django's PostGIS backend, whose connections are looked at, and not asked, before they are used again."""

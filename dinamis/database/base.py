"""The connection: see `is_usable`."""

import select

from django.contrib.gis.db.backends.postgis import base


class DatabaseWrapper(base.DatabaseWrapper):
    """One that PostgreSQL closed meanwhile is opened anew, without a statement to find that out.

    Django asks SELECT 1 at the beginning of each request: a tenth of what an item of the STAC API takes.
    """

    def is_usable(self) -> bool:
        """Between two requests PostgreSQL says nothing, except that it goes: then there is something to read."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or super().is_usable()

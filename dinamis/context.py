"""What the shell around every page needs: theme, menus, words for the scripts, the map's tiles."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from dinamis import navigation
from dinamis.browser_words import WORDS

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


class Shell:
    """Asked for only by templates that draw the shell; each part is worked out once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        if not hasattr(request, "user"):  # an answer given before the session was looked at
            request.user = AnonymousUser()

    @cached_property
    def theme(self) -> str:
        """The theme the reader chose, or "" to follow the system."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def main(self) -> list[navigation.Link]:
        return navigation.links(self._request, "main")

    @cached_property
    def account(self) -> list[navigation.Link]:
        return navigation.links(self._request, "account")

    @cached_property
    def desk(self) -> list[navigation.Link]:
        return navigation.links(self._request, "desk")

    @cached_property
    def organisation(self) -> list[navigation.Link]:
        return navigation.links(self._request, "organisation")

    @cached_property
    def foot(self) -> list[navigation.Link]:
        return navigation.links(self._request, "foot")

    @cached_property
    def search(self) -> navigation.Link | None:
        return next(iter(navigation.links(self._request, "search")), None)

    @cached_property
    def waiting(self) -> int:
        """How many things, over all menus, are this reader's to do."""
        return sum(link.count for link in self.main)

    @cached_property
    def bell(self) -> navigation.Link | None:
        """Where the reader's news stands, and how much of it is unread."""
        return next(iter(navigation.links(self._request, "bell")), None)

    @property
    def words(self) -> dict[str, object]:
        return WORDS

    @property
    def tiles_url(self) -> str:
        return settings.MAP_TILES_URL

    @property
    def tiles_attribution(self) -> str:
        return settings.MAP_TILES_ATTRIBUTION

    @property
    def demo(self) -> bool:
        return settings.DEMO


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give templates `shell`."""
    return {"shell": Shell(request)}

"""One person's browser without scripts: pages are read, their forms filled in and sent as they stand."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from lxml import html

PATIENCE = 60  # seconds for one answer


@dataclass(slots=True)
class Page:
    """A page as it was answered."""

    status: int
    path: str
    tree: html.HtmlElement

    def words(self, query: str) -> list[str]:
        """What the elements of a CSS-like XPath say, blanks brought together."""
        return [" ".join(one.text_content().split()) for one in self.tree.xpath(query)]

    def form(self, action: str, **kept: str) -> html.FormElement:
        """The form that is sent to an address ending so, with these values in it. Raises LookupError."""
        for form in self.tree.forms:
            there = urlsplit(form.action or "").path
            values = dict(form.form_values())
            if there.endswith(action) and kept.items() <= values.items():
                return form
        said = " ".join(self.tree.text_content().split())[:300]
        raise LookupError(f"{self.path} ({self.status}) has no form to {action}, {kept}: {said}")

    def has_form(self, action: str) -> bool:
        return any(urlsplit(one.action or "").path.endswith(action) for one in self.tree.forms)


@dataclass(slots=True)
class Visitor:
    """Somebody signed in, by the cookie of their session."""

    address: str
    session: str
    _own: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self._own.cookies.set("session", self.session)
        self._own.headers["Accept-Language"] = "en"

    def get(self, path: str) -> Page:
        return _page(self._own.get(self.address + path, timeout=PATIENCE))

    def send(self, form: html.FormElement, page: Page, **typed: Any) -> Page:
        """Send a form with what was typed beside what stands in it; follow to the page that answers."""
        values: dict[str, Any] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        values |= typed
        there = urlsplit(form.action or "").path or page.path
        return _page(self._own.post(self.address + there, data=values, timeout=PATIENCE))


def _page(answer: requests.Response) -> Page:
    return Page(answer.status_code, urlsplit(answer.url).path, html.fromstring(answer.content))

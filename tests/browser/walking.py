"""People of a journey: each has a browser of their own, in their language, and a mailbox."""

import re
from urllib.parse import urlsplit

from django.core import mail
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from dinamis import outbox
from dinamis.outbox import Promise
from tests import make
from tests.browser.axe import assert_accessible, stand_by
from tests.make import PASSWORD

PATIENCE = 20_000  # milliseconds
_LINK = re.compile(r"https?://\S+")


def work() -> int:
    """Keep promises until none is due, as a worker would; fail on one that could not be kept."""
    kept = 0
    while due := list(Promise.objects.claimable().order_by("pk").values_list("pk", flat=True)):
        kept += sum(outbox.keep(pk) for pk in due)
    broken = Promise.objects.filter(done_at=None).exclude(error="")
    assert not broken.exists(), [f"{promise}: {promise.error}" for promise in broken]
    return kept


def mails_to(address: str) -> list[mail.EmailMessage]:
    return [one for one in mail.outbox if address in one.recipients()]


def last_mail(address: str) -> mail.EmailMessage:
    """The newest mail to an address, once the worker has done what was promised."""
    work()
    assert mails_to(address), f"no mail to {address}"
    return mails_to(address)[-1]


def link_in(message: mail.EmailMessage, part: str) -> str:
    """The path of the first link of a mail that leads below `part`."""
    paths = [urlsplit(found.rstrip(".,)")).path for found in _LINK.findall(message.body)]
    return next(path for path in paths if path.startswith(part))


class Walker:
    """One person at one browser; buttons are named in English here and pressed in their language."""

    def __init__(self, visit: object, *, language: str, width: int = 1440, path: str = "/") -> None:
        self.language = language
        self.page: Page = visit(path, language=language, width=width)
        self.page.set_default_timeout(PATIENCE)
        stand_by(self.page)

    def word(self, english: str, **values: object) -> str:
        """The words of the page in this person's language."""
        with translation.override(self.language):
            return gettext(english) % values if values else gettext(english)

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer.ok, f"{path} answered {answer.status}"

    def fill(self, **fields: str) -> None:
        """Fill fields by name: text, choice or date."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name='{name}']").first
            if field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def button(self, english: str, *, within: Locator | None = None, **values: object) -> Locator:
        within = within or self.page.locator("main")
        return within.get_by_role("button", name=self.word(english, **values))

    def press(self, english: str, *, within: Locator | None = None) -> None:
        self.button(english, within=within).first.click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def sign_in(self, email: str) -> None:
        self.go("/accounts/login/")
        self.fill(login=email, password=PASSWORD)
        self.page.locator("main form[action*=login] button[type=submit]").first.click()
        expect(self.page.locator("main [name=password]")).to_have_count(0)
        if self.page.locator("main [name=code]").count():
            self.fill(code=make.code(User.objects.get(email=email)))
            self.page.locator("main form[action*=authenticate] button[type=submit]").first.click()
            expect(self.page.locator("main [name=code]")).to_have_count(0)
        self.speak()

    def speak(self) -> None:
        """Switch the page to this person's language, where the account was made in the other one."""
        if self.page.locator("html").get_attribute("lang") == self.language:
            return
        if self.page.viewport_size["width"] < 700:
            self.page.locator("header [popovertarget=menu]").click()
        self.page.locator(f"header .lang[value={self.language}]:visible").click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def check(self) -> None:
        """The page as it stands is clean for screen readers and as wide as the window."""
        assert_accessible(self.page)
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{self.page.url} is {over} px too wide"

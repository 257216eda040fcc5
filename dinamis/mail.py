"""One way to write a mail: a template, one button, HTML for every reader and plain text that says as much.

A mail template extends `layout` (given) and fills the blocks subject, preview, turn, title, body, action,
after and why. `action_url` and `facts` (pairs) come from the context. It is rendered three times, for the
subject, for MJML and for the text, so the three can never tell different things.
"""

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

Attachment = tuple[str, bytes, str]  # file name, content, media type


def render(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str, str]:
    """Return subject, plain text and HTML of `templates/email/<template>.html` in a language."""
    with translation.override(language):
        subject = _fill(template, "email/subject.txt", context, language)
        text = _fill(template, "email/base.txt", context, language)
        mjml = _fill(template, "email/base.mjml", context, language)
    subject = " ".join(_plain(subject, language).split())
    return subject, _plain(text, language), mrml.to_html(mjml).content


def message(
    to: str | Sequence[str],
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """Return the mail, unsent. Out-of-office robots are asked not to answer."""
    subject, text, html = render(template, context, language)
    mail = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [to] if isinstance(to, str) else list(to),
        headers={"Auto-Submitted": "auto-generated", "Content-Language": language}
        | dict(headers or {}),
    )
    mail.attach_alternative(html, "text/html")
    for name, content, kind in attachments:
        mail.attach(name, content, kind)
    return mail


def send(
    to: str | Sequence[str],
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a mail now. Called from tasks only: a server of mail may take seconds or refuse.

    An address of the domain that reaches nobody (RFC 2606), as an erased person has, is left alone.
    """
    if isinstance(to, str) and to.endswith(".invalid"):
        return
    message(to, template, context, language, attachments=attachments, headers=headers).send()


def _fill(template: str, layout: str, context: Mapping[str, Any], language: str) -> str:
    own = {"layout": layout, "language": language, "site_url": settings.SITE_URL}
    return render_to_string(f"email/{template}.html", {**context, **own})


class _Plain(HTMLParser):
    """Turns the few tags of a mail into lines; a link keeps its address after its words."""

    def __init__(self, colon: str) -> None:
        super().__init__(convert_charrefs=True)
        self.colon = colon
        self.parts: list[str] = []
        self.address = ""
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.address, self.words = dict(attrs).get("href") or "", ""
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("p", "h1", "ul", "div"):
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.address and self.address != self.words.strip():
            self.parts.append(f"{self.colon} {self.address}")
        elif tag in ("p", "h1", "ul", "div"):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.words += data
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def _plain(html: str, language: str) -> str:
    parser = _Plain("\u00a0:" if language.startswith("fr") else ":")
    parser.feed(html)
    parser.close()
    lines = [line.strip(" ") for line in "".join(parser.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

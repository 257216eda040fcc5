"""Mail about what time or another person did to somebody's rights, sent by tasks."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation

from accounts.emails import api_keys
from accounts.emails.message import TEMPLATE, Message
from accounts.models import ApiKey
from dinamis.mail import send


def key_expires(key: ApiKey) -> None:
    """Say that a key stops soon, unless it does not work any more."""
    if key.is_living:
        _to([key.user], lambda person: api_keys.expires(key))


def key_revoked(key: ApiKey) -> None:
    _to([key.user], lambda person: api_keys.revoked(key))


def _to(people: Iterable[Any], write: Callable[[Any], Message]) -> None:
    """Write to each person in their own language."""
    for person in people:
        with translation.override(person.language):
            _send(write(person))


def _send(message: Message) -> None:
    send(message.to, TEMPLATE, message.context, message.language, attachments=message.attachments)

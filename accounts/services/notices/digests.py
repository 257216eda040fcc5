"""Digests: what waits for a person, in one mail of the morning, a day or a week; never an empty one."""

from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import families
from accounts.families import Channel
from accounts.models import Digest, Notice
from accounts.services.notices.choices import stop_token
from dinamis import mail
from dinamis.outbox import after_commit

TEMPLATE = "accounts/digest"
MONDAY = 0
MOST = 60  # told one by one; the rest is a number


def promise(today: date | None = None) -> int:
    """Promise the digests of a morning, the weekly ones on Mondays; return how many are new.

    Each has its row before its mail, so that a clock which ticks twice promises once. What is told in
    the course of the day waits for the next morning. A Monday without workers is made up for within
    the week.
    """
    today = today or timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    return _promise(Channel.DAILY, today) + _promise(Channel.WEEKLY, monday)


def send(digest: Digest) -> int:
    """Mail one digest; return how many notices it gathers, 0 when all were read or it has left."""
    person = digest.user
    if digest.sent_at or not person.is_active:
        return 0
    _gather(digest)
    rows = list(digest.notices.unread().order_by("family", "-made_at", "-pk"))
    if not rows:
        return 0
    with translation.override(person.language):
        context = _context(digest, rows)
        stop = settings.SITE_URL + reverse("notices_stop", args=[stop_token(person, digest.kind)])
        mail.send(
            person.email,
            TEMPLATE,
            context | {"stop_url": stop},
            person.language,
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
    _note(digest)
    return len(rows)


def _promise(kind: str, on: date) -> int:
    waiting = Notice.objects.to_gather(kind, until=on - timedelta(days=1)).filter(
        person__is_active=True
    )
    made = 0
    for pk in waiting.order_by("person").values_list("person", flat=True).distinct():
        with transaction.atomic():
            digest, is_new = Digest.objects.get_or_create(user_id=pk, kind=kind, on=on)
            if is_new:
                after_commit("accounts.tasks.send_digest", digest.pk)
                made += 1
    return made


@transaction.atomic
def _gather(digest: Digest) -> None:
    """Take what waits: also what a digest of another day, that never left, had gathered."""
    Digest.objects.select_for_update(no_key=True).get(pk=digest.pk)
    waiting = Notice.objects.to_gather(digest.kind, until=digest.on - timedelta(days=1))
    waiting.filter(person=digest.user).update(digest=digest)


@transaction.atomic
def _note(digest: Digest) -> None:
    now = timezone.now()
    digest.notices.filter(mailed_at=None).update(mailed_at=now)
    Digest.objects.filter(pk=digest.pk).update(sent_at=now)


def _context(digest: Digest, rows: list[Notice]) -> dict[str, object]:
    count = len(rows)
    order = {one.code: rank for rank, one in enumerate(families.every())}
    told = sorted(rows[:MOST], key=lambda one: order.get(one.family, len(order)))
    said = (
        ngettext("%(count)s piece of news of the day", "%(count)s pieces of news of the day", count)
        if digest.kind == Channel.DAILY
        else ngettext(
            "%(count)s piece of news of the week", "%(count)s pieces of news of the week", count
        )
    )
    return {
        "subject": said % {"count": count},
        "groups": [
            (families.name_of(family), [_line(one) for one in some])
            for family, some in groupby(told, key=lambda one: one.family)
        ],
        "more": max(0, count - MOST),
        "action_url": settings.SITE_URL + reverse("notices"),
        "choices_url": settings.SITE_URL + reverse("notice_choices"),
        "why": _("You receive this mail because you chose to be told so."),
    }


def _line(notice: Notice) -> dict[str, str]:
    url = f"{settings.SITE_URL}{notice.path}" if notice.path else ""
    return {"title": notice.title, "text": notice.text, "url": url}

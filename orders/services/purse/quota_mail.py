"""One way to send a mail about the quota: to each addressee once per subject, whatever is run twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation

from accounts.models import Affiliation, Duty, Organisation, User
from dinamis import mail
from orders.models import QuotaNotice

TEMPLATE = "quota"


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, in the language that is active when it is made."""

    subject: str
    paragraphs: list[str]
    label: str
    url: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""
    is_theirs: bool = False


def quota_administrators(*, but: User | None = None) -> list[User]:
    """Everybody who holds the duty now."""
    holders = Duty.objects.current().filter(kind=Duty.Kind.QUOTA_ADMINISTRATOR)
    people = User.objects.filter(pk__in=holders.values("user"), is_active=True).order_by("pk")
    return list(people.exclude(pk=but.pk) if but else people)


def referents(organisation: Organisation | int | str) -> list[User]:
    """The referents in force of one organisation."""
    key = organisation.pk if isinstance(organisation, Organisation) else organisation
    led = Affiliation.objects.in_force().filter(organisation=key, is_referent=True)
    return [one.user for one in led.select_related("user").order_by("user")]


def send(subject: str, people: Iterable[User], words: Callable[[User], Words]) -> int:
    """Tell each person once; return how many mails went."""
    sent = 0
    for person in people:
        addressee = f"user:{person.pk}"
        if QuotaNotice.objects.filter(subject=subject, addressee=addressee).exists():
            continue
        with translation.override(person.language):
            said = words(person)
        context = {
            "subject": said.subject,
            "paragraphs": said.paragraphs,
            "label": said.label,
            "facts": said.facts,
            "reason": said.reason,
            "is_theirs": said.is_theirs,
            "action_url": settings.SITE_URL + said.url,
        }
        mail.send(person.email, TEMPLATE, context, person.language)
        QuotaNotice.objects.create(subject=subject, addressee=addressee)
        sent += 1
    return sent

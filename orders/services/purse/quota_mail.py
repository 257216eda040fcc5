"""One way to send a mail about the quota: to each addressee once per subject, whatever is run twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils import translation

from accounts.emails.message import Message
from accounts.models import Affiliation, Duty, Organisation, User
from accounts.services.notices import telling

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
    """Tell each person once; return how many were told by this call."""
    told = 0
    for person in people:
        with translation.override(person.language):
            message = _message(person, words(person))
        told += telling.tell([message], key=f"quota:{subject}", family="quota")
    return told


def _message(person: User, said: Words) -> Message:
    return Message(
        to=person.email,
        language=person.language,
        subject=said.subject,
        paragraphs=tuple(said.paragraphs),
        label=said.label,
        path=said.url,
        facts=tuple(said.facts),
        reason=said.reason,
        template=TEMPLATE,
        more={"is_theirs": said.is_theirs},
    )

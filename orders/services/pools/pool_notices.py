"""Mail about pools, sent by a task: to the members' referents, and to who asked for a draw."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails.message import Message
from accounts.models import Affiliation
from accounts.services.notices import telling
from orders.models import PoolEvent
from orders.services.pools import pools

# (life, step) → who is told, and the subject.
TOLD = {
    ("pool", "reach"): ("members", gettext_lazy("Reached: the pool %(title)s")),
    ("pool", "fall_short"): ("members", gettext_lazy("Not reached: the pool %(title)s")),
    ("pool", "cancel"): ("members", gettext_lazy("Cancelled: the pool %(title)s")),
    ("draw", "ask"): ("deciders", gettext_lazy("To decide: a draw on the pool %(title)s")),
    ("draw", "grant"): ("requester", gettext_lazy("You may draw on the pool %(title)s")),
    ("draw", "refuse"): ("requester", gettext_lazy("No draw on the pool %(title)s")),
}


def tell(event: PoolEvent) -> int:
    """Send what a step gives to tell; return how many mails went."""
    if (event.life, event.step) not in TOLD:
        return 0
    who, subject = TOLD[event.life, event.step]
    people = _people(event, who)
    for to, language in people:
        with translation.override(language):
            message = Message(
                to=to,
                language=language,
                subject=str(subject) % {"title": event.pool.title},
                paragraphs=(event.pool.aim,),
                reason=event.reason,
                why=_("You receive this mail because your organisation takes part in a pool."),
                label=_("See the pool"),
                path=reverse("pool", args=[event.pool_id]),
            )
            telling.tell([message], key=f"pool:{event.pk}", family="quota")
    return len(people)


def _people(event: PoolEvent, who: str) -> list[tuple[str, str]]:
    pool = event.pool
    if event.step == "grant" and pool.rule == pool.Rule.SHARE:
        return []  # granted as it was asked: the requester has seen it
    if who == "requester":
        person = event.draw.line.order.requester
        return [(person.email, person.language)]
    if who == "deciders" and pool.rule == pool.Rule.SHARE:
        return []
    told = {pool.keeper_id}
    if who == "members" or pool.rule == pool.Rule.VOTE:
        told |= set(pool.pledges.values_list("organisation", flat=True))
        told |= {one.pk for one in pools.members(pool)}
    led = Affiliation.objects.in_force().filter(organisation__in=told, is_referent=True)
    return sorted({(one.user.email, one.user.language) for one in led.select_related("user")})

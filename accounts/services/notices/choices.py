"""How a person wants to be told: one way for each family of news."""

from collections.abc import Mapping

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import families
from accounts.families import Channel, Family
from accounts.models import NoticeChoice, User
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed

GATHERED = (Channel.DAILY, Channel.WEEKLY)
_SALT = "accounts.notices.stop"


def chosen(user: User) -> list[tuple[Family, str]]:
    """Every family with the way it comes to this person."""
    own = dict(NoticeChoice.objects.filter(user=user).values_list("family", "channel"))
    return [
        (one, Channel.MAIL if one.why_fixed else own.get(one.code, one.usual))
        for one in families.every()
    ]


@transaction.atomic
def choose(user: User, ways: Mapping[str, str], *, by: Actor) -> int:
    """Keep the ways chosen; return how many differ from before. What is left out stays as it is.

    Raises NotAllowed for somebody else's, Invalid for a family that cannot be chosen or no such way.
    """
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person chooses this."))
    open_ones = {one.code for one in families.every() if not one.why_fixed}
    if set(ways) - open_ones or set(ways.values()) - set(Channel.values):
        raise Invalid("no_such_choice", _("This cannot be chosen."), field="family")
    before = {one.code: way for one, way in chosen(user)}
    for family, way in ways.items():
        NoticeChoice.objects.update_or_create(user=user, family=family, defaults={"channel": way})
    return sum(before[family] != way for family, way in ways.items())


def stop_token(user: User, kind: str) -> str:
    """What the address for leaving a digest carries: signed, for that digest of that person alone."""
    return signing.dumps([user.pk, kind], salt=_SALT)


def of_token(token: str) -> tuple[User, str]:
    """The person and the digest that a token stands for; raises Gone for one that is none of ours."""
    try:
        pk, kind = signing.loads(token, salt=_SALT)
        return User.objects.get(pk=pk, is_active=True), Channel(kind)
    except (signing.BadSignature, User.DoesNotExist, ValueError) as error:
        raise Gone("link_unknown", _("This link leads nowhere any more.")) from error


@transaction.atomic
def stop(token: str) -> int:
    """Leave a digest: what it gathered stays on the site alone. Return how many families were; twice is once.

    Whoever holds the mail may, without signing in (RFC 8058): it only makes things quieter.
    """
    user, kind = of_token(token)
    gathered = [one.code for one, way in chosen(user) if way == kind]
    for family in gathered:
        NoticeChoice.objects.update_or_create(
            user=user, family=family, defaults={"channel": Channel.LIST}
        )
    return len(gathered)

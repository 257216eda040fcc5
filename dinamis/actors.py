"""Who did it: a user, the person behind a mailed link, or a named part of the system."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Actor:
    """The `by` of every service: `Actor.of(user)`, `Actor.through(link)`, `Actor.system(name)`."""

    user: Any = None
    link: Any = None
    part: str = ""

    def __post_init__(self) -> None:
        if [self.user is not None, self.link is not None, bool(self.part)].count(True) != 1:
            raise ValueError("an actor is a user, a mailed link or a part of the system")

    @classmethod
    def of(cls, user: Any) -> "Actor":
        return cls(user=user)

    @classmethod
    def through(cls, link: Any) -> "Actor":
        return cls(link=link)

    @classmethod
    def system(cls, part: str) -> "Actor":
        return cls(part=part)

    @property
    def key(self) -> str:
        """A stable name for this actor, such as `user:12`."""
        if self.user is not None:
            return f"user:{self.user.pk}"
        return f"link:{self.link.pk}" if self.link is not None else f"system:{self.part}"

    def columns(self) -> dict[str, Any]:
        """The three columns of `ActedBy`, ready for `objects.create(**…)`."""
        return {"by_user": self.user, "by_link": self.link, "by_part": self.part}


class ActedBy(models.Model):
    """A row that says who wrote it: exactly one of a user, a mailed link, a part of the system."""

    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_link = models.ForeignKey(
        "accounts.MailedLink", models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_part = models.CharField(gettext_lazy("part of the system"), max_length=40, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(by_user__isnull=False, by_link=None, by_part="")
                | Q(by_user=None, by_link__isnull=False, by_part="")
                | Q(Q(by_user=None, by_link=None), ~Q(by_part="")),
                name="%(app_label)s_%(class)s_has_one_actor",
            )
        ]

    @property
    def by_name(self) -> str:
        """Who did it, in words for a reader."""
        if self.by_user_id:
            return str(self.by_user)
        return str(self.by_link) if self.by_link_id else _("DINAMIS, by itself")

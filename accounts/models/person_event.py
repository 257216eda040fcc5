"""The history of an account: what was changed about it, and by whom."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy


class PersonEvent(ActedBy):
    """One thing done to one account; `about` names it (a key's name), never a value. Only ever added."""

    class Kind(models.TextChoices):
        PROFILE = "profile", _("profile changed")
        KEY_MADE = "key_made", _("API key made")
        KEY_REVOKED = "key_revoked", _("API key revoked")
        DATA_ASKED = "data_asked", _("copy of the personal data asked for")
        DATA_TAKEN = "data_taken", _("copy of the personal data taken")
        ERASED = "erased", _("person erased")
        IDENTITY_ADDED = "identity_added", _("outside identity added")
        IDENTITY_REMOVED = "identity_removed", _("outside identity taken off")
        CALENDAR_MADE = "calendar_made", _("address of the calendar made")
        CALENDAR_STOPPED = "calendar_stopped", _("address of the calendar withdrawn")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="events", verbose_name=_("person")
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    about = models.CharField(_("about"), max_length=80, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a person")
        verbose_name_plural = _("events of people")
        indexes = [models.Index(fields=["user", "-at"], name="person_event_by_person")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

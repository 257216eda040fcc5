"""The answers to "may I give this to …?": one row for each licence and each receiver, editable."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.licence import Licence


class LicenceAnswer(models.Model):
    """What a licence says of handing its products to somebody; the sentence is read as it is written."""

    class Receiver(models.TextChoices):
        ORGANISATION = "organisation", _("a colleague of my organisation")
        MEMBER = "member", _("another member of DINAMIS")
        PUBLIC_ACTOR = "public_actor", _("a public actor that is not a member")
        CONTRACTOR = "contractor", _("a contractor of a public order")
        FOREIGN_PARTNER = "foreign_partner", _("a foreign partner")
        PUBLICATION = "publication", _("readers of a publication")
        PUBLIC = "public", _("everybody")

    class Verdict(models.TextChoices):
        YES = "yes", _("Yes")
        WITH_SIGNATURE = "with_signature", _("Yes, once they have signed")
        NO = "no", _("No")

    licence = models.ForeignKey(
        Licence, models.CASCADE, related_name="answers", verbose_name=_("licence")
    )
    receiver = models.CharField(_("to whom"), max_length=20, choices=Receiver)
    verdict = models.CharField(_("answer"), max_length=20, choices=Verdict)
    sentence_fr = models.CharField(_("sentence in French"), max_length=400)
    sentence_en = models.CharField(_("sentence in English"), max_length=400)

    class Meta:
        ordering = ["licence", "pk"]
        verbose_name = _("answer of a licence")
        verbose_name_plural = _("answers of licences")
        constraints = [
            models.UniqueConstraint(fields=["licence", "receiver"], name="licence_answers_once")
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}, {self.get_receiver_display()}: {self.get_verdict_display()}"

    @property
    def sentence(self) -> str:
        """The conditions, in the reader's language."""
        return self.sentence_fr if (get_language() or "").startswith("fr") else self.sentence_en

    @property
    def kind(self) -> str:
        """The badge: done, you (something to do first) or bad."""
        return {"yes": "done", "with_signature": "off", "no": "bad"}[self.verdict]

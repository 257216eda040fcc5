"""The mails of a product passed on: to the receiver who signs, to the giver, and when it is over."""

from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words
from accounts.models import MailedLink
from catalogue.models import Passing, PassingEvent
from dinamis.formats import day


def asked(passing: Passing, link: MailedLink, path: str) -> Message:
    """To the receiver: read the licence and sign it, without an account."""
    names = {"giver": passing.organisation.name, "licence": passing.product.licence.name}
    return Message(
        to=link.email,
        language=link.language,
        subject=_("Your turn: sign the licence of an image that %(giver)s passes on to you")
        % names,
        paragraphs=(
            _(
                "%(giver)s wishes to hand you a satellite image under the licence “%(licence)s”. "
                "You read it and sign it: one page, no account."
            )
            % names,
            _("The files then come from %(giver)s, not from DINAMIS.") % names,
        ),
        facts=facts(passing),
        why=_("You receive this mail because %(giver)s gave DINAMIS your address for this.")
        % names,
        label=_("Read and sign"),
        path=path,
        **link_words(link),
    )


def signed(event: PassingEvent) -> Message:
    """To the giver: the files may be handed over now."""
    passing = event.passing
    names = {"name": passing.name, "body": passing.body}
    return Message(
        to=passing.by_user.email,
        language=passing.by_user.language,
        subject=_("%(name)s has signed: you may hand the image over") % names,
        paragraphs=(
            _("%(name)s, %(body)s, signed the licence for this product.") % names,
            _("You hand the files over yourself, with their LICENCE.json."),
        ),
        facts=facts(passing),
        why=_("You receive this mail because you passed this product on."),
        label=_("The product"),
        path=passing.product.get_absolute_url(),
    )


def over(event: PassingEvent) -> Message:
    """To the receiver: it was taken back, or the public order is over."""
    passing = event.passing
    if event.step == "end":
        sentence = _("The public order inside which you received this image is over.")
    else:
        sentence = _("%(giver)s takes back the image it passed on to you.") % {
            "giver": passing.organisation.name
        }
    return Message(
        to=passing.email,
        language=passing.language,
        subject=_("Please delete the image you received from %(giver)s")
        % {"giver": passing.organisation.name},
        paragraphs=(
            sentence,
            _("Delete the files and every copy; figures already published stay."),
        ),
        facts=facts(passing),
        reason=event.reason,
        turn=_("Your turn: delete the files."),
        why=_("You receive this mail because this image was passed on to you."),
    )


def facts(passing: Passing) -> tuple[tuple[str, str], ...]:
    """What was passed on, in a few lines."""
    scene = passing.product.scene
    lines = [
        (_("Image"), f"{scene.platform.name} · {day(scene.datetime)}"),
        (_("Use"), passing.use),
    ]
    if passing.ends_on:
        until = _("%(reference)s, until %(day)s") % {
            "reference": passing.order_reference,
            "day": day(passing.ends_on),
        }
        lines.append((_("Public order"), until))
    return tuple(lines)

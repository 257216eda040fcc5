"""The mails about a person's own data: the copy that is ready, where others' data came from."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import DataExport
from dinamis.formats import day


def copy_is_ready(export: DataExport) -> Message:
    """Where the copy waits. The link opens a page behind the log-in, never the file."""
    return Message(
        to=export.user.email,
        language=export.user.language,
        subject=_("The copy of your data is ready"),
        paragraphs=(
            _("It waits in your account until %(day)s. You will be asked for your password.")
            % {"day": day(export.expires_at)},
            _("If you did not ask for it, change your password."),
        ),
        label=_("Take the copy"),
        path=reverse("data"),
    )


def origin() -> tuple[str, str]:
    """For somebody whom another person named: where the data came from, who holds it, how to object."""
    return (
        _(
            "Your name and address were given to DINAMIS by the person who filled in the form or "
            "invited you, for this purpose alone."
        ),
        _(
            "DINAMIS, a service of Data Terra, keeps them while the matter lives and %(days)s days "
            "after its end. Rights and details: %(page)s. To object: %(email)s."
        )
        % {
            "days": settings.RETENTION["dossiers"].days,
            "page": f"{settings.SITE_URL}{reverse('privacy')}",
            "email": settings.PRIVACY_EMAIL,
        },
    )

"""A person's copy of their data: asked for, made by a worker, taken by the person alone, thrown away."""

import hashlib
import io
import json
import secrets
import zipfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.emails.people import copy_is_ready
from accounts.models import DataExport, MailedLink, Membership, PersonEvent, User
from accounts.services.notices.telling import tell as tell_once
from accounts.services.people import people
from dinamis import personal_rows
from dinamis.actors import Actor
from dinamis.errors import Gone, NotAllowed, NotNow
from dinamis.outbox import after_commit
from dinamis.sending import Sent

A_DAY = 3  # copies that one person may ask for in a day


@transaction.atomic
def ask(user: User, *, by: Actor) -> DataExport:
    """Promise a copy; asked again while one is being made, it is that one.

    Raises NotAllowed for somebody else's, NotNow past three a day.
    """
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person asks for this copy."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    making = DataExport.objects.filter(user=user, ready_at=None).first()
    if making:
        # Harmless while a worker is at it; needed when one gave up.
        after_commit("accounts.tasks.make_export", making.pk)
        return making
    today = DataExport.objects.filter(user=user, asked_at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= A_DAY:
        raise NotNow("copies_enough", _("Three copies a day are the limit: come back tomorrow."))
    export = DataExport.objects.create(user=user)
    people.note(user, PersonEvent.Kind.DATA_ASKED, by=by)
    after_commit("accounts.tasks.make_export", export.pk)
    return export


def make(export: DataExport) -> None:
    """Write the copy, then promise the mail that says where it is. Twice is once.

    The file's name is committed before the file is written: a worker that dies between the two, or
    whose person is erased meanwhile, leaves no file that nobody knows of.
    """
    if export.ready_at or export.user.erased_at:
        return
    name = export.storage_name or f"exports/{secrets.token_hex(16)}.zip"
    waiting = DataExport.objects.filter(pk=export.pk, ready_at=None, expires_at=None)
    if not waiting.update(storage_name=name):
        return
    content = archive_of(export.user)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
    if not _is_ready(waiting, content):
        default_storage.delete(name)


@transaction.atomic
def _is_ready(waiting: QuerySet[DataExport], content: bytes) -> bool:
    """Note the copy as ready and promise the mail; False when its person was erased meanwhile."""
    now = timezone.now()
    pks = list(waiting.values_list("pk", flat=True))
    ready = waiting.update(
        ready_at=now,
        expires_at=now + settings.RETENTION["exports"],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    if ready:
        after_commit("accounts.tasks.tell_export", pks[0])
    return bool(ready)


def tell(export: DataExport) -> None:
    """Mail the person that the copy is ready; the mail carries no key to it."""
    with translation.override(export.user.language):
        tell_once([copy_is_ready(export)], key=f"export:{export.pk}", family="account")


@transaction.atomic
def take(export: DataExport, *, by: Actor, is_read: bool = True) -> Sent:
    """The copy, to be sent to its person; raises NotAllowed for another, Gone once it has expired."""
    if by.user != export.user:
        raise NotAllowed("not_yours", _("Only the person takes this copy."))
    if not export.ready_at or not DataExport.objects.living().filter(pk=export.pk).exists():
        raise Gone("copy_gone", _("This copy has expired: ask for another."))
    if is_read:  # a HEAD only looks
        people.note(export.user, PersonEvent.Kind.DATA_TAKEN, by=by)
    return Sent(export.storage_name, f"dinamis-{export.pk}.zip", export.size, export.sha256)


def archive_of(user: User) -> bytes:
    """A ZIP: data.json, by table and field, and a page in French and in English that explains it."""
    content = {
        "person": {"name": user.full_name, "email": user.email},
        "made_at": timezone.now(),
        "tables": personal_rows.copied(user),
        "named_in": named_in(user),
    }
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", text)
        for language, name in (("fr", "LISEZMOI.txt"), ("en", "README.txt")):
            with translation.override(language):
                archive.writestr(name, _readme())
    return packed.getvalue()


def named_in(user: User) -> list[dict[str, Any]]:
    """Dossiers and mails that name the person by their address, without the others they name."""
    dossiers = Membership.objects.all()
    found = [
        {"in": "membership", "reference": one.reference, "as": role, "name": getattr(one, name)}
        for role, name in (("referent", "referent_name"), ("legal", "legal_name"))
        for one in dossiers.filter(**{f"{role}_email__iexact": user.email}).order_by("pk")
    ]
    links = MailedLink.objects.filter(email__iexact=user.email).order_by("pk")
    return found + [
        {"in": "mailed link", "for": one.purpose, "name": one.name, "made_at": one.made_at}
        for one in links
    ]


def forget(most: int) -> int:
    """Throw away copies that have expired; the row stays, and says that one was asked for."""
    over = DataExport.objects.filter(expires_at__lte=timezone.now()).exclude(storage_name="")
    some = list(over.order_by("pk").values_list("pk", "storage_name")[:most])
    # The file first: a worker that dies between the two finds the row again.
    for _pk, name in some:
        default_storage.delete(name)
    return DataExport.objects.filter(pk__in=[pk for pk, _name in some]).update(storage_name="")


def _readme() -> str:
    return "\n\n".join(
        (
            _("Your data at DINAMIS"),
            _("data.json holds everything that DINAMIS keeps of you, by table and by field."),
            _(
                "Passwords and keys are not in it: only their digests are kept, and they open nothing."
            ),
            _("What each field is for, and how long it is kept: %(page)s.")
            % {"page": f"{settings.SITE_URL}{reverse('privacy')}"},
            _("To ask, to correct or to object: %(email)s.") % {"email": settings.PRIVACY_EMAIL},
        )
    )

"""Downloads: who may take which file now, what was taken under which signature, links for programs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiKey, Licence, Signature, User
from accounts.services.licences import licences
from catalogue.models import Download, Product, ProductFile, StatedUse
from catalogue.policies import check_may_download
from catalogue.services import uses
from dinamis.errors import Gone, NotAllowed, NotFound, NotNow, Refused, WayOn
from dinamis.sending import file_name

SALT = "catalogue.download"
# The parts of one download, broken and resumed, fall within a day.
SAME_DOWNLOAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """A bearer link to one file, and the instant at which it stops."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a link says, checked: who it was made for, the file it opens, under which signature, for what."""

    user: User
    file: ProductFile
    signature: Signature | None
    use: StatedUse | None


def check(user: Any, product: Product) -> Signature | None:
    """Return the signature under which this person may have the files; None where none is needed.

    Raises Gone (product_withdrawn), NotAllowed (sign_in_to_download, account_closed,
    no_active_affiliation, category_may_not_download), NotNow (licence_not_signed, with the way to
    the page that signs).
    """
    if product.state != Product.State.PUBLISHED:
        raise withdrawn(product)
    check_may_download(user, product)
    if not user.is_active:
        raise NotAllowed("account_closed", _("This account is closed."))
    if not _is_signed_by_people(product.licence):
        return None
    signature = signature_of(user, product)
    if signature is None:
        raise _not_signed(product)
    return signature


def signature_of(user: Any, product: Product) -> Signature | None:
    """The signature of this person that counts for this product, or None."""
    return licences.signature_of(user, product.licence_id, subject=_subject(product))


def sign_url(product: Product) -> str:
    """The page that signs the product's licence, and then leads back to the product."""
    back = product.get_absolute_url()
    return licences.sign_url(product.licence_id, subject=_subject(product), then=back)


def check_taking(
    user: Any, product: Product, *, bearer: Bearer | None = None
) -> tuple[Signature | None, StatedUse | None]:
    """Return signature and statement under which this person takes the files now.

    `bearer` is the link that was opened for it, and so checked, a moment ago. Raises what `check` raises, and
    NotNow (use_not_said).
    """
    signature, use = (
        (bearer.signature, bearer.use) if bearer is not None else (check(user, product), None)
    )
    return signature, use if use and uses.is_asked(product) else uses.check(user, product)


def check_sound(product: Product, file: ProductFile | None = None) -> None:
    """Raise NotNow (file_damaged) where this file, or any of the product's without one, is damaged."""
    bad = product.files.damaged().filter(pk=file.pk) if file else product.files.damaged()
    found = bad.first()
    if found is not None:
        raise NotNow(
            "file_damaged",
            _(
                "“%(file)s” was found damaged in the store and is being restored: it is not given out "
                "until then. The DINAMIS desk knows. The other files can be had one by one."
            )
            % {"file": file_name(found.name)},
            file=found.name,
            product=product.pk,
            since=found.fault_at.isoformat(),
        )


def begin(
    user: Any,
    product: Product,
    *,
    file: ProductFile | None = None,
    how: str,
    bearer: Bearer | None = None,
) -> Download:
    """Write down that a file, or the whole product, is being taken; check it first.

    The parts of a resumed download are one row: the same person, file, way, signature and use within a
    day. Raises what `check_taking` and `check_sound` raise.
    """
    check_sound(product, file)
    signature, stated = check_taking(user, product, bearer=bearer)
    taken = {"user": user, "product": product, "file": file, "how": how, "use": stated}
    return _begun(taken, signature) or _begin(taken)


@transaction.atomic
def _begin(taken: dict[str, Any]) -> Download:
    # Behind the lock no withdrawal can slip between the check and the row.
    locked = Product.objects.select_for_update(of=("self",), no_key=True)
    product = locked.get(pk=taken["product"].pk)
    signature = check(taken["user"], product)
    return _begun(taken, signature) or Download.objects.create(**taken, signature=signature)


def _begun(taken: dict[str, Any], signature: Signature | None) -> Download | None:
    since = timezone.now() - SAME_DOWNLOAD
    return Download.objects.filter(**taken, signature=signature, at__gt=since).first()


def make_link(
    user: User,
    file: ProductFile,
    *,
    seconds: int | None = None,
    key: ApiKey | None = None,
    project: str | None = None,
) -> Link:
    """Make a link that opens one file for whoever holds it, for at most DOWNLOAD_LINK_SECONDS.

    It is traced to the person, to the key that asked for it (revoked, the key takes its links along)
    and to the use that was stated, of a `project` where one is named. Raises what `check_taking` raises.
    """
    check(user, file.product)
    check_sound(file.product, file)
    use = uses.check(user, file.product, project=project)
    longest = settings.DOWNLOAD_LINK_SECONDS
    until = int(timezone.now().timestamp()) + max(1, min(seconds or longest, longest))
    told = [user.pk, file.pk, key.pk if key else 0, until, use.pk if use else 0]
    token = signing.dumps(told, salt=SALT)
    path = reverse("signed_file", args=[token, file_name(file.name)])
    return Link(f"{settings.SITE_URL}{path}", datetime.fromtimestamp(until, UTC))


def file_of(token: str) -> int:
    """The number of the file that a link of ours opens or opened: a name, no right to it.

    Raises NotAllowed (link_altered).
    """
    return _read(token, max_age=None)[1]


def open_link(token: str) -> Bearer:
    """Read a link and check all of it again. It is opened anew at each request.

    Raises NotAllowed (link_altered, link_revoked, or what `check` says), Gone (link_expired,
    product_withdrawn).
    """
    longest = settings.DOWNLOAD_LINK_SECONDS
    user_pk, file_pk, key_pk, until, use_pk = _read(token, max_age=longest)
    if until <= timezone.now().timestamp():
        raise _expired()
    user = User.objects.filter(pk=user_pk).first()
    file = ProductFile.objects.filter(pk=file_pk).select_related("product__licence").first()
    if user is None or file is None:
        raise Gone("file_unknown", _("What this link opened is no longer there."))
    if key_pk and not ApiKey.objects.usable().filter(pk=key_pk, user=user).exists():
        raise NotAllowed("link_revoked", _("The key that this link was made with is revoked."))
    signature = _check_bearer(user, file.product)
    return Bearer(user, file, signature, StatedUse.objects.filter(pk=use_pk, user=user).first())


def withdrawn(product: Product) -> Gone:
    """The refusal for a product that was taken out of the catalogue."""
    return Gone(
        "product_withdrawn",
        _("This product was withdrawn from the catalogue: %(reason)s")
        % {"reason": product.state_reason},
    )


def _read(token: str, *, max_age: int | None) -> tuple[int, int, int, int, int]:
    try:
        told = signing.loads(token, salt=SALT, max_age=max_age)
        # Links made before a use was asked say four things, not five.
        user_pk, file_pk, key_pk, until, use_pk = (*told, 0)[:5]
    except signing.SignatureExpired as expired:
        raise _expired() from expired
    except (signing.BadSignature, ValueError) as altered:
        raise NotAllowed("link_altered", _("This link is not one of ours.")) from altered
    return user_pk, file_pk, key_pk, until, use_pk


def _check_bearer(user: User, product: Product) -> Signature | None:
    """A link is closed or not: it never leads to a page that signs."""
    try:
        return check(user, product)
    except (NotFound, NotNow) as refused:
        raise NotAllowed(refused.code, refused.sentence, **refused.details) from refused


def _expired() -> Refused:
    return Gone("link_expired", _("This link's time is over. Ask for a new one: it resumes."))


def _is_signed_by_people(licence: Licence) -> bool:
    """A licence that the legal representative accepts for all asks nothing of each person."""
    return licence.signer == Licence.Signer.USER


def _subject(product: Product) -> str:
    per_product = product.licence.scope == Licence.Scope.PRODUCT
    return product.licence_subject if per_product else ""


def _not_signed(product: Product) -> NotNow:
    return NotNow(
        "licence_not_signed",
        _("Sign the licence “%(licence)s” first: no file leaves before.")
        % {"licence": product.licence.name},
        ways_on=[WayOn(_("Read and sign"), sign_url(product))],
        licence=product.licence_id,
        product=product.pk,
        sign_at=f"{settings.SITE_URL}{sign_url(product)}",
    )

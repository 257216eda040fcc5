"""Outside identities of a person: found by what a provider is trusted for, attached, taken off, opened with."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import PersonEvent, User
from accounts.outside import Identity, name_of
from accounts.services.people import account_mail, people, sessions
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow


def owner_by_address(email: str) -> User | None:
    """The person who proved this address here, if an outside identity may enter their account by it."""
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True)
    owner = next((one.user for one in proved.select_related("user")), None)
    return owner if owner and policies.may_be_joined_by_address(owner) else None


def is_taken(email: str) -> bool:
    """True while somebody here has proved this address, or entered with it."""
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exists():
        return True
    named = User.objects.filter(email__iexact=email)
    return named.exclude(pk__in=_never_entered()).exists()


@transaction.atomic
def open_account(identity: Identity, *, language: str) -> SocialAccount:
    """Make an account with an address that the provider is trusted for; or hand over one nobody ever entered.

    Whoever typed the address at sign-up without proving it loses what they typed: the password, the name.
    Two first sign-ins at once make one account. Raises NotNow (address_taken) when the address is somebody's.
    """
    email = identity.email.lower()
    _one_at_a_time(email)
    if known := _known(identity):
        return known
    if is_taken(email):
        raise NotNow("address_taken", _("There is already an account with this address."))
    name = identity.name[:150] or email.partition("@")[0]
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, full_name=name, language=language)
    else:
        EmailAddress.objects.filter(user=user).delete()
        user.full_name, user.language = name, language
        user.set_unusable_password()
        user.save(update_fields=["full_name", "language", "password"])
        sessions.end_all(user)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return _attach(user, identity, by=Actor.of(user))


@transaction.atomic
def attach(user: User, identity: Identity, *, by: Actor) -> SocialAccount:
    """Let an outside identity enter this account from now on; the person hears of it by mail. Twice is once.

    Raises NotAllowed for anybody else, NotNow (identity_taken) when another account has it.
    """
    _check_own(user, by)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _one_at_a_time(f"{identity.provider}:{identity.uid}")
    known = _known(identity)
    if known is None:
        return _attach(user, identity, by=by)
    if known.user_id != user.pk:
        raise NotNow(
            "identity_taken", _("This identity enters another account. Take it off there first.")
        )
    return known


@transaction.atomic
def detach(account: SocialAccount, *, by: Actor) -> None:
    """Take an identity off; never the last way in. Raises NotAllowed for anybody else, NotNow (last_way_in)."""
    _check_own(account.user, by)
    user = User.objects.select_for_update(no_key=True).get(pk=account.user_id)
    account = SocialAccount.objects.filter(pk=account.pk).first()
    if account is None:
        return
    policies.check_may_lose_identity(user, account)
    name = name_of(account.provider)
    account.delete()
    people.note(user, PersonEvent.Kind.IDENTITY_REMOVED, about=name, by=by)
    _tell(user, name, added=False)


def _known(identity: Identity) -> SocialAccount | None:
    rows = SocialAccount.objects.filter(provider=identity.provider, uid=identity.uid)
    return rows.select_related("user").first()


def _attach(user: User, identity: Identity, *, by: Actor) -> SocialAccount:
    account = SocialAccount.objects.create(
        user=user, provider=identity.provider, uid=identity.uid, extra_data=identity.kept
    )
    people.note(user, PersonEvent.Kind.IDENTITY_ADDED, about=identity.provider_name, by=by)
    _tell(user, identity.provider_name, added=True)
    return account


def _tell(user: User, name: str, *, added: bool) -> None:
    with translation.override(user.language):
        if added:
            subject = _("An identity was added to your DINAMIS account")
            first = _("“%(name)s” now signs in to your account.") % {"name": name}
        else:
            subject = _("An identity was taken off your DINAMIS account")
            first = _("“%(name)s” no longer signs in to your account.") % {"name": name}
        then = _("If it was not you, change your password and write to %(email)s.")
        text = f"{first} {then % {'email': settings.DESK_EMAIL}}"
        account_mail.promise_notice(user.email, subject=subject, text=text, language=user.language)


def _check_own(user: User, by: Actor) -> None:
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person does this."))


def _never_entered() -> object:
    """Accounts that somebody typed and nobody ever came in by: no address proved, no sign-in."""
    proved = EmailAddress.objects.filter(verified=True).values("user")
    untouched = User.objects.filter(last_login=None, is_active=True, erased_at=None)
    return untouched.exclude(pk__in=proved).values("pk")


def _one_at_a_time(value: str) -> None:
    """Two sign-ins with the same identity or address come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [value])

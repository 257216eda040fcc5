"""A person with an account, and the duties some of them hold for the whole scheme."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from dinamis.compiled import Compiled


class UserManager(BaseUserManager["User"]):
    """Makes people; asked by allauth and by Django's own commands."""

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        user = self.model(email=email.strip().lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        user = self.create_user(email, password, **facts)
        Duty.objects.create(user=user, kind=Duty.Kind.ADMINISTRATOR, by_part="createsuperuser")
        return user


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. Rights come from duties and affiliations alone."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("account made"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    # What partners and programs know the person by; says nothing of the person, never changes.
    public_id = models.UUIDField(
        _("outside identifier"),
        db_default=RandomUUID(),
        unique=True,
        editable=False,
    )
    sleep_told_at = models.DateTimeField(_("warned of closing"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Part of what every session is checked against: one more, and all of them are over.
    session_epoch = models.PositiveIntegerField(_("sessions ended"), default=0)

    # Set on the object that signs in by an API key: the organisation that the key acts for.
    acts_for: int | None = None

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("There is already an account with this address."),
            )
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("erased person")
        return self.full_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What Django compares at each request: password and epoch, so that either ends sessions."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("accounts.User.session", value, secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.email

    @cached_property
    def duties_held(self) -> frozenset[str]:
        """The kinds of duty held now, one's own or lent during an absence; read once per request."""
        return frozenset(_duties(self.pk))

    @cached_property
    def belongs(self) -> list[Any]:
        """The active affiliations, the current one first: the switch under the initials."""
        return _affiliations(self.pk)

    def has_duty(self, kind: str) -> bool:
        """True while the duty is held; never through a key, which acts for one organisation."""
        return self.is_active and self.acts_for is None and kind in self.duties_held

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this: administrators enter, nobody else."""
        return self.has_duty(Duty.Kind.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class DutyQuerySet(models.QuerySet["Duty"]):
    def current(self) -> "DutyQuerySet":
        return self.filter(ended_at=None)

    def exercised_by(self, user: int) -> "DutyQuerySet":
        """A person's own duties, and those of whoever named them for an absence of today."""
        day = timezone.localdate()
        lent = Q(
            user__is_active=True,
            user__lent__receiver=user,
            user__lent__kind=F("kind"),
            user__lent__starts_on__lte=day,
            user__lent__ends_on__gte=day,
            user__lent__ended_at=None,
        )
        return self.current().filter(Q(user=user) | lent)


class Duty(ActedBy):
    """A task held for the whole scheme: desk, quota, administration. Ended, never deleted."""

    class Kind(models.TextChoices):
        DESK = "desk", _("DINAMIS desk")
        QUOTA_ADMINISTRATOR = "quota_administrator", _("quota administrator")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(User, models.PROTECT, related_name="duties", verbose_name=_("person"))
    kind = models.CharField(_("duty"), max_length=20, choices=Kind)
    since = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(ended_at=None), name="duty_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


# Of whoever asks, at every request.
_duties = Compiled(lambda user: Duty.objects.exercised_by(user).values_list("kind", flat=True))
_affiliations = Compiled(
    lambda user: (
        User._meta.get_field("affiliations")
        .related_model.objects.in_force()
        .filter(user=user)
        .select_related("organisation")
        .order_by("-is_current", "organisation__name")
    )
)

"""Reference data at /admin/, behind the same log-in as everything: no rule is decided here."""

from typing import Any

from allauth.idp.oidc import admin as provider_admin
from allauth.socialaccount import admin as outside_admin
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import (
    Adviser,
    Affiliation,
    AffiliationEvent,
    ApiKey,
    DirectoryEntry,
    Duty,
    Event,
    Invitation,
    Licence,
    LicenceAnswer,
    LicenceDraft,
    LicenceDraftEvent,
    LicenceNotice,
    LicenceText,
    LinkedAccount,
    LinkedAccountEvent,
    MailedLink,
    Membership,
    MembershipEvent,
    Merger,
    Opinion,
    OpinionEvent,
    OpinionRule,
    Organisation,
    OrganisationDomain,
    Partner,
    PersonalDomain,
    Program,
    ProgramEvent,
    Review,
    ReviewAct,
    Signature,
    User,
)
from accounts.services.people import duties
from dinamis.actors import Actor


class ReadOnly(admin.ModelAdmin):
    """Looked at, never changed: these rows are written by services alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ["full_name", "email", "language", "is_active", "joined_at"]
    search_fields = ["full_name", "email"]
    list_filter = ["is_active"]
    exclude = ["password"]


@admin.register(Duty)
class DutyAdmin(ReadOnly):
    """Given here, by the service; taken back by the command."""

    list_display = ["user", "kind", "since", "ended_at"]
    list_filter = ["kind"]
    autocomplete_fields = ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "kind"] if obj is None else ["user", "kind", "since", "ended_at"]

    def save_model(self, request: HttpRequest, obj: Duty, form: Any, change: bool) -> None:
        made = duties.appoint(obj.user, kind=obj.kind, by=Actor.of(request.user))
        obj.pk = made.pk


class DomainInline(admin.TabularInline):
    model = OrganisationDomain
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ["name", "short_name", "category", "country", "admitted_at"]
    search_fields = ["name", "short_name", "domains__domain"]
    list_filter = ["category", "sector"]
    inlines = [DomainInline]


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "base_url", "enabled", "trusted"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(Licence)
class LicenceAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name_en",
        "signer",
        "scope",
        "at_joining",
        "resign_on_new_version",
        "grace_days",
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(LicenceText)
class LicenceTextAdmin(ReadOnly):
    """Only read here: a new version is written and approved at /licences/edit/."""

    list_display = ["licence", "version", "language", "effective_on", "is_placeholder"]
    list_filter = ["licence", "language"]
    fields = ["licence", "version", "language", "title", "body", "effective_on", "is_placeholder"]


@admin.register(LicenceAnswer)
class LicenceAnswerAdmin(admin.ModelAdmin):
    """The rows of "may I give this to …?"."""

    list_display = ["licence", "receiver", "verdict", "sentence_fr"]
    list_filter = ["licence", "verdict"]


@admin.register(Adviser)
class AdviserAdmin(admin.ModelAdmin):
    """Whom the desk asks: the addresses are not public, so they are set here."""

    list_display = ["code", "name", "email", "language"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"]


@admin.register(OpinionRule)
class OpinionRuleAdmin(admin.ModelAdmin):
    """Which category needs whose opinion, from a day on: a rule ends by a row of a later day."""

    list_display = ["category", "adviser", "is_needed", "effective_on", "source"]
    list_filter = ["category", "adviser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(ReadOnly):
    """Filled by the command import_organisations."""

    list_display = ["name", "short_name", "source", "country", "changed_at"]
    search_fields = ["folded"]
    list_filter = ["source", "is_closed"]


for model, columns in {
    Membership: ["reference", "organisation", "state", "state_since", "due_at"],
    MembershipEvent: ["membership", "step", "target", "at"],
    Opinion: ["membership", "adviser", "state", "state_since", "due_at"],
    OpinionEvent: ["opinion", "step", "target", "at"],
    Affiliation: ["user", "organisation", "state", "is_referent", "is_current"],
    AffiliationEvent: ["affiliation", "step", "target", "at"],
    LicenceDraft: ["licence", "version", "state", "effective_on"],
    LicenceDraftEvent: ["draft", "step", "target", "at"],
    LicenceNotice: ["licence", "version", "user", "membership", "until", "sent_at"],
    Invitation: ["email", "organisation", "state", "made_at", "due_at"],
    Review: ["organisation", "opened_at", "due_at", "closed_at"],
    ReviewAct: ["review", "verdict", "at", "applied_at", "undone_at"],
    Signature: ["number", "licence_code", "version", "capacity", "signed_at"],
    Merger: ["absorbed", "successor", "at"],
    Event: ["at", "kind", "user", "code", "route"],
}.items():
    admin.site.register(model, ReadOnly, list_display=columns)
admin.site.register(
    MailedLink,
    ReadOnly,
    list_display=["purpose", "name", "membership", "organisation", "expires_at"],
    exclude=["digest"],
)
admin.site.register(
    ApiKey, ReadOnly, list_display=["name", "user", "last_used_at"], exclude=["secret_sha256"]
)
admin.site.register(
    Program, ReadOnly, list_display=["name", "kind", "client_id"], exclude=["secret_hash"]
)
admin.site.register(ProgramEvent, ReadOnly, list_display=["program", "step", "at"])
# allauth registers its own rows to be edited; ours are written by accounts.services.programs.programs.
for row in (provider_admin.Client, provider_admin.Token):
    admin.site.unregister(row)
# Providers stand in the settings, and nobody but the person connects an identity.
for row in (outside_admin.SocialApp, outside_admin.SocialToken, outside_admin.SocialAccount):
    admin.site.unregister(row)
admin.site.register(
    outside_admin.SocialAccount, ReadOnly, list_display=["user", "provider", "date_joined"]
)
admin.site.register(
    provider_admin.Client, ReadOnly, list_display=["name", "id", "type"], exclude=["secret"]
)
admin.site.register(
    provider_admin.Token, ReadOnly, list_display=["client", "type", "user", "expires_at"],
    exclude=["hash"],
)  # fmt: skip
admin.site.register(
    LinkedAccount, ReadOnly, list_display=["user", "partner", "state", "attempts", "succeeded_at"]
)
admin.site.register(LinkedAccountEvent, ReadOnly, list_display=["account", "step", "target", "at"])
admin.site.register(PersonalDomain, search_fields=["domain"])

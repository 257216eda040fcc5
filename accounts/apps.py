"""The accounts room as a Django app, and its lines in the menus."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("people and organisations")

    def ready(self) -> None:
        # Models can be imported only once every app is there.
        from accounts import checks, families, hookable, menus, openapi  # noqa: F401  register themselves
        from accounts.services.licences import licence_notices
        from accounts.services.membership import join_links, legal_links, opinions
        from accounts.services.people import erasure, invitations
        from accounts.services.programs import linked_accounts
        from accounts.services.trust import histories, retention

        families.register_these()
        hookable.register_these()
        menus.register()
        join_links.register()
        legal_links.register()
        licence_notices.register()
        opinions.register()
        histories.register()
        linked_accounts.register()
        invitations.register()
        retention.register()
        erasure.register_this_room()

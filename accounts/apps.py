"""The accounts room as a Django app, and its lines in the menus."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("people and organisations")

    def ready(self) -> None:
        # Models can be imported only once every app is there.
        from accounts import checks, menus, openapi  # noqa: F401  register themselves
        from accounts.services import (
            erasure,
            histories,
            invitations,
            join_links,
            legal_links,
            licence_notices,
            linked_accounts,
            opinions,
            retention,
        )

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

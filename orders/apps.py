"""What is asked, as a Django app; what happens below reaches it through its handlers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("orders")

    def ready(self) -> None:
        # Models and their services exist only once the apps are loaded.
        from accounts.services.people.erasure import register as ask_before_erasing
        from orders import families, handlers, menus
        from orders.services.delivering import inbox, leftovers
        from orders.services.lines import erasure, histories
        from orders.services.projects import project_parts, project_reviews
        from orders.services.purse import reconciling

        families.register_these()
        handlers.register()
        menus.register()
        histories.register()
        inbox.register()
        leftovers.register()
        reconciling.register()
        project_parts.register()
        project_reviews.register()
        ask_before_erasing(binding=erasure.binding, ending=erasure.ending)

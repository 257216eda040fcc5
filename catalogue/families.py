"""The kind of news this room tells people, and programs: see accounts/families.py, accounts/hookable.py."""

from django.utils.translation import gettext_lazy as _

from accounts import families, hookable


def register_these() -> None:
    """Called once, when the app is ready."""
    says = _("New images that one of your saved searches finds.")
    families.register(families.Family("searches", _("Saved searches"), says, order=60))
    hookable.register(
        hookable.Subject("searches", _("Saved searches of its people"), "search.matched", 60)
    )

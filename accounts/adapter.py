"""allauth's hooks, nothing else."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Puts the name and the language on a new user."""

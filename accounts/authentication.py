"""How programs sign in: `access-key` and `secret-key` headers."""

from rest_framework.authentication import BaseAuthentication


class ApiKeyAuthentication(BaseAuthentication):
    """Written in full below this commit's models."""

    def authenticate(self, request):
        return None

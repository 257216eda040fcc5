"""How the OpenAPI document tells of the pair of keys."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """Two headers that go together: `access-key` and `secret-key`."""

    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = ["accessKey", "secretKey"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "header", "name": header}
            for header in ("access-key", "secret-key")
        ]

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {key: [] for key in self.name}


class BearerScheme(OpenApiAuthenticationExtension):
    """An access token of our own OpenID Connect provider."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

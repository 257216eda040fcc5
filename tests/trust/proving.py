"""A browser that has just given its password again."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.test import Client

from accounts.models import User


def proved(client: Client) -> Client:
    """What the copy and the erasure ask for, without the fifteen minutes' wait for another."""
    session = client.session
    user = User.objects.get(pk=session["_auth_user_id"])
    request = SimpleNamespace(session=session)
    record_authentication(request, user, method="password", reauthenticated=True)
    session.save()
    return client

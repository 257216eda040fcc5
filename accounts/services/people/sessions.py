"""Open sessions of a person: ended all at once when what the person may do changes."""

from django.db.models import F

from accounts.models import User


def end_all(user: User) -> None:
    """End every session of a person, in every browser, at its next request.

    Called in the transaction of the change that ends them. `user` is the object at hand: it is
    given the new number, so that a session may be opened or kept with it.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.session_epoch = User.objects.values_list("session_epoch", flat=True).get(pk=user.pk)

"""Every field of every table: whether it tells of a person, why it is kept, how long, what erasing does.

Each app exports such a table, `CLASSIFICATION`: model → field → line; a test fails on a field without one.
Categories: `none` (tells of nobody), `identity`, `contact`, `professional`, `technical` (addresses,
browsers), `secret` (digests), `trace` (who did what, by key), `place` (areas that say what somebody works
on). Periods are those the sources give; where they give none, the data-protection officer sets them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """One line: `erasing` says what becomes of the field when its person asks, or when time is up."""

    category: str
    purpose: str = ""
    retention: str = ""
    erasing: str = "stays: it tells of nobody"


CATEGORIES = frozenset(
    {"none", "identity", "contact", "professional", "technical", "secret", "trace", "place"}
)
ACCOUNT = "while the account lives; four years after its last use once it is closed"
EVIDENCE = "ten years from the signature"
HISTORY = "as long as the thing it tells of"
YEAR = "one year"
SESSION = "while the session lives"

NONE = Personal("none")
BY = Personal(
    "trace", "to say who did it", HISTORY, "stays: points to a person whose name is erased"
)
WHEN = Personal("trace", "to say when", HISTORY, "stays: without a name it tells of nobody")
# The three columns of dinamis.actors.ActedBy.
ACTOR = {"by_user": BY, "by_link": BY, "by_part": NONE}


def lines(names: str, line: Personal = NONE) -> dict[str, Personal]:
    """Give several fields, named in one string, the same line."""
    return dict.fromkeys(names.split(), line)


_ARGUMENTS = Personal("contact", "to keep a promise of mail", "30 days after it is kept", "deleted")
_SENT = Personal("contact", "shown in the demonstration alone", "while it runs", "deleted with it")
_SESSION = Personal("technical", "to list and end sessions", SESSION, "deleted with the session")
_ADDRESS = Personal("contact", "to sign in and to write", ACCOUNT, "deleted")
_FACTOR = Personal("secret", "to sign in with a second factor", ACCOUNT, "deleted")
_OUTSIDE = Personal("contact", "to sign in by another house's word", ACCOUNT, "deleted")
_GRANTED = Personal(
    "secret",
    "to let a program act for its person",
    "an hour, or 30 days after its last use",
    "deleted",
)
_ADMIN = Personal(
    "trace", "to say who changed reference data", HISTORY, "stays: a key without a name"
)

CLASSIFICATION: dict[str, dict[str, Personal]] = {
    "Promise": lines("id task made_at due_at attempts claimed_until done_at")
    | {"arguments": _ARGUMENTS, "error": _ARGUMENTS},
    "IdempotentAnswer": lines("id key fingerprint status location made_at")
    | {
        "actor": Personal("trace", "a key is its actor's own", "two days", "deleted"),
        "body": Personal("trace", "to answer a repeated request the same", "two days", "deleted"),
    },
    "SentMail": lines("id sent_at") | lines("to subject text html attachments", _SENT),
}

# Tables of the packages, named `app_label.Model`.
OTHERS: dict[str, dict[str, Personal]] = {
    "account.EmailAddress": lines("id verified primary") | lines("user email", _ADDRESS),
    "account.EmailConfirmation": lines("id created sent") | lines("email_address key", _ADDRESS),
    "mfa.Authenticator": lines("id type created_at last_used_at") | lines("user data", _FACTOR),
    "usersessions.UserSession": lines("id created_at last_seen_at")
    | lines("user ip user_agent session_key data", _SESSION),
    # Who a person is elsewhere. Providers stand in the settings and their tokens are not kept, so
    # that the other two tables stay empty.
    "socialaccount.SocialAccount": lines("id provider")
    | lines("user uid last_login date_joined extra_data", _OUTSIDE),
    "socialaccount.SocialApp": lines("id provider provider_id name client_id secret key settings"),
    "socialaccount.SocialToken": lines("id app account token token_secret expires_at"),
    # What a person granted to a program; an authorisation code lives a minute in the cache alone.
    "allauth_idp_oidc.Client": lines(
        "id name secret scopes default_scopes type grant_types redirect_uris cors_origins "
        "allow_uri_wildcards response_types owner skip_consent created_at data"
    ),
    "allauth_idp_oidc.Token": lines("id type client created_at expires_at")
    | lines("user hash scopes data", _GRANTED),
    "sessions.Session": lines("expire_date") | lines("session_key session_data", _SESSION),
    "admin.LogEntry": lines("id action_time content_type object_id action_flag")
    | lines("user object_repr change_message", _ADMIN),
    "auth.Group": lines("id name permissions"),
    "auth.Permission": lines("id name content_type codename"),
    "contenttypes.ContentType": lines("id app_label model"),
}

# Whose a row is, where no foreign key to the person says so: lookup → attribute of the person.
OWNED: dict[str, dict[str, str]] = {
    "account.EmailConfirmation": {"email_address__user": "pk"},
}

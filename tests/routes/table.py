"""The words of the matrix: roles, answers, short-hand profiles, and the row itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "anonymous",  # not signed in
    "unaffiliated",  # signed in, attached to nobody
    "researcher",  # of the laboratory: the owner of what the world holds
    "other_researcher",  # of the park, another member
    "referent",  # of the laboratory
    "other_referent",  # of the park: leads people, none of the laboratory's
    "desk",
    "quota_administrator",
    "administrator",
    "adviser",  # no account: a visitor who opened a mailed link, of something else than the row's
)
# A row that does not name one of these answers it as it answers the other.
AS = {"other_referent": "other_researcher", "adviser": "anonymous"}
VISITORS = ("anonymous", "adviser")
# HEAD answers as GET does: see test_looking_changes_nothing.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LOGIN = "log in"  # a redirect to the log-in page, which leads back
PROVE = "prove again"  # a redirect to the page that asks the password once more
DONE = 302  # done, and on to the next page

# What each role is answered: a status, or one of the words above.
Profile = dict[str, int | str]


def anyone(status: int = 200, **other: int | str) -> Profile:
    """The same for all, but for the roles named."""
    return dict.fromkeys(set(ROLES) - set(AS), status) | other


def signed_in(status: int = 200, **other: int | str) -> Profile:
    """The same for all who are signed in; the others are sent to log in."""
    return anyone(status, anonymous=LOGIN) | other


def only(*roles: str, status: int = 200, others: int = 403, **other: int | str) -> Profile:
    """Some roles have it; everybody else who is signed in is told `others`."""
    return signed_in(others) | dict.fromkeys(roles, status) | other


PUBLIC = anyone()
SIGNED_IN = signed_in()
MEMBER = only("researcher", "other_researcher", "referent")
DESK = only("desk")
BUDGET = only("desk", "quota_administrator", "administrator")
# A foreign thing answers as one that does not exist.
OWNER = only("researcher", others=404)
SEES_ORDER = only("researcher", "referent", "desk", others=404)
ABSENT = anyone(404)


def for_programs(profile: Profile) -> Profile:
    """The API tells who is not signed in so, instead of showing a page."""
    return profile | {"anonymous": 401}


Args = Callable[[Any], list[Any]]
Body = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One named route. A method without a profile answers 405 to whoever may come in.

    `args`, `query` and `sent` are made from the world of tests/routes/world.py; `absent` are
    arguments of a thing that does not exist, which must answer as a foreign one.
    """

    name: str
    get: Profile | None = None
    post: Profile | None = None
    more: dict[str, Profile] = field(default_factory=dict)  # PUT, PATCH, DELETE
    args: Args = lambda world: []
    absent: list[Any] | None = None
    query: Callable[[Any], str] = lambda world: ""
    sent: Body = field(default=lambda world: {})
    as_json: bool = False
    # Who is not signed in never reaches the view, and is not told which methods it has.
    is_public: bool = False
    # Its POST is a question: it reads no session and changes nothing, so any site's page may ask it.
    is_question: bool = False
    case: str = ""  # tells apart the rows of one route

    def __post_init__(self) -> None:
        unknown = {role for profile in self.listed.values() for role in profile} - set(ROLES)
        if unknown:
            raise ValueError(f"{self}: {sorted(unknown)} is no role of tests/routes/table.py")

    def __str__(self) -> str:
        return f"{self.name}-{self.case}" if self.case else self.name

    @property
    def listed(self) -> dict[str, Profile]:
        """The profiles by method."""
        named = {"GET": self.get, "POST": self.post, **self.more}
        return {method: profile for method, profile in named.items() if profile}

    def expected(self, method: str, role: str) -> int | str:
        """What this role is answered for this method."""
        profile = self.listed.get(method)
        if profile is not None:
            return profile[role] if role in profile else profile[AS[role]]
        if role in VISITORS and not self.is_public:
            return 401 if self.as_json else LOGIN
        return 405

    @property
    def hides(self) -> list[tuple[str, str]]:
        """The methods and roles for which the thing is foreign."""
        return [
            (method, role)
            for method in self.listed
            for role in ROLES
            if self.expected(method, role) == 404
        ]


@dataclass(frozen=True)
class Group:
    """Routes of a package, whose own tests cover them: what GET answers to a visitor, then to people, in order."""

    reason: str
    names: dict[str, tuple[int | str, ...]]
    args: dict[str, list[Any]] = field(default_factory=dict)

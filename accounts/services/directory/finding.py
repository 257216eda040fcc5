"""Finding an organisation by typing: members first, then what the registers know, each body once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.lookups import Unaccent
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import Case, Q, When
from django.db.models.functions import Length, Lower
from django.utils.translation import gettext as _

from accounts.models import DirectoryEntry, Organisation, PersonalDomain
from dinamis.errors import NotFound

MOST = 10
SHORTEST = 2  # letters
LONGEST = 100
LOOKED_AT = 40  # several registers tell of the same body
# The register that tells most of a body is read first.
_RANK = {"rnsr": 0, "esr": 1, "ror": 2, "domains": 3}
_FACTS = ("short_name", "city", "siret", "rnsr", "ror", "domains", "supervisors", "website")


@dataclass(frozen=True, slots=True)
class Found:
    """One body: facts for the form, and the member it already is, if it is one."""

    name: str
    country: str
    short_name: str = ""
    city: str = ""
    kind: str = ""
    siret: str = ""
    rnsr: str = ""
    ror: str = ""
    website: str = ""
    domains: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    member: Organisation | None = None
    entry: int | None = None
    sources: tuple[str, ...] = field(default=())

    @property
    def identifiers(self) -> set[tuple[str, str]]:
        facts = ((name, getattr(self, name)) for name in ("siret", "rnsr", "ror"))
        return {(name, value) for name, value in facts if value}

    @property
    def initial(self) -> dict[str, str]:
        """The fields of the joining form that these facts fill."""
        texts = {name: getattr(self, name) for name in ("name", "country", "siret", "rnsr", "ror")}
        lists = {name: "\n".join(getattr(self, name)) for name in ("domains", "supervisors")}
        return texts | lists | {"short_name": self.short_name[:40]}


def find(words: str) -> list[Found]:
    """At most ten bodies whose names or domains are like the words; nothing for less than two letters."""
    words = " ".join(words[:LONGEST].replace("\0", "").split())
    if len(words) < SHORTEST:
        return []
    folded = _folded(words)
    members = [_of_member(one) for one in _members(folded)]
    known = _with_membership(_merged(_entries(folded)))
    belonging = {found.member.pk for found in members if found.member}
    others = [one for one in known if one.member is None or one.member.pk not in belonging]
    return [*members, *others][:MOST]


def entry_of(pk: int) -> Found:
    """One entry of the directory with what the other registers add; raises NotFound."""
    entry = DirectoryEntry.objects.filter(pk=pk).first()
    if entry is None:
        raise NotFound("entry_unknown", _("The directory has no such entry."))
    same = Q(pk=pk)
    for name in ("siret", "rnsr", "ror"):
        if value := getattr(entry, name):
            same |= Q(**{name: value})
    rows = sorted(DirectoryEntry.objects.filter(same), key=lambda row: row.pk != pk)
    return _with_membership([_merged(rows)[0]])[0]


def supervisors_of(rnsr: str) -> list[str]:
    """The supervising bodies that the national directory gives for a structure, in its order."""
    row = DirectoryEntry.objects.filter(source=DirectoryEntry.Source.RNSR, key=rnsr).first()
    return list(row.supervisors) if row else []


def _folded(words: str) -> str:
    """Lower case without accents, by the same function that wrote the columns."""
    return _all_folded([words])[words]


def _all_folded(names: Iterable[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT given, lower(unaccent(given)) FROM unnest(%s::text[]) AS given", [list(names)]
        )
        return dict(cursor.fetchall())


def _members(folded: str) -> list[Organisation]:
    name, short = Unaccent(Lower("name")), Unaccent(Lower("short_name"))
    rows = Organisation.objects.members().annotate(plain=name, plain_short=short)
    matching = Q(plain__contains=folded) | Q(plain_short__contains=folded)
    if "." in folded or "@" in folded:
        matching |= Q(domains__domain__contains=folded.removeprefix("@"))
    return list(rows.filter(matching).prefetch_related("domains").distinct()[:MOST])


def _entries(folded: str) -> list[DirectoryEntry]:
    rows = DirectoryEntry.objects.filter(is_closed=False)
    if len(folded) < 3:
        return list(rows.filter(folded_short=folded)[:LOOKED_AT])
    every = Q()
    for word in folded.split():
        every &= Q(folded__contains=word)
    # Every word, as written; only when nothing has them all, what is written nearly so.
    likeness = TrigramWordSimilarity(folded, "folded")
    # A university before the laboratories that carry its name.
    is_unit = Case(When(source=DirectoryEntry.Source.RNSR, then=1), default=0)
    found = rows.annotate(likeness=likeness).order_by(
        "-likeness", is_unit, Length("folded_name"), "pk"
    )
    exact = rows.filter(Q(folded_short=folded) | Q(folded_name=folded)).order_by("pk")[:LOOKED_AT]
    near = list(found.filter(every)[:LOOKED_AT])
    if not near:
        near = list(found.filter(folded__trigram_word_similar=folded)[:LOOKED_AT])
    return list({row.pk: row for row in (*exact, *near)}.values())


def _merged(rows: list[DirectoryEntry]) -> list[Found]:
    """One Found for each body, in order; registers that share an identifier or a domain tell of one."""
    bodies: list[Found] = []
    personal = PersonalDomain.objects.among(domain for row in rows for domain in row.domains)
    for row in sorted(rows, key=lambda row: _RANK[row.source]):
        one = _of_entry(row, personal)
        for place, body in enumerate(bodies):
            if _is_same(body, one):
                bodies[place] = _completed(body, one)
                break
        else:
            bodies.append(one)
    order = {row.pk: place for place, row in enumerate(rows)}
    bodies.sort(key=lambda body: order[body.entry or 0])
    return _with_domains(bodies[:MOST])


def _is_same(one: Found, other: Found) -> bool:
    if one.identifiers & other.identifiers:
        return True
    listed = "domains" in one.sources or "domains" in other.sources
    return listed and bool(set(one.domains) & set(other.domains))


def _completed(one: Found, other: Found) -> Found:
    """What the first does not say, the other does."""
    more = {name: getattr(one, name) or getattr(other, name) for name in _FACTS}
    domains = tuple(dict.fromkeys((*one.domains, *other.domains)))
    return replace(one, **more | {"domains": domains}, sources=(*one.sources, *other.sources))


def _with_domains(bodies: list[Found]) -> list[Found]:
    """A laboratory's people write from the domains of its supervising bodies."""
    folded = _all_folded({name for body in bodies if not body.domains for name in body.supervisors})
    if not folded:
        return bodies
    rows = DirectoryEntry.objects.filter(folded_name__in=folded.values()).exclude(domains=[])
    held: dict[str, list[str]] = defaultdict(list)
    for row in rows.order_by("source", "pk"):
        held[row.folded_name] += row.domains

    def borrowed(body: Found) -> tuple[str, ...]:
        found = (domain for name in body.supervisors for domain in held[folded[name]])
        return tuple(dict.fromkeys(found))

    return [body if body.domains else replace(body, domains=borrowed(body)) for body in bodies]


def _with_membership(bodies: list[Found]) -> list[Found]:
    """Mark those that are members already, by identifier or by name."""
    if not bodies:
        return []
    same = Q(name__in=[body.name for body in bodies])
    for body in bodies:
        for name, value in body.identifiers:
            same |= Q(**{name: value})
    members = list(Organisation.objects.members().filter(same))

    def member_of(body: Found) -> Organisation | None:
        def is_it(one: Organisation) -> bool:
            keys = {(name, getattr(one, name)) for name in ("siret", "rnsr", "ror")}
            return bool(keys & body.identifiers) or one.name.lower() == body.name.lower()

        return next((one for one in members if is_it(one)), None)

    return [replace(body, member=member_of(body)) for body in bodies]


def _of_member(one: Organisation) -> Found:
    return Found(
        name=one.name,
        short_name=one.short_name,
        country=one.country,
        siret=one.siret or "",
        rnsr=one.rnsr or "",
        ror=one.ror or "",
        domains=tuple(domain.domain for domain in one.domains.all()),
        member=one,
    )


def _of_entry(row: DirectoryEntry, personal: set[str]) -> Found:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _FACTS}
    facts |= {
        "domains": tuple(d for d in row.domains if d not in personal),
        "supervisors": tuple(row.supervisors),
    }
    return Found(
        name=row.name,
        country=row.country,
        kind=row.kind,
        entry=row.pk,
        sources=(row.source,),
        **facts,
    )

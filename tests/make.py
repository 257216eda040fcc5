"""Short ways to people and organisations, through the services: what exists in a test could exist in service."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import (
    Affiliation,
    LicenceText,
    MailedLink,
    Membership,
    Opinion,
    Organisation,
    Signature,
    User,
)
from accounts.services import links
from accounts.services.licences import licences
from accounts.services.licences.licence_texts import write_text
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import drafts, join_links, memberships, opinions, renewals
from accounts.services.membership.proposals import Proposal
from accounts.services.people import affiliations, duties
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.outbox import Promise
from tools import totp

SYSTEM = Actor.system("test")
PASSWORD = "a long enough password"
SECRET = "A" * 32  # of every telephone, base32
# Reference rows that this test wrote over, as nobody may in service.
REWRITTEN: list[str] = []


def person(email: str, *, name: str = "", proved: bool = True, language: str = "en") -> User:
    """An account; its address is proved unless told otherwise."""
    name = name or email.partition("@")[0].title()
    user = User.objects.create_user(email, PASSWORD, full_name=name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, verified=proved, primary=True)
    return user


def second_factor(user: User) -> User:
    """An app on a telephone, as everybody needs who decides for others."""
    TOTP.activate(user, SECRET)
    return user


def code(user: User) -> str:
    """The digits that the telephone shows now, as if they had not been used yet."""
    shown = totp.code(SECRET)
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={shown}")
    return shown


def officer(duty: str) -> User:
    """A person who holds a duty for the whole scheme."""
    user = second_factor(person(f"{duty}@dinamis.example"))
    duties.appoint(user, kind=duty, by=SYSTEM)
    return user


def second_officer(duty: str) -> User:
    """Another person who holds it: four eyes need two."""
    user = second_factor(person(f"second_{duty}@dinamis.example"))
    duties.appoint(user, kind=duty, by=SYSTEM)
    return user


def proposal(name: str = "laboratory", **facts: Any) -> Proposal:
    """What an organisation says when it asks to join, all at `<name>.example`."""
    usual = {
        "name": f"The {name}",
        "category": "research",
        "country": "FR",
        "sector": "coast",
        "domains": (f"{name}.example",),
        "referent_name": "Referent",
        "referent_email": f"referent@{name}.example",
        "legal_name": "Legal",
        "legal_position": "Director",
        "legal_email": f"legal@{name}.example",
    }
    return Proposal(**usual | facts)


def membership(
    name: str = "laboratory", *, until: str = "under_review", **facts: Any
) -> Membership:
    """A membership in one of the states before the desk decides."""
    made = memberships.propose(proposal(name, **facts), language="en", by=SYSTEM)
    if until == "awaiting_referent":
        return made
    made = memberships.prove(made, by=through(made, "prove"))
    if until == "awaiting_legal":
        return made
    return accept(made)


def draft(name: str = "laboratory", **facts: Any) -> Membership:
    """A form that is not sent yet, its link promised to the referent."""
    said = proposal(name, **facts)
    answers = {
        "name": said.name,
        "category": said.category,
        "referent_name": said.referent_name,
        "referent_email": said.referent_email,
    }
    return drafts.begin(answers, language="en", by=SYSTEM)


def submit(made: Membership, name: str = "laboratory", **facts: Any) -> Membership:
    """The draft is sent, with another referent, who has an address to prove."""
    said = {"category": made.answers["category"], "referent_email": f"other@{name}.example"} | facts
    return drafts.submit(made, proposal(name, **said), by=through(made, "draft"))


def answer_all(made: Membership, step: str = "favour") -> Membership:
    """Every adviser asked answers through the mailed link."""
    for opinion in made.opinions.open():
        opinions.answer(opinion, step, words="As we see it.", by=advising(opinion))
    made.refresh_from_db()
    return made


def no_answer(made: Membership) -> Membership:
    """The time of every opinion asked is over."""
    made.opinions.open().update(due_at=timezone.now() - timedelta(hours=1))
    opinions.fall_silent_overdue()
    made.refresh_from_db()
    return made


def advising(opinion: Opinion) -> Actor:
    """The adviser behind the newest link of an opinion."""
    links_sent = MailedLink.objects.filter(purpose="opinion", subject_key=str(opinion.pk))
    return Actor.through(links_sent.first())


def renew(made: Membership) -> Membership:
    """The referent renews by the mailed link, thirty days before the end."""
    soon = timezone.localdate() + timedelta(days=30)
    Membership.objects.filter(pk=made.pk).update(ends_on=soon)
    made.refresh_from_db()
    with transaction.atomic():
        link = join_links.promise(made, "renew")
    return renewals.renew(made, by=Actor.through(link))


def propose_as(name: str, **facts: Any) -> Membership:
    """A proposal by an organisation of its own."""
    return memberships.propose(proposal(name, **facts), language="en", by=SYSTEM)


def propose(title: str) -> Membership:
    """A proposal of another name, by the laboratory's people."""
    return memberships.propose(replace(proposal(), name=title), language="en", by=SYSTEM)


def accept(made: Membership) -> Membership:
    """The legal representative accepts."""
    return memberships.accept(
        made,
        accepted=[
            (text, text.sha256) for text in licences.texts_at_joining("en", made.organisation)
        ],
        circumstances=Circumstances(ip="192.0.2.7", user_agent="test"),
        by=through(made, "accept"),
    )


def through(made: Membership, purpose: str) -> Actor:
    """The person behind the newest link of a membership."""
    return Actor.through(MailedLink.objects.filter(membership=made, purpose=purpose).first())


def member(name: str = "laboratory", *, desk: User, **facts: Any) -> Organisation:
    """An active member with its referent, `referent@<name>.example`."""
    second_factor(person(f"referent@{name}.example", name=f"Referent of {name}"))
    waiting = membership(name, **facts)
    return memberships.approve(
        waiting, legal_verified_how="by telephone", by=Actor.of(desk)
    ).organisation


def request(user: User, organisation: Organisation) -> Affiliation:
    """A request to be attached, waiting for the referent."""
    return affiliations.request(
        organisation, position="Researcher", statement="To follow the coast.", by=Actor.of(user)
    )


def attached(email: str, organisation: Organisation) -> User:
    """A person who belongs to an organisation, accepted by its referent."""
    user = person(email)
    leading = Affiliation.objects.filter(organisation=organisation, is_referent=True).first()
    affiliations.accept(request(user, organisation), by=Actor.of(leading.user))
    return user


def signature(user: User, code: str = "spot67", *, subject: str = "") -> Signature:
    """A licence signed by a person."""
    text = licences.text_in_force(code, "en")
    return licences.sign(
        text,
        subject=subject,
        shown_sha256=text.sha256,
        by=Actor.of(user),
        capacity=Signature.Capacity.USER,
        circumstances=Circumstances(ip="192.0.2.7", user_agent="test"),
    )


def token(link: MailedLink) -> str:
    """A token for a link, as the mail would have carried it."""
    return links.new_token(link)


def keep_promises() -> int:
    """Do now what a worker would do after the commit; return how many promises were kept."""
    kept = 0
    for pk in Promise.objects.claimable().order_by("pk").values_list("pk", flat=True):
        kept += outbox.keep(pk)
    return kept


def new_version(code: str, language: str, *, by: Actor) -> LicenceText:
    """A second version of a licence, in both languages; the text in the one asked for."""
    texts = {
        each: write_text(
            code, version="2", language=each, title=f"{code} 2", body=f"New words in {each}.",
            effective_on=timezone.localdate(), by=by,
        )
        for each in ("fr", "en")
    }  # fmt: skip
    return texts[language]

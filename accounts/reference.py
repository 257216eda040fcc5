"""Reference rows of the room: the licences and, until the real texts are given, placeholders that say so."""

from datetime import date

from django.db import transaction

from accounts.models import (
    Adviser,
    Licence,
    LicenceAnswer,
    LicenceText,
    OpinionRule,
    PersonalDomain,
)
from accounts.services.licences.licence_texts import write_text
from accounts.services.programs import programs
from dinamis.actors import Actor

VERSION = "0"
EFFECTIVE_ON = date(2021, 10, 22)  # the day of the deck that describes the scheme
Signer, Scope = Licence.Signer, Licence.Scope

LICENCES = (
    {
        "code": "charter", "name_fr": "Charte DINAMIS", "name_en": "DINAMIS charter",
        "signer": Signer.LEGAL_REPRESENTATIVE, "scope": Scope.ORGANISATION, "at_joining": True,
        "position": 1,
    },
    {
        "code": "spot67", "name_fr": "Licence SPOT 6-7", "name_en": "SPOT 6-7 licence",
        "signer": Signer.USER, "scope": Scope.USER, "at_joining": True, "position": 2,
        "credit": "© Airbus DS {year}",
    },
    {
        "code": "pleiades", "name_fr": "Licence Pléiades pour utilisateurs institutionnels",
        "name_en": "Pléiades licence for institutional users", "signer": Signer.USER,
        "scope": Scope.PRODUCT, "at_joining": True, "position": 3,
        "credit": "© CNES {year}, distribution Airbus DS",
    },
    {
        "code": "open", "name_fr": "Licence Ouverte 2.0", "name_en": "Open Licence 2.0",
        "signer": Signer.NOBODY, "scope": Scope.USER, "at_joining": False, "position": 4,
        "credit": "DINAMIS, Licence Ouverte / Etalab 2.0",
    },
)  # fmt: skip

# Where administrators start from; they edit the rows.
PERSONAL_DOMAINS = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr",
    "live.com", "live.fr", "msn.com", "yahoo.com", "yahoo.fr", "icloud.com", "me.com",
    "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.fr", "orange.fr", "wanadoo.fr",
    "free.fr", "sfr.fr", "laposte.net", "bbox.fr", "neuf.fr", "mailo.com", "zoho.com",
)  # fmt: skip

_FR = (
    "TEXTE PROVISOIRE, sans valeur juridique. Le texte réel n'est pas public : un administrateur le met "
    "à la place de celui-ci, comme nouvelle version, avant toute mise en service.\n\n"
)
_EN = (
    "PLACEHOLDER, without legal value. The real text is not public: an administrator puts it in place of "
    "this one, as a new version, before going into service.\n\n"
)

TEXTS = {
    ("charter", "fr"): (
        "Charte DINAMIS (texte provisoire)",
        _FR
        + "1. L'organisme adhère au dispositif DINAMIS pour ses missions de service public ou de "
        "recherche, sans usage commercial des images.\n\n"
        "2. Il nomme un référent, qui accepte ou refuse les comptes de ses agents et dit à DINAMIS tout "
        "changement.\n\n"
        "3. Il fait respecter les licences des produits par les personnes qui lui sont rattachées.\n\n"
        "4. Il cite l'origine des images et rend compte de leur usage quand DINAMIS le demande.",
    ),
    ("charter", "en"): (
        "DINAMIS charter (placeholder)",
        _EN
        + "1. The organisation joins DINAMIS for its missions of public service or research, without "
        "commercial use of the images.\n\n"
        "2. It names a referent, who accepts or refuses the accounts of its staff and tells DINAMIS of any "
        "change.\n\n"
        "3. It sees that the people attached to it respect the licences of the products.\n\n"
        "4. It cites the origin of the images and reports on their use when DINAMIS asks.",
    ),
    ("spot67", "fr"): (
        "Licence SPOT 6-7 (texte provisoire)",
        _FR
        + "1. Les images SPOT 6-7 servent à des acteurs publics français, pour un usage non commercial.\n\n"
        "2. Elles ne sont remises à un tiers que s'il a signé la même licence.\n\n"
        "3. Toute publication porte la mention d'origine.",
    ),
    ("spot67", "en"): (
        "SPOT 6-7 licence (placeholder)",
        _EN + "1. SPOT 6-7 images serve French public actors, for a non-commercial use.\n\n"
        "2. They are handed to a third party only if that party has signed the same licence.\n\n"
        "3. Every publication carries the credit line.",
    ),
    ("pleiades", "fr"): (
        "Licence Pléiades pour utilisateurs institutionnels autorisés (texte provisoire)",
        _FR + "1. Le produit sert à une mission de service public, sans usage commercial.\n\n"
        "2. Livré à un utilisateur institutionnel, il peut être remis à tout autre, qui signe la même "
        "licence pour ce produit.\n\n"
        "3. Un prestataire ne s'en sert que dans une commande publique.\n\n"
        "4. Toute publication porte la mention © CNES, l'année, distribution Airbus DS.",
    ),
    ("pleiades", "en"): (
        "Pléiades licence for authorised institutional users (placeholder)",
        _EN + "1. The product serves a mission of public service, without commercial use.\n\n"
        "2. Delivered to one institutional user, it may be handed to any other, who signs the same licence "
        "for this product.\n\n"
        "3. A contractor uses it only within a public order.\n\n"
        "4. Every publication carries the credit © CNES, the year, distribution Airbus DS.",
    ),
    ("open", "fr"): (
        "Licence Ouverte 2.0 (renvoi)",
        (
            "Ce produit est sous Licence Ouverte / Open Licence 2.0 (Etalab) : réutilisation libre, à condition "
            "de citer la source et la date. Rien n'est à signer."
        ),
    ),
    ("open", "en"): (
        "Open Licence 2.0 (reference)",
        (
            "This product is under the Licence Ouverte / Open Licence 2.0 (Etalab): free reuse, provided that "
            "the source and the date are cited. There is nothing to sign."
        ),
    ),
}


Receiver, Verdict = LicenceAnswer.Receiver, LicenceAnswer.Verdict
YES, SIGNED, NO = Verdict.YES, Verdict.WITH_SIGNATURE, Verdict.NO

# What is known of each licence (domain facts: Pléiades and SPOT 6-7 by their public pages, the open
# one by its text); an administrator changes the rows when the real texts are there.
_CREDIT = ("La mention d'origine est portée.", "The credit line is written beside it.")
_SIGNS = (
    "Il signe la même licence pour ce produit : remettez-le depuis sa page.",
    "They sign the same licence for this product: pass it on from its page.",
)
_COLLEAGUE = (
    "Chaque personne signe pour elle-même avant de télécharger.",
    "Each person signs for themselves before downloading.",
)
_CONTRACTOR = (
    "Seulement dans une commande publique, jusqu'à sa fin, et après signature.",
    "Only within a public order, until it ends, and once they have signed.",
)
_FOREIGN = (
    "Le partenaire devient membre, avec l'accord de DINAMIS ; il télécharge ensuite lui-même.",
    "The partner becomes a member, with DINAMIS's agreement, and then downloads by themselves.",
)
_FIGURE = (
    "Une figure dérivée, sans les données d'origine, avec la mention d'origine.",
    "A derived figure, without the original data, with the credit line.",
)
_NOBODY = (
    "Les données ne sont ni publiées ni remises à un usage commercial.",
    "The data are neither published nor handed over for a commercial use.",
)
_FREE = ("Réutilisation libre, source et date citées.", "Free reuse, source and date cited.")
_SHARED = {
    Receiver.ORGANISATION: (SIGNED, _COLLEAGUE),
    Receiver.MEMBER: (SIGNED, _SIGNS),
    Receiver.PUBLIC_ACTOR: (SIGNED, _SIGNS),
    Receiver.CONTRACTOR: (SIGNED, _CONTRACTOR),
    Receiver.FOREIGN_PARTNER: (NO, _FOREIGN),
    Receiver.PUBLICATION: (YES, _FIGURE),
    Receiver.PUBLIC: (NO, _NOBODY),
}
ANSWERS = {
    "spot67": _SHARED,
    "pleiades": _SHARED,
    "open": dict.fromkeys(Receiver, (YES, _FREE)),
}
# Whom the scheme asks (domain.md 1). The addresses are not public: an administrator sets them.
ADVISERS = {"cnes": "CNES", "airbus": "Airbus Defence and Space"}
# Category, adviser, source. In 2016 a company's own research needs Airbus's agreement; pages of 2021 and
# later list it as any other category: an administrator ends the rule by a row of a later day.
OPINIONS = (
    ("private_rd", "airbus", "DRIEE, 2016; not asked for in DINAMIS, 2021"),
    ("european_scientist", "cnes", "DINAMIS, eligible users: CNES examines for Pléiades"),
    ("european_scientist", "airbus", "DINAMIS, eligible users: Airbus examines for SPOT 6-7"),
    ("foreign_scientist", "cnes", "DINAMIS, eligible users: CNES examines for Pléiades"),
    ("foreign_scientist", "airbus", "DINAMIS, eligible users: Airbus examines for SPOT 6-7"),
)


def _load_opinions() -> int:
    made = 0
    for code, name in ADVISERS.items():
        made += Adviser.objects.get_or_create(code=code, defaults={"name": name})[1]
    for category, adviser, source in OPINIONS:
        key = {"category": category, "adviser": adviser, "effective_on": EFFECTIVE_ON}
        made += OpinionRule.objects.get_or_create(**key, defaults={"source": source})[1]
    return made


@transaction.atomic
def load() -> int:
    """Make the rows that are missing; return how many. What an administrator changed stays as it is.

    The list of personal domains is made once: a row that an administrator took out does not come back.
    """
    made = _load_opinions()
    if not PersonalDomain.objects.exists():
        rows = [PersonalDomain(domain=domain) for domain in PERSONAL_DOMAINS]
        made += len(PersonalDomain.objects.bulk_create(rows))
    for row in LICENCES:
        facts = {name: value for name, value in row.items() if name != "code"}
        made += Licence.objects.get_or_create(code=row["code"], defaults=facts)[1]
    for (code, language), (title, body) in TEXTS.items():
        if not LicenceText.objects.filter(
            licence=code, version=VERSION, language=language
        ).exists():
            made += bool(_write(code, language, title, body))
    for code, answers in ANSWERS.items():
        for receiver, (verdict, (french, english)) in answers.items():
            made += LicenceAnswer.objects.get_or_create(
                licence_id=code,
                receiver=receiver,
                defaults={"verdict": verdict, "sentence_fr": french, "sentence_en": english},
            )[1]
    return made + programs.load_reference()


def _write(code: str, language: str, title: str, body: str) -> LicenceText:
    return write_text(
        code, version=VERSION, language=language, title=title, body=body,
        effective_on=EFFECTIVE_ON, is_placeholder=code != "open", by=Actor.system("load_reference"),
    )  # fmt: skip

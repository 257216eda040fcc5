"""Every field of the room: whether it tells of a person, why it is kept, how long, what erasing does.

The words are those of dinamis/personal.py; tests/test_personal.py fails on a field without a line.
"""

from dinamis.personal import ACCOUNT, ACTOR, BY, EVIDENCE, HISTORY, NONE, WHEN, YEAR, Personal
from dinamis.personal import lines as _all

_NAME = Personal("identity", "to say who acts", ACCOUNT, "replaced by “erased person”")
_EMAIL = Personal("contact", "to sign in and to write", ACCOUNT, "replaced by a random address")
_MEMBERSHIP = "while the membership lives, then one year"
_DOSSIER_NAME = Personal("identity", "to know who binds the organisation", _MEMBERSHIP, "blanked")
_DOSSIER_EMAIL = Personal(
    "contact", "to send the links", _MEMBERSHIP, "replaced by a random address"
)
_WORDS = Personal(
    "professional", "to decide and to explain", HISTORY, "blanked where it names a person"
)
_SECRET = Personal(
    "secret", "to recognise what was given", "until it ends", "deleted with what it opens"
)
_FACTS = Personal(
    "identity",
    "evidence of a signature",
    EVIDENCE,
    "stays until its period ends; the chain then still verifies",
)
_PLACE = Personal(
    "technical",
    "evidence of a signature",
    EVIDENCE,
    "stays until its period ends; the chain then still verifies",
)

_TOLD = Personal("professional", "to show a person what they were told", "one year", "deleted")

CLASSIFICATION: dict[str, dict[str, Personal]] = {
    "User": {
        "id": NONE,
        "session_epoch": NONE,
        "full_name": _NAME,
        "email": _EMAIL,
        "password": Personal("secret", "to sign in", ACCOUNT, "made unusable"),
        "public_id": Personal(
            "trace", "what partners and programs know the person by", HISTORY, "stays: says nothing"
        ),
        "language": Personal("identity", "to write in it", ACCOUNT, "back to the usual one"),
        "nationality": Personal("identity", "the Pléiades rules ask for it", ACCOUNT, "blanked"),
        "is_active": NONE,
        "sleep_told_at": WHEN,
        "closed_at": WHEN,
        "joined_at": WHEN,
        "erased_at": WHEN,
        "last_login": Personal("technical", "to close sleeping accounts", ACCOUNT, "blanked"),
    },
    "Delegation": _all("id kind starts_on ends_on ended_at")
    | {"giver": BY, "receiver": BY, "at": WHEN, "reason": _WORDS}
    | ACTOR,
    "DelegationEvent": _all("id delegation step") | {"at": WHEN, "reason": _WORDS} | ACTOR,
    "Duty": _all("id kind since ended_at") | {"user": BY} | ACTOR,
    "Organisation": _all(
        "id name short_name category country siret rnsr ror sector made_at admitted_at"
    ),
    "OrganisationDomain": _all("id organisation domain"),
    "Change": _all(
        "id organisation kind state state_since due_at asked_at reminded_at escalated_at"
    )
    | {
        "before": _DOSSIER_NAME,
        "after": _DOSSIER_NAME,
        "verified_how": _WORDS,
    },
    "ChangeEvent": _all("id change step source target at") | {"reason": _WORDS} | ACTOR,
    "Merger": _all("id absorbed successor moved at") | {"reason": _WORDS} | ACTOR,
    "Supervision": _all("id organisation body name kind since until"),
    # Registers of bodies: no register's column that names a person is kept.
    "DirectoryEntry": _all(
        "id source key name short_name other_names kind country city siret rnsr ror domains "
        "supervisors website is_closed folded_name folded_short folded changed_at"
    ),
    "Membership": _all(
        "id organisation reference state state_since due_at language referent_proved_at "
        "legal_accepted_at proposed_at activated_at ends_on certificate_number certificate_sha256 charter_sha256 "
        "mission order_reference order_ends_on order_body french_member partner_name partner_country"
    )
    | {
        "referent_name": _DOSSIER_NAME,
        "referent_email": _DOSSIER_EMAIL,
        "legal_name": _DOSSIER_NAME,
        "legal_position": _WORDS,
        "legal_email": _DOSSIER_EMAIL,
        "legal_verified_how": _WORDS,
        "answers": Personal(
            "identity", "to go on with the form", "until it is sent", "stays until it is sent"
        ),
        "certificate_file": Personal(
            "identity",
            "the certificate names two people",
            HISTORY,
            "stays while the membership does",
        ),
        "charter_file": Personal(
            "identity",
            "the charter names who accepted it",
            HISTORY,
            "stays while the membership does",
        ),
    },
    "MembershipEvent": _all("id membership step source target at") | {"reason": _WORDS} | ACTOR,
    "Adviser": _all("code language") | {"name": _DOSSIER_NAME, "email": _DOSSIER_EMAIL},
    "OpinionRule": _all("id category adviser is_needed effective_on source"),
    "Opinion": _all(
        "id membership adviser state state_since due_at asked_at answered_at is_counted"
    )
    | {"words": _WORDS},
    "OpinionEvent": _all("id opinion step source target at") | {"reason": _WORDS} | ACTOR,
    "Reminder": _all("id membership key made_at link"),
    "MailedLink": _all(
        "id purpose membership organisation subject_key language made_at sent_at expires_at used_at "
        "replaced_at"
    )
    | {"name": _DOSSIER_NAME, "email": _DOSSIER_EMAIL, "digest": _SECRET},
    "Affiliation": _all(
        "id organisation state state_since due_at is_referent is_current requested_at activated_at "
        "ended_at ends_on end_told_days reminded_at escalated_at"
    )
    | {"user": BY, "position": _WORDS, "statement": _WORDS},
    "AffiliationEvent": _all("id affiliation step source target at") | {"reason": _WORDS} | ACTOR,
    "Invitation": _all(
        "id organisation ends_on language state state_since due_at made_at affiliation"
    )
    | {
        "email": Personal("contact", "to send the link", HISTORY, "replaced by a random address"),
        "full_name": _NAME,
        "position": _WORDS,
    }
    | ACTOR,
    "InvitationEvent": _all("id invitation step at") | ACTOR,
    "PersonalDomain": _all("id domain"),
    "Review": _all("id organisation opened_at due_at reminded_at escalated_at closed_at"),
    "ReviewAct": _all("id review verdict at applies_at undone_at applied_at")
    | {"reason": _WORDS}
    | ACTOR,
    "ReviewDecision": _all("id act affiliation"),
    "Licence": _all(
        "code name_fr name_en signer scope at_joining resign_on_new_version grace_days credit "
        "position"
    ),
    "LicenceText": _all(
        "id licence version language title body markup sha256 seal effective_on is_placeholder"
    ),
    "LicenceAnswer": _all("id licence receiver verdict sentence_fr sentence_en"),
    "LicenceDraft": _all(
        "id licence version title_fr body_fr title_en body_en markup effective_on is_placeholder "
        "reason state state_since due_at"
    )
    | ACTOR,
    "LicenceDraftEvent": _all("id draft step source target at reason") | ACTOR,
    "LicenceNotice": _all("id licence version membership language until at sent_at") | {"user": BY},
    "Signature": _all(
        "id number text licence_code version language text_sha256 subject capacity membership "
        "organisation session_mfa previous_hash hash"
    )
    | {
        "user": Personal(
            "trace", "evidence of a signature", EVIDENCE, "stays: a key without a name"
        ),
        "signed_at": Personal("trace", "evidence of a signature", EVIDENCE, "stays"),
        "facts_digest": Personal(
            "secret", "ties the facts to the chain", EVIDENCE, "stays: salted"
        ),
    }
    | ACTOR,
    "SignerFacts": _all("id signature keep_until erased_at seal")
    | _all("name email position", _FACTS)
    | _all("ip user_agent", _PLACE)
    | {
        "salt": Personal(
            "secret", "hides the facts in the digest", EVIDENCE, "stays as long as they"
        )
    },
    "Receipt": _all("id signature sent_at"),
    "Notice": _all("id key family language channel made_at made_on digest")
    | _all("person title text path mailed_at read_at", _TOLD)
    | {
        "address": Personal(
            "contact", "to tell once somebody without an account", "one year", "deleted"
        )
    },
    "Webhook": _all(
        "id organisation url name subjects state state_since due_at secret old_secret old_until "
        "made_at failing_since failures resting_until busy_until"
    ),
    "WebhookEvent": _all("id webhook step facts at") | ACTOR,
    "WebhookCall": _all(
        "id webhook key message_id type body state state_since due_at attempts made_at"
    ),
    "WebhookAttempt": _all("id call at status fault milliseconds answer"),
    "NoticeChoice": _all("id family channel")
    | {"user": Personal("trace", "to tell them as they wish", ACCOUNT, "deleted")},
    "Digest": _all("id kind on made_at sent_at")
    | {"user": Personal("trace", "to send a digest once", "one year", "deleted")},
    "ChainHead": _all("name length hash"),
    "ApiKey": _all("id organisation scopes made_at expires_at expiry_told_at revoked_at")
    | {
        "user": BY,
        "revoked_by": BY,
        "last_used_ip": Personal("technical", "to notice a stolen key", ACCOUNT, "blanked"),
        "name": Personal("technical", "to tell keys apart", ACCOUNT, "blanked"),
        "access_key": _SECRET,
        "secret_sha256": _SECRET,
        "last_used_at": Personal("technical", "to find sleeping keys", ACCOUNT, "blanked"),
    },
    "PersonEvent": _all("id kind at")
    | {"user": BY, "about": Personal("technical", "to tell keys apart", HISTORY, "stays")}
    | ACTOR,
    "Erasure": _all("id at") | {"user": BY, "reason": _WORDS} | ACTOR,
    "DataExport": _all("id asked_at ready_at expires_at size sha256")
    | {
        "user": BY,
        "storage_name": Personal(
            "technical", "to hand over the copy", "seven days", "the file is deleted"
        ),
    },
    "Partner": _all("id code name base_url enabled trusted compared_at differences"),
    "LinkedAccount": _all(
        "id partner state state_since due_at intent attempts succeeded_at busy_until"
    )
    | {
        "user": BY,
        "remote_id": Personal(
            "trace", "to close the account there", HISTORY, "stays: closing comes after erasing"
        ),
        "told_sha256": Personal("secret", "to see what changed", ACCOUNT, "blanked"),
        "last_error": Personal("technical", "to mend what failed", ACCOUNT, "blanked"),
    },
    "LinkedAccountEvent": _all("id account step source target reason at") | ACTOR,
    "Program": _all("id client_id name kind redirect_uris scopes made_at disabled_at")
    | {"secret_hash": Personal("secret", "to recognise a site", HISTORY, "stays: of no person")},
    "ProgramEvent": _all("id program step facts at") | ACTOR,
    "Event": _all("id kind code status method route")
    | {
        "at": Personal("trace", "security of the service", YEAR, "deleted when the year is over"),
        "user": Personal("trace", "security of the service", YEAR, "deleted when the year is over"),
        "ip": Personal("technical", "security of the service", YEAR, "deleted with the row"),
        "user_agent": Personal(
            "technical", "security of the service", YEAR, "deleted with the row"
        ),
    },
}

# Whose a row is, where no foreign key to the person says so: lookup → attribute of the person.
OWNED: dict[str, dict[str, str]] = {
    "AffiliationEvent": {"affiliation__user": "pk"},
    "LinkedAccountEvent": {"account__user": "pk"},
    "SignerFacts": {"signature__user": "pk"},
    "Notice": {"address": "email"},
}

"""The nouns of the room, one file per subject."""

from accounts.models.affiliation import Affiliation, AffiliationEvent
from accounts.models.api_key import ApiKey
from accounts.models.change import Change, ChangeEvent
from accounts.models.data_export import DataExport
from accounts.models.delegation import Delegation, DelegationEvent
from accounts.models.directory import DirectoryEntry
from accounts.models.erasure import Erasure
from accounts.models.invitation import Invitation, InvitationEvent
from accounts.models.licence import Licence, LicenceText
from accounts.models.licence_answer import LicenceAnswer
from accounts.models.licence_draft import LicenceDraft, LicenceDraftEvent, LicenceNotice
from accounts.models.link import MailedLink
from accounts.models.membership import Membership, MembershipEvent
from accounts.models.merger import Merger
from accounts.models.notice import Digest, Notice, NoticeChoice
from accounts.models.opinion import Adviser, Opinion, OpinionEvent, OpinionRule
from accounts.models.organisation import Organisation, OrganisationDomain
from accounts.models.partner import LinkedAccount, LinkedAccountEvent, Partner
from accounts.models.person_event import PersonEvent
from accounts.models.personal_domain import PersonalDomain
from accounts.models.program import Program, ProgramEvent
from accounts.models.reminder import Reminder
from accounts.models.review import Review, ReviewAct, ReviewDecision
from accounts.models.signature import ChainHead, Receipt, Signature, SignerFacts
from accounts.models.supervision import Supervision
from accounts.models.trail import Event
from accounts.models.user import Duty, User
from accounts.models.webhook import Webhook, WebhookAttempt, WebhookCall, WebhookEvent

__all__ = [
    "Adviser",
    "Affiliation",
    "AffiliationEvent",
    "ApiKey",
    "ChainHead",
    "Change",
    "ChangeEvent",
    "DataExport",
    "Delegation",
    "DelegationEvent",
    "Digest",
    "DirectoryEntry",
    "Duty",
    "Erasure",
    "Event",
    "Invitation",
    "InvitationEvent",
    "Licence",
    "LicenceAnswer",
    "LicenceDraft",
    "LicenceDraftEvent",
    "LicenceNotice",
    "LicenceText",
    "LinkedAccount",
    "LinkedAccountEvent",
    "MailedLink",
    "Membership",
    "MembershipEvent",
    "Merger",
    "Notice",
    "NoticeChoice",
    "Opinion",
    "OpinionEvent",
    "OpinionRule",
    "Organisation",
    "OrganisationDomain",
    "Partner",
    "PersonEvent",
    "PersonalDomain",
    "Program",
    "ProgramEvent",
    "Receipt",
    "Reminder",
    "Review",
    "ReviewAct",
    "ReviewDecision",
    "Signature",
    "SignerFacts",
    "Supervision",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookCall",
    "WebhookEvent",
]

"""What is asked: rules, quotes, orders, lines and what becomes of them; the ledger's tables with them."""

from orders.ledger.models import Account, Milestone, Movement, Period
from orders.models.acquisition import Acquisition
from orders.models.approval import ApprovalRow, Judgement, TargetRow
from orders.models.arrival import Arrival, ArrivalEvent, ArrivalFile, InboxLook
from orders.models.attempt import Attempt
from orders.models.basket import BasketItem
from orders.models.calendar import CalendarFeed
from orders.models.closing import Closing, ClosingEvent
from orders.models.decision import Decision, DecisionEvent, DeskNote, ReasonText
from orders.models.delivery import Delivery, DeliveryFile
from orders.models.event import LineEvent
from orders.models.joint import JointEvent, JointPart, JointRequest
from orders.models.late import LateMail
from orders.models.ledger_check import LedgerCheck
from orders.models.line import Line
from orders.models.modulation import Modulation, ModulationEvent
from orders.models.odds import CloudClimate, OddsSetting
from orders.models.offer import Offer
from orders.models.order import Order
from orders.models.pool import Contribution, Pledge, Pool, PoolDraw, PoolEvent, PoolVote
from orders.models.preference import OrderPreference
from orders.models.price import Ceiling, ContributorOffer, PlaceRow, PriceRow, UnitRow
from orders.models.project import Project, ProjectEvent, Track
from orders.models.project_parts import ProjectArea, ProjectPartner, ProjectWish
from orders.models.project_report import ProjectReport, Publication
from orders.models.project_review import (
    Criterion,
    ProjectReview,
    ProjectReviewEvent,
    ReviewScore,
    mean_of,
)
from orders.models.project_share import ProjectShare
from orders.models.question import Question, QuestionEvent
from orders.models.quota_request import QuotaRequest, QuotaRequestEvent
from orders.models.quota_rules import AlertRule, CarryRule, PendingWeight, SecondPersonRule
from orders.models.quote import Quote
from orders.models.reconciliation import Difference, Reconciliation
from orders.models.reuse import Reuse
from orders.models.rule import RuleVersion, RuleVersionEvent
from orders.models.rule_rows import (
    Delay,
    LicenceRule,
    MinimumArea,
    Multiplier,
    PurseOrder,
    TaskingDefault,
)
from orders.models.series import Occurrence, Series, SeriesEvent
from orders.models.standin import Standin, StandinEvent
from orders.models.supplier import Supplier, SupplierEvent, SupplierPulse, SupplierService
from orders.models.supplier_call import SupplierCall, SupplierMessage
from orders.models.supplier_order import SupplierOrder

__all__ = [
    "Account",
    "Acquisition",
    "AlertRule",
    "ApprovalRow",
    "Arrival",
    "ArrivalEvent",
    "ArrivalFile",
    "Attempt",
    "BasketItem",
    "CalendarFeed",
    "CarryRule",
    "Ceiling",
    "Closing",
    "ClosingEvent",
    "CloudClimate",
    "Contribution",
    "ContributorOffer",
    "Criterion",
    "Decision",
    "DecisionEvent",
    "Delay",
    "Delivery",
    "DeliveryFile",
    "DeskNote",
    "Difference",
    "InboxLook",
    "JointEvent",
    "JointPart",
    "JointRequest",
    "Judgement",
    "LateMail",
    "LedgerCheck",
    "LicenceRule",
    "Line",
    "LineEvent",
    "Milestone",
    "MinimumArea",
    "Modulation",
    "ModulationEvent",
    "Movement",
    "Multiplier",
    "Occurrence",
    "OddsSetting",
    "Offer",
    "Order",
    "OrderPreference",
    "PendingWeight",
    "Period",
    "PlaceRow",
    "Pledge",
    "Pool",
    "PoolDraw",
    "PoolEvent",
    "PoolVote",
    "PriceRow",
    "Project",
    "ProjectArea",
    "ProjectEvent",
    "ProjectPartner",
    "ProjectReport",
    "ProjectReview",
    "ProjectReviewEvent",
    "ProjectShare",
    "ProjectWish",
    "Publication",
    "PurseOrder",
    "Question",
    "QuestionEvent",
    "QuotaRequest",
    "QuotaRequestEvent",
    "Quote",
    "ReasonText",
    "Reconciliation",
    "Reuse",
    "ReviewScore",
    "RuleVersion",
    "RuleVersionEvent",
    "SecondPersonRule",
    "Series",
    "SeriesEvent",
    "Standin",
    "StandinEvent",
    "Supplier",
    "SupplierCall",
    "SupplierEvent",
    "SupplierMessage",
    "SupplierOrder",
    "SupplierPulse",
    "SupplierService",
    "TargetRow",
    "TaskingDefault",
    "Track",
    "UnitRow",
    "mean_of",
]

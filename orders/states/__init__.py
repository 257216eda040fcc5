"""The lives of what is ordered, as tables. A line has three: approval, supply, money."""

from orders.states.acquisition import ACQUISITION, AcquisitionState
from orders.states.approval import APPROVAL, Approval
from orders.states.arrival import ARRIVAL, ArrivalState
from orders.states.attempt import ATTEMPT, AttemptState
from orders.states.closing import CLOSING, ClosingState
from orders.states.decision import DECISION, DecisionState
from orders.states.delivery import DELIVERY, DeliveryState
from orders.states.joint import JOINT, JointState
from orders.states.modulation import MODULATION, ModulationState
from orders.states.money import MONEY, Money
from orders.states.partner import PARTNERSHIP, PartnerState
from orders.states.pool import DRAW, PLEDGE, POOL, DrawState, PledgeState, PoolState
from orders.states.project import PROJECT, ProjectState
from orders.states.question import QUESTION, QuestionState
from orders.states.quota_request import QUOTA_REQUEST, QuotaRequestState
from orders.states.report import REPORT, ReportState
from orders.states.review import REVIEW, ReviewState
from orders.states.rules import RULES, RuleState
from orders.states.series import OCCURRENCE, SERIES, OccurrenceState, SeriesState
from orders.states.supplier_call import SUPPLIER_CALL, CallState
from orders.states.supply import SUPPLY, Supply

# The three lives of a line, by the name of the column that holds each.
LINE_LIVES = {"approval": APPROVAL, "supply": SUPPLY, "money": MONEY}

__all__ = [
    "ACQUISITION",
    "APPROVAL",
    "ARRIVAL",
    "ATTEMPT",
    "CLOSING",
    "DECISION",
    "DELIVERY",
    "DRAW",
    "JOINT",
    "LINE_LIVES",
    "MODULATION",
    "MONEY",
    "OCCURRENCE",
    "PARTNERSHIP",
    "PLEDGE",
    "POOL",
    "PROJECT",
    "QUESTION",
    "QUOTA_REQUEST",
    "REPORT",
    "REVIEW",
    "RULES",
    "SERIES",
    "SUPPLIER_CALL",
    "SUPPLY",
    "AcquisitionState",
    "Approval",
    "ArrivalState",
    "AttemptState",
    "CallState",
    "ClosingState",
    "DecisionState",
    "DeliveryState",
    "DrawState",
    "JointState",
    "ModulationState",
    "Money",
    "OccurrenceState",
    "PartnerState",
    "PledgeState",
    "PoolState",
    "ProjectState",
    "QuestionState",
    "QuotaRequestState",
    "ReportState",
    "ReviewState",
    "RuleState",
    "SeriesState",
    "Supply",
]

"""Every field of the room: whether it tells of a person, why it is kept, how long, what erasing does.

The words are those of dinamis/personal.py; tests/test_personal.py fails on a field without a line.
"""

from dinamis.personal import ACCOUNT, ACTOR, BY, HISTORY, WHEN, Personal
from dinamis.personal import lines as _all

_WORDS = Personal(
    "professional", "to decide and to account for", HISTORY, "stays: the order's own account"
)
_PLACE = Personal(
    "place", "to produce, task and count the image", HISTORY, "stays: no name is beside it"
)
_REASON = _all("reason_said") | {"reason": _WORDS}
_LIVING = _all("state_since due_at")
_WISH = _all(
    "kind sensor scene area_km2 whole_scene mode options window_starts_on window_ends_on max_cloud "
    "max_incidence tries without accept_cloud min_bh max_bh"
) | {"area": _PLACE}
_RULE = _all("id version source")

CLASSIFICATION: dict[str, dict[str, Personal]] = {
    "CalendarFeed": _all("made_at")
    | {
        "user": Personal("trace", "to know whose calendar it is", ACCOUNT, "deleted"),
        "digest": Personal("secret", "to find the calendar by its address", ACCOUNT, "deleted"),
        "sealed": Personal("secret", "to show the address again", ACCOUNT, "deleted"),
    },
    "Supplier": _all(
        "id key name kind base_url credentials options is_active is_experimental places_by_itself "
        "preference rate_per_second poll_minutes settle_seconds"
    )
    | {
        "email": Personal(
            "professional", "to send it orders", "while it is a supplier", "stays: a desk's address"
        )
    },
    "SupplierService": _all("id supplier service sensor product starts_on ends_on"),
    "SupplierPulse": _all(
        "id supplier lane_by lane_until next_call_at faults open_until banned_until last_success_at "
        "last_fault_at last_fault paused_at paused_reason next_poll_at cycle_since cycle_began_at "
        "cycle_cursor polled_at"
    ),
    "SupplierEvent": _all("id supplier act about") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "SupplierOrder": _all(
        "id supplier line reference their_reference stage stage_at reason code price digest trouble "
        "made_at looked_at next_look_at ended_at files_due_at"
    )
    | {"asked": _PLACE},
    "SupplierCall": _LIVING
    | _all(
        "id supplier order verb key facts state claim claimed_until attempts next_at made_at sent_at "
        "answered_at outcome answer_digest"
    ),
    "SupplierMessage": _all(
        "id supplier identifier is_signed body received_at taken_in_at outcome"
    ),
    "Reconciliation": _all("id supplier began_at ended_at ours theirs failed") | ACTOR,
    "Difference": _all("id reconciliation what order reference their_reference ours theirs"),
    "Period": _all("id sensor label unit starts_on ends_on opened_at") | ACTOR,
    "Account": _all("id period kind owner_kind owner_key balance movements moved_at seal"),
    "CloudClimate": _all("id code name west south east north months source is_assumed"),
    "OddsSetting": _all(
        "sensor height_km turns_a_day tried_share prior_weight cloud_sharpness source"
    ),
    "Closing": _LIVING
    | _all("id period next_period state digest carried expired made_at closed_at")
    | ACTOR,
    "ClosingEvent": _all("id closing step target") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "AlertRule": _RULE | _all("sensor account_kind percent"),
    "PendingWeight": _RULE | _all("stage percent"),
    "CarryRule": _RULE | _all("sensor account_kind up_to_percent"),
    "Milestone": _all("id account at kind taken given count"),
    "Movement": _all("id from_account to_account kind amount hold deed key rule_version digest")
    | {
        "at": WHEN,
        "reason": Personal(
            "professional",
            "to account for the quota",
            HISTORY,
            "stays: the ledger is never changed",
        ),
    }
    | ACTOR,
    "RuleVersion": _LIVING
    | _all("id code effective_from state approved_at copied_from note quote_days")
    | ACTOR,
    "RuleVersionEvent": _all("id version step target") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "Modulation": _LIVING
    | _all(
        "id period aim rule amount share floor towards submission state digest moved count "
        "made_at applied_at"
    )
    | {"reason": _WORDS}
    | ACTOR,
    "ModulationEvent": _all("id modulation step target") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "SecondPersonRule": _RULE | _all("sensor alone_up_to"),
    "MinimumArea": _RULE | _all("sensor kind km2"),
    "Multiplier": _RULE | _all("mode factor"),
    "PriceRow": _RULE
    | _all(
        "category sensor kind place mode reach terms eur_per_unit cofunder_eur_per_unit is_assumed"
    ),
    "UnitRow": _RULE | _all("sensor kind unit"),
    "PlaceRow": _RULE | _all("place rank centre_lon centre_lat radius_km geometry is_approximate"),
    "Ceiling": _RULE | _all("scope sensor category most"),
    "ContributorOffer": _RULE | _all("sensor eur attempts about_km2"),
    "PurseOrder": _RULE | _all("rank purse else_next may_overtake"),
    "TaskingDefault": _RULE
    | _all(
        "sensor tries most_tries least_window_days most_window_days cloud incidence most_incidence "
        "answer_days silence cancel_hours"
    ),
    "LicenceRule": _RULE | _all("sensor licence before_order"),
    "Delay": _RULE | _all("sensor kind least_days most_days"),
    "ApprovalRow": _RULE | _all("category sensor kind most_units most_similar needs_project"),
    "TargetRow": _RULE | _all("stage kind days"),
    "Judgement": _all("id line rule_version is_approved answers") | {"at": WHEN},
    "Decision": _all(
        "id line verb quote batch state takes_effect_at settled_at obstacle"
        " obstacle_code obstacle_facts"
    )
    | {"reason": _WORDS, "made_at": WHEN}
    | ACTOR,
    "DecisionEvent": _all("id decision step target") | {"at": WHEN} | ACTOR,
    "LateMail": _all("id day count sent_at"),
    "LedgerCheck": _all("id began_at ended_at movements accounts faults said"),
    "ReasonText": _all("code step title_fr title_en text_fr text_en order is_offered"),
    "DeskNote": _all("id order") | {"text": _WORDS, "at": WHEN} | ACTOR,
    "OrderPreference": _all("organisation referent_approves"),
    "Quote": _WISH
    | _all(
        "id key reference organisation project category unit units least_units factor units_per_try terms "
        "price_eur rule_version explained purse purse_before available is_provisional least_days "
        "most_days expires_at beyond quota_units paid_units cofunded_eur asked_km2 subtracted_km2 place place_shares"
    )
    | {"requester": BY, "made_at": WHEN, "asked_area": _PLACE},
    "Project": _LIVING
    | _all(
        "id reference organisation track themes starts_on ends_on joins_requests state submitted_at "
        "approved_at"
    )
    | {"lead": BY, "made_at": WHEN}
    | _all("title abstract objectives method expected", _WORDS),
    "BasketItem": _all("id project scene area")
    | {"note": _WORDS, "added_by": BY, "added_at": WHEN},
    "ProjectArea": _all("id project name area_km2") | {"geometry": _PLACE},
    "ProjectShare": _all("id project sensor year units state made_at settled_at")
    | {"reason": _WORDS},
    "ProjectWish": _all("id project sensor kind images km2 offered"),
    "ProjectPartner": _LIVING
    | _all("id project organisation body role state language")
    | {
        "user": BY,
        "name": Personal("identity", "to invite a partner", HISTORY, "replaced by “erased person”"),
        "email": Personal(
            "contact", "to invite a partner", HISTORY, "replaced by a random address"
        ),
    },
    "ProjectReport": _LIVING
    | _all("id project kind state asked_at asked_again_at escalated_at given_at")
    | {"text": _WORDS},
    "Publication": _all("id project doi title year added_at removed_at") | ACTOR,
    "Criterion": _all("code track name_fr name_en weight order is_asked"),
    "ProjectReview": _LIVING
    | _all("id project body language state advice answered_at reminded_at asked_at")
    | _all("for_desk for_lead", _WORDS)
    | {
        "name": Personal("identity", "to ask a reviewer", HISTORY, "replaced by “erased person”"),
        "email": Personal("contact", "to ask a reviewer", HISTORY, "replaced by a random address"),
    },
    "ReviewScore": _all("id review criterion value weight"),
    "ProjectReviewEvent": _all("id review step source target")
    | {"reason": _WORDS, "at": WHEN}
    | ACTOR,
    "ProjectEvent": _all("id project step source target facts")
    | {"reason": _WORDS, "at": WHEN}
    | ACTOR,
    "Pool": _LIVING
    | _all("id period threshold rule vote_days keeper submission state")
    | {"founder": BY, "title": _WORDS, "aim": _WORDS, "made_at": WHEN},
    "Pledge": _LIVING | _all("id pool organisation amount submission state") | {"person": BY},
    "PoolDraw": _LIVING | _all("id pool line units state") | {"made_at": WHEN},
    "PoolVote": _all("id draw organisation agrees") | {"at": WHEN} | ACTOR,
    "PoolEvent": _all("id pool organisation draw life step amount")
    | {"reason": _WORDS, "at": WHEN}
    | ACTOR,
    "Contribution": _all("id organisation period pool eur attempts rule_version order_number")
    | {"at": WHEN}
    | ACTOR,
    "JointRequest": _LIVING
    | _all("id sensor mode unit units units_per_try starts_on ends_on state")
    | {"made_at": WHEN},
    "JointPart": _all("id joint line share alone agrees"),
    "JointEvent": _all("id joint part step") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "Reuse": _all("id kind quote line product sensor organisation km2 units unit")
    | {"person": BY, "at": WHEN},
    "QuotaRequest": _LIVING
    | _all("id organisation period amount granted submission state")
    | {"requester": BY, "reason": _WORDS, "made_at": WHEN},
    "QuotaRequestEvent": _all("id request step target") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "Order": _all("id reference organisation submission project joins_requests")
    | {"requester": BY, "title": _WORDS, "purpose": _WORDS, "made_at": WHEN},
    "Line": _WISH
    | _LIVING
    | _all(
        "id order number reference quote proposed_quote approval supply money supplier_reference "
        "product order_number invoice_reference paid_on queued_at waits_on asks"
    )
    | {"payer": _WORDS},
    "LineEvent": _all("id line life step source target facts")
    | {"reason": _WORDS, "at": WHEN}
    | ACTOR,
    "Attempt": _all("id line number platform planned_at units state cloud_cover") | _LIVING,
    "Acquisition": _LIVING
    | _all(
        "id line attempt identifier platform acquired_at cloud_cover cloud_over_area incidence "
        "footprint covered_km2 quicklook quicklook_corners silence state"
    ),
    "Question": _LIVING
    | _all("id line kind acquisition attempt facts options silence state answer")
    | {"said": _WORDS, "asked_at": WHEN},
    "QuestionEvent": _all("id question step answer") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "Standin": _all("id organisation starts_on ends_on ended_at")
    | {"giver": BY, "receiver": BY, "at": WHEN}
    | ACTOR,
    "StandinEvent": _all("id standin step") | {"at": WHEN} | ACTOR,
    "Series": _LIVING
    | _all(
        "id reference organisation project sensor area_km2 mode options max_cloud accept_cloud "
        "max_incidence min_bh max_bh tries submission state"
    )
    | {"requester": BY, "title": _WORDS, "purpose": _WORDS, "area": _PLACE, "made_at": WHEN},
    "Occurrence": _LIVING | _all("id series number starts_on ends_on line refusal state"),
    "SeriesEvent": _all("id series occurrence step") | {"reason": _WORDS, "at": WHEN} | ACTOR,
    "Offer": _all("id line product overlap_km2 made_at taken_at"),
    "Delivery": _LIVING
    | _all(
        "id key name source is_staged asked licence embargo_until line state notes pictures without_pixels "
        "is_read received_at products arrival claimed_until"
    )
    | _REASON
    | ACTOR,
    "Arrival": _LIVING
    | _all(
        "id key supplier name path going_to is_folder mark mark_since size files state error seen_at "
        "claimed_until supplier_order handed"
    )
    | _REASON,
    "ArrivalFile": _all("id arrival path size stamp is_fetched"),
    "ArrivalEvent": _all("id arrival step source target") | _REASON | {"at": WHEN} | ACTOR,
    "InboxLook": _all("id place looked_at things error failing_since"),
    "DeliveryFile": _all("id delivery path role size product stated sha256 storage_name"),
}

# Whose a row is, where no foreign key to the person says so: lookup → attribute of the person.
OWNED: dict[str, dict[str, str]] = {
    "Line": {"order__requester": "pk"},
    "LineEvent": {"line__order__requester": "pk"},
    "ProjectEvent": {"project__lead": "pk"},
    "JointPart": {"line__order__requester": "pk"},
    "PoolDraw": {"line__order__requester": "pk"},
    "QuotaRequestEvent": {"request__requester": "pk"},
    "ProjectPartner": {"email__iexact": "email"},
    "ProjectReview": {"email__iexact": "email"},
}

"""The rows of orders: the first page, asking, following, the quota, the desk, the API."""

from django.utils import timezone

from tests.routes.table import (
    ABSENT,
    BUDGET,
    DESK,
    DONE,
    MEMBER,
    OWNER,
    PUBLIC,
    SEES_ORDER,
    SIGNED_IN,
    Route,
    for_programs,
    only,
)

NOTHING = 9_999_999
NO_KEY = "00000000-0000-4000-8000-000000000000"
NO_ORDER = "C-1999-9999"
NOBODY_KNOWS = "DS_PHR1B_201312021402555_FR1_PX_W053N04_0922_01804"
NO_PROJECT = "P-1999-9999"
PROJECT = {
    "title": "Coast",
    "track": "dinamis",
    "wish-TOTAL_FORMS": "0",
    "wish-INITIAL_FORMS": "0",
}
QUOTA = only("quota_administrator", status=DONE)
ADMINISTRATOR_DOES = only("administrator", status=DONE)
SIZE = {"amount": "200", "reason": "More for the coast.", "submission": "form-routes"}


def size(what: str, **more: object) -> dict[str, object]:
    return {f"{what}-{key}": value for key, value in {**SIZE, **more}.items()}


ROUTES = [
    Route("home", get=PUBLIC, is_public=True),
    Route("ways", get=PUBLIC, is_public=True),
    Route(
        "quota_left",
        query=lambda w: f"area={w.area.key}",
        get=MEMBER
        | dict.fromkeys(("unaffiliated", "desk", "quota_administrator", "administrator"), 204),
    ),
    # The trail.
    Route("organisation_trail", get=only("referent", "other_referent")),
    Route(
        "organisation_trail",
        case="of another organisation",
        query=lambda w: f"of={w.laboratory.pk}",
        get=only("referent", other_referent=404),
    ),
    Route("account_trail", get=SIGNED_IN),
    Route(
        "desk_trail_organisation",
        args=lambda w: [w.laboratory.pk],
        get=only("desk", "administrator"),
    ),
    Route("desk_trail_person", args=lambda w: [w.researcher.pk], get=only("desk", "administrator")),
    # Asking.
    Route(
        "order_new",
        query=lambda w: f"scene={w.scene.item_id}&area={w.area.key}",
        get=MEMBER,
        post=only("researcher", "other_researcher", "referent", status=DONE),
        sent=lambda w: w.options,
    ),
    Route(
        "order_new",
        case="an image that nobody knows",
        query=lambda w: f"identifier={NOBODY_KNOWS}",
        get=MEMBER,
        post=only("researcher", "other_researcher", "referent", status=DONE),
        sent=lambda w: w.options,
    ),
    Route(
        "tasking_new",
        query=lambda w: f"area={w.area.key}",
        get=MEMBER,
        post=only("researcher", "other_researcher", "referent", status=DONE),
        sent=lambda w: w.options | w.window,
    ),
    Route(
        "quote",
        args=lambda w: [w.quote.key],
        absent=[NO_KEY],
        get=OWNER,
        post=only("researcher", status=DONE, others=404),
        sent=lambda w: {"title": "Coast", "purpose": "To follow it.", "submission": "routes"},
    ),
    Route(
        "quote_beyond",
        args=lambda w: [w.quote.key],
        absent=[NO_KEY],
        post=only("researcher", status=DONE, others=404),
    ),
    Route("charge", args=lambda w: [w.line.quote.key], absent=[NO_KEY], get=SEES_ORDER),
    Route("charge", case="not sent", args=lambda w: [w.quote.key], get=OWNER),
    Route("charge_pdf", args=lambda w: [w.line.quote.key], absent=[NO_KEY], get=SEES_ORDER),
    Route("compare", query=lambda w: f"area={w.area.key}", get=MEMBER),
    # Following.
    Route("orders", get=SIGNED_IN),
    Route("order", args=lambda w: [w.line.order.reference], absent=[NO_ORDER], get=SEES_ORDER),
    Route(
        "line_step",
        case="the owner's",
        args=lambda w: [w.line.order.reference, 1, "withdraw"],
        absent=[NO_ORDER, 1, "withdraw"],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
    ),
    Route(
        "line_step",
        case="the desk's",
        args=lambda w: [w.line.order.reference, 1, "accept"],
        absent=[NO_ORDER, 1, "accept"],
        post=only("desk", status=DONE, others=404, researcher=403, referent=403),
    ),
    Route(
        "line_step",
        case="not now",
        args=lambda w: [w.line.order.reference, 1, "place"],
        absent=[NO_ORDER, 1, "place"],
        post=only("desk", status=409, others=404, researcher=403, referent=403),
        sent=lambda w: {"supplier_reference": "SO-1"},
    ),
    Route(
        "line_step",
        case="unknown",
        args=lambda w: [w.line.order.reference, 1, "nothing"],
        post=only(others=404),
    ),
    Route("acquisition_quicklook", args=lambda w: [w.image.pk], absent=[NOTHING], get=SEES_ORDER),
    Route(
        "acquisition_answer",
        args=lambda w: [w.image.pk, "accept"],
        absent=[NOTHING, "accept"],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
    ),
    # The quota.
    Route("quota", get=MEMBER),
    Route("quota_csv", args=lambda w: [w.period.pk], get=MEMBER),
    Route(
        "quota_csv",
        case="unknown",
        args=lambda w: [NOTHING],
        get=only("researcher", "other_researcher", "referent", status=404),
    ),
    Route("quota_budget", get=only("desk", "quota_administrator", "administrator", status=DONE)),
    Route("quota_open", args=lambda w: ["pleiades"], post=QUOTA, sent=lambda w: {"year": "2031"}),
    Route(
        "quota_open",
        case="misshapen",
        args=lambda w: ["pleiades"],
        post=QUOTA,
        sent=lambda w: {"year": "never"},
    ),
    Route(
        "quota_open",
        case="unknown",
        args=lambda w: ["nothing"],
        post=only("quota_administrator", status=404),
        sent=lambda w: {"year": "2031"},
    ),
    Route("quota_period", args=lambda w: [w.period.pk], get=BUDGET),
    Route(
        "quota_period",
        case="unknown",
        args=lambda w: [NOTHING],
        get=only("desk", "quota_administrator", "administrator", status=404),
    ),
    Route("quota_period_csv", args=lambda w: [w.period.pk], get=BUDGET),
    Route(
        "quota_change",
        case="budget",
        args=lambda w: [w.period.pk, "budget"],
        post=QUOTA,
        sent=lambda w: size("budget", amount="20000"),
    ),
    Route(
        "quota_change",
        case="reserve",
        args=lambda w: [w.period.pk, "reserve"],
        post=QUOTA,
        sent=lambda w: size("reserve"),
    ),
    Route(
        "quota_change",
        case="organisation",
        args=lambda w: [w.period.pk, "organisation"],
        post=QUOTA,
        sent=lambda w: size("organisation", organisation=w.park.pk),
    ),
    Route(
        "quota_change",
        case="common",
        args=lambda w: [w.period.pk, "common"],
        post=QUOTA,
        sent=lambda w: size("common", category="research"),
    ),
    Route(
        "quota_change",
        case="misshapen",
        args=lambda w: [w.period.pk, "budget"],
        post=only("quota_administrator", status=422),
    ),
    Route(
        "quota_change",
        case="unknown",
        args=lambda w: [NOTHING, "budget"],
        post=only("quota_administrator", status=404),
        sent=lambda w: size("budget"),
    ),
    # Projects.
    Route("projects", get=SIGNED_IN),
    Route(
        "project_new",
        get=MEMBER,
        post=only("researcher", "other_researcher", "referent", status=DONE),
        sent=lambda w: PROJECT,
    ),
    Route("project", args=lambda w: [w.project.reference], absent=[NO_PROJECT], get=SEES_ORDER),
    Route(
        "project",
        case="draft",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        get=only("researcher", "referent", others=404),
    ),
    Route(
        "project_edit",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        get=only("researcher", others=404, referent=403),
        post=only("researcher", status=DONE, others=404, referent=403),
        sent=lambda w: PROJECT,
    ),
    Route(
        "project_edit",
        case="sent",
        args=lambda w: [w.project.reference],
        absent=[NO_PROJECT],
        get=only("researcher", status=409, others=404, referent=403, desk=403),
        post=only("researcher", status=409, others=404, referent=403, desk=403),
        sent=lambda w: PROJECT,
    ),
    Route(
        "project_areas",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        post=only("researcher", status=DONE, others=404, referent=403),
        sent=lambda w: {"area-text": "-52.4, 4.8, -52.2, 5"},
    ),
    Route(
        "project_area_remove",
        args=lambda w: [w.project_draft.reference, w.project_area.pk],
        absent=[NO_PROJECT, NOTHING],
        post=only("researcher", status=DONE, others=404, referent=403),
    ),
    Route(
        "project_partners",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        post=only("researcher", status=DONE, others=404, referent=403),
        sent=lambda w: {
            "partner-name": "New",
            "partner-email": "new@elsewhere.example",
            "partner-body": "Elsewhere",
            "partner-role": "field",
            "partner-language": "en",
        },
    ),
    Route(
        "project_partner_step",
        args=lambda w: [w.project_draft.reference, w.partner.pk, "remove"],
        absent=[NO_PROJECT, NOTHING, "remove"],
        post=only("researcher", status=DONE, others=404, referent=403),
    ),
    Route(
        "project_partner_answer",
        args=lambda w: [w.invited.pk, "accept"],
        absent=[NOTHING, "accept"],
        post=only("unaffiliated", status=DONE, others=404),
    ),
    Route(
        "project_partner",
        args=lambda w: [w.tokens["project_partner"]],
        absent=["nothing"],
        get=PUBLIC,
        post=PUBLIC,
        sent=lambda w: {"answer": "accept"},
        is_public=True,
    ),
    Route(
        "project_step",
        args=lambda w: [w.project.reference, "withdraw"],
        absent=[NO_PROJECT, "withdraw"],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
    ),
    # The rules of the scheme.
    Route("rules", get=BUDGET),
    Route("rules_version", args=lambda w: ["2026-01"], get=BUDGET),
    Route(
        "rules_version",
        case="unknown",
        args=lambda w: ["1999-01"],
        get=only("desk", "quota_administrator", "administrator", status=404),
    ),
    Route(
        "rules_copy",
        args=lambda w: ["2026-01"],
        post=ADMINISTRATOR_DOES,
        sent=lambda w: {"code": "routes", "effective_from": timezone.localdate().isoformat()},
    ),
    Route(
        "rules_copy",
        case="misshapen",
        args=lambda w: ["2026-01"],
        post=only("administrator", status=422),
        sent=lambda w: {"code": ""},
    ),
    Route(
        "rules_facts",
        args=lambda w: [w.draft_rules.code],
        post=ADMINISTRATOR_DOES,
        sent=lambda w: {
            "effective_from": w.draft_rules.effective_from.isoformat(),
            "quote_days": "20",
            "note": "Shorter.",
        },
    ),
    Route(
        "rules_facts",
        case="not now",
        args=lambda w: ["2026-01"],
        post=only("administrator", status=409),
        sent=lambda w: {"effective_from": "2026-01-01", "quote_days": "20"},
    ),
    Route(
        "rules_rows",
        args=lambda w: [w.draft_rules.code, "multiplier"],
        get=only("administrator"),
        post=only("administrator", status=422),
    ),
    Route(
        "rules_rows",
        case="unknown",
        args=lambda w: [w.draft_rules.code, "nothing"],
        get=only("administrator", status=404),
        post=only("administrator", status=404),
    ),
    Route(
        "rules_step",
        args=lambda w: [w.draft_rules.code, "drop"],
        post=ADMINISTRATOR_DOES,
        sent=lambda w: {"reason": "Never mind."},
    ),
    Route(
        "rules_step",
        case="not now",
        args=lambda w: ["2026-01", "drop"],
        post=only("administrator", status=409),
        sent=lambda w: {"reason": "Never mind."},
    ),
    Route(
        "rules_step",
        case="unknown",
        args=lambda w: [w.draft_rules.code, "nothing"],
        post=only("administrator", status=404),
    ),
    # The desk.
    Route("desk", get=DESK),
    Route("desk_accounts", get=DESK),
    Route("desk_accounts_csv", get=DESK),
    Route(
        "desk_deliveries",
        get=DESK,
        post=only("desk", status=422),
        sent=lambda w: {"order": "C-2026-0001"},
    ),
    Route(
        "desk_mergers",
        get=DESK,
        post=only("desk", status=422),
        sent=lambda w: {"absorbed": w.park.pk, "successor": w.laboratory.pk, "reason": ""},
    ),
    Route(
        "delivery_publish",
        case="for an order nobody knows",
        args=lambda w: [w.delivery.pk],
        post=only("desk", status=404, others=404),
        sent=lambda w: {"order": "C-1999-0001"},
    ),
    Route(
        "delivery_publish",
        case="not now",
        args=lambda w: [w.settled.pk],
        absent=[NOTHING],
        post=only("desk", status=409, others=404),
    ),
    Route(
        "delivery_refuse",
        args=lambda w: [w.delivery.pk],
        absent=[NOTHING],
        post=only("desk", status=DONE, others=404),
        sent=lambda w: {"reason": "Not ours."},
    ),
    # Of the demonstration alone, which this is not.
    Route("desk_mail", get=ABSENT, is_public=True),
    Route("desk_accept_many", post=only("desk", status=DONE), sent=lambda w: {"line": [w.line.pk]}),
    Route("desk_lines", args=lambda w: ["decide"], get=DESK),
    Route("desk_lines", case="unknown", args=lambda w: ["nothing"], get=only("desk", status=404)),
    Route(
        "attempt_plan",
        args=lambda w: [w.tasking.pk],
        post=only("desk", status=DONE),
        sent=lambda w: {"planned_at": "2026-12-01T10:00"},
    ),
    Route(
        "attempt_propose",
        args=lambda w: [w.planned.pk],
        get=DESK,
        post=only("desk", status=422),
        sent=lambda w: {"cloud_cover": "200"},
    ),
    Route("attempt_record", args=lambda w: [w.planned.pk, "made"], post=only("desk", status=DONE)),
    Route(
        "attempt_record",
        case="unknown",
        args=lambda w: [w.planned.pk, "nothing"],
        post=only("desk", status=404),
    ),
    # Programs.
    Route("api_openapi", get=PUBLIC, as_json=True, is_public=True),
    Route(
        "api_quotes",
        post=for_programs(only("researcher", "other_researcher", "referent", status=201)),
        sent=lambda w: w.wish,
        as_json=True,
    ),
    Route(
        "api_dry_run",
        post=for_programs(only("researcher", "other_researcher", "referent")),
        sent=lambda w: {"options": [w.wish]},
        as_json=True,
    ),
    Route(
        "api_orders",
        get=for_programs(SIGNED_IN),
        post=for_programs(only("researcher", status=201, referent=201, other_researcher=409)),
        sent=lambda w: {"title": "Coast", "purpose": "To follow it.", "lines": [w.wish]},
        as_json=True,
    ),
    Route(
        "api_order",
        args=lambda w: [w.line.order.reference],
        absent=[NO_ORDER],
        get=for_programs(SEES_ORDER),
        as_json=True,
    ),
    Route(
        "api_line_step",
        args=lambda w: [w.line.order.reference, 1, "withdraw"],
        absent=[NO_ORDER, 1, "withdraw"],
        post=for_programs(only("researcher", others=404, referent=403, desk=403)),
        as_json=True,
    ),
]

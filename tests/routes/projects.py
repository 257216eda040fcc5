"""The rows of projects and of their reviewers."""

from tests.routes.table import (
    DESK,
    DONE,
    MEMBER,
    PUBLIC,
    SEES_ORDER,
    SIGNED_IN,
    Route,
    only,
    signed_in,
)
from tests.routes.words import NO_PROJECT, NOTHING, PROJECT

ROUTES = [
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
    # The basket.
    Route(
        "basket_put",
        get=SIGNED_IN,
        post=signed_in(422, researcher=DONE),
        query=lambda w: f"scene={w.scene.item_id}",
        sent=lambda w: {"project": w.project_draft.reference},
    ),
    Route(
        "project_basket",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        get=only("researcher", "referent", others=404),
    ),
    Route(
        "basket_take_out",
        args=lambda w: [w.project_draft.reference, w.basket_item.pk],
        absent=[NO_PROJECT, NOTHING],
        post=only("researcher", status=DONE, others=404, referent=403),
    ),
    Route(
        "basket_quote",
        args=lambda w: [w.project_draft.reference],
        absent=[NO_PROJECT],
        # The world's only scene has its files here: nothing is left to produce.
        post=only("researcher", status=422, others=404, referent=403),
        sent=lambda w: {"sensor": "pleiades"},
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
    Route(
        "project_step",
        case="of the desk",
        args=lambda w: [w.project.reference, "approve"],
        absent=[NO_PROJECT, "approve"],
        post=only("desk", status=DONE, others=404, researcher=403, referent=403),
    ),
    Route(
        "project_step",
        case="unknown",
        args=lambda w: [w.project.reference, "nothing"],
        post=only(status=404, others=404),
    ),
    Route("desk_projects", get=DESK),
    Route(
        "project_report",
        args=lambda w: [w.approved.reference, w.report.pk],
        absent=[NO_PROJECT, NOTHING],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
        sent=lambda w: {"text": "A map of the coast."},
    ),
    Route(
        "project_report_waive",
        args=lambda w: [w.approved.reference, w.report.pk],
        absent=[NO_PROJECT, NOTHING],
        post=only("desk", status=DONE, others=404, referent=403, researcher=403),
        sent=lambda w: {"reason": "No image was good."},
    ),
    Route(
        "project_publications",
        args=lambda w: [w.approved.reference],
        absent=[NO_PROJECT],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
        sent=lambda w: {"doi": "10.5555/other", "title": "Another", "year": "2026"},
    ),
    Route(
        "project_publication_remove",
        args=lambda w: [w.approved.reference, w.publication.pk],
        absent=[NO_PROJECT, NOTHING],
        post=only("researcher", status=DONE, others=404, referent=403, desk=403),
    ),
    *(
        Route(
            name,
            get=only("desk", "quota_administrator", "administrator", "referent", "other_referent"),
        )
        for name in (
            "yearly_report",
            "yearly_report_csv",
            "yearly_report_xlsx",
            "yearly_report_pdf",
        )
    ),
    Route(
        "project_reviewers",
        args=lambda w: [w.project.reference],
        post=only("desk", status=DONE),
        sent=lambda w: {
            "name": "Critic",
            "email": "critic@far.example",
            "body": "Far",
            "language": "en",
        },
    ),
    Route(
        "project_reviewer_withdraw",
        args=lambda w: [w.in_review.reference, w.review.pk],
        post=only("desk", status=DONE),
    ),
    # The referent leads the laboratory's people, and may put another of them at the head.
    Route(
        "project_hand_over",
        args=lambda w: [w.project.reference],
        get=only("researcher", "referent", "desk", others=404),
        post=only("researcher", "referent", "desk", status=422, others=404),
        sent=lambda w: {"lead": ""},
    ),
    Route(
        "project_offer",
        args=lambda w: [w.project.reference],
        post=only("desk", status=DONE),
        sent=lambda w: {
            **{f"wish-{one.pk}": "1" for one in w.project.wishes.all()},
            "reason": "A part.",
        },
    ),
    Route(
        "project_years",
        args=lambda w: [w.approved.reference],
        post=only("desk", status=DONE),
        sent=lambda w: {
            "sensor": "pleiades",
            "year": str(w.approved.ends_on.year),
            "amount": "5",
            "reason": "The second winter.",
        },
    ),
    Route(
        "project_year_drop",
        args=lambda w: [w.approved.reference, w.share.pk],
        absent=[NO_PROJECT, 1],
        post=only("desk", status=DONE),
        sent=lambda w: {"reason": "No more."},
    ),
    Route(
        "project_more",
        args=lambda w: [w.approved.reference],
        post=only("desk", status=DONE),
        sent=lambda w: {
            "sensor": "pleiades",
            "amount": "5",
            "reason": "More.",
            "submission": "routes",
        },
    ),
    Route(
        "project_review",
        args=lambda w: [w.tokens["project_review"]],
        absent=["nothing"],
        get=PUBLIC,
        post=PUBLIC,
        sent=lambda w: {"decline": "1", "reason": "No time."},
        is_public=True,
    ),
]

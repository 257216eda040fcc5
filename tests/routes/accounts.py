"""The rows of accounts: joining, one's own pages, the referent's screen, licences, the desk's memberships."""

from tests.routes.table import (
    ABSENT,
    DESK,
    DONE,
    PROVE,
    PUBLIC,
    SIGNED_IN,
    Route,
    anyone,
    only,
    signed_in,
)

NOBODY = 9_999_999
UNKNOWN = "x" * 43  # a token of the right length that opens nothing
ADMINISTRATOR = only("administrator")
LEADS = only("referent", "other_referent")
LEADS_422 = only("referent", "other_referent", status=422)
WITHDRAWS = only("referent", "desk", status=DONE, others=404, administrator=403)
DESK_AND_ADMINISTRATOR = only("desk", "administrator", others=404)

ROUTES = [
    # Joining needs no account: the link mailed is the key.
    Route("join", get=PUBLIC, post=anyone(422), is_public=True),
    Route("find_organisations", get=PUBLIC, query=lambda w: "q=laboratory", is_public=True),
    Route("join_sent", get=anyone(DONE), is_public=True),
    Route("join_done", get=anyone(DONE), is_public=True),
    Route(
        "join_proved",
        args=lambda w: [w.tokens["prove"]],
        get=PUBLIC,
        post=anyone(DONE),
        is_public=True,
    ),
    Route(
        "join_proved",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route(
        "join_legal",
        args=lambda w: [w.tokens["accept"]],
        get=PUBLIC,
        post=anyone(422),
        is_public=True,
    ),
    Route(
        "join_legal",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route(
        "join_correct",
        args=lambda w: [w.tokens["correct"]],
        get=PUBLIC,
        post=anyone(422),
        is_public=True,
    ),
    Route(
        "join_correct",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route(
        "join_again",
        args=lambda w: ["accept", w.tokens["accept"]],
        get=PUBLIC,
        post=PUBLIC,
        is_public=True,
    ),
    Route(
        "join_again",
        case="unknown",
        args=lambda w: ["accept", UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    *(
        Route(
            page,
            args=lambda w, purpose=purpose: [w.tokens[purpose]],
            get=PUBLIC,
            post=anyone(422),
            is_public=True,
        )
        for page, purpose in (
            ("join_draft", "draft"),
            ("join_appeal", "appeal"),
            ("join_renew", "renew"),
            ("join_opinion", "opinion"),
        )
    ),
    *(
        Route(
            page,
            case="unknown",
            args=lambda w: [UNKNOWN],
            get=ABSENT,
            post=ABSENT,
            is_public=True,
        )
        for page in ("join_draft", "join_appeal", "join_renew", "join_opinion")
    ),
    Route("join_kept", get=anyone(DONE), is_public=True),
    Route("join_follow", args=lambda w: [w.tokens["accept"]], get=PUBLIC, is_public=True),
    Route(
        "join_follow",
        case="of an adviser",
        args=lambda w: [w.tokens["opinion"]],
        get=PUBLIC,
        is_public=True,
    ),
    Route("join_follow", case="unknown", args=lambda w: [UNKNOWN], get=ABSENT, is_public=True),
    # A dossier is read by those it names, and by the desk.
    Route(
        "my_dossier",
        args=lambda w: [w.membership.reference],
        absent=["A-0000"],
        get=only("referent", "desk", "administrator", others=404),
    ),
    Route(
        "my_dossier_renew",
        args=lambda w: [w.membership.reference],
        absent=["A-0000"],
        post=only("referent", status=DONE, others=404, desk=403, administrator=403),
        sent=lambda w: {"facts": "on"},
    ),
    # Anybody can check a certificate by its number.
    Route(
        "certificate", args=lambda w: [w.membership.certificate_number], get=PUBLIC, is_public=True
    ),
    Route("certificate", case="unknown", args=lambda w: ["C-0000"], get=ABSENT, is_public=True),
    Route(
        "legal_change",
        args=lambda w: [w.tokens["new_legal"]],
        get=PUBLIC,
        post=anyone(422),
        is_public=True,
    ),
    Route(
        "legal_change",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route("organisation_facts", get=LEADS),
    Route("ask_facts", get=LEADS, post=LEADS_422),
    Route("ask_legal", get=LEADS, post=LEADS_422),
    Route("ask_referent", get=LEADS, post=LEADS_422),
    Route(
        "change_withdraw",
        args=lambda w: [w.change.pk],
        absent=[NOBODY],
        post=WITHDRAWS,
    ),
    Route("desk_organisations", get=DESK),
    Route("desk_organisation", args=lambda w: [w.laboratory.pk], get=DESK),
    Route("desk_legal", args=lambda w: [w.laboratory.pk], get=DESK, post=only("desk", status=422)),
    Route("desk_changes", get=DESK),
    Route("desk_change", args=lambda w: [w.change.pk], get=DESK),
    Route(
        "desk_change_step",
        args=lambda w: [w.change.pk, "approve"],
        post=only("desk", status=DONE),
    ),
    Route(
        "membership_document",
        args=lambda w: [w.membership.reference, "certificate"],
        absent=["A-1999-0001", "certificate"],
        get=only("referent", "desk", "administrator", others=404),
    ),
    # One's own pages.
    Route(
        "account",
        get=SIGNED_IN,
        post=signed_in(DONE),
        sent=lambda w: {"full_name": "A name", "language": "en"},
    ),
    # The copy and the erasure ask the password again, whoever one is.
    Route("data", get=SIGNED_IN),
    Route("data_ask", post=signed_in(DONE)),
    Route("data_take", args=lambda w: [w.copy.pk], get=signed_in(PROVE)),
    Route("data_erase", get=signed_in(PROVE), post=signed_in(PROVE)),
    Route("privacy", get=PUBLIC, is_public=True),
    # They have what their duty demands, or need none: on to the list of factors.
    Route("second_factor", get=signed_in(DONE)),
    Route("attach", get=SIGNED_IN),
    Route(
        "attach_to",
        args=lambda w: [w.laboratory.pk],
        get=SIGNED_IN,
        # They belong there already.
        post=signed_in(DONE, researcher=409, referent=409),
        sent=lambda w: {"position": "Guest", "statement": "To see the coast."},
    ),
    Route(
        "attach_to",
        case="not a member",
        args=lambda w: [w.candidate.organisation.pk],
        absent=[NOBODY],
        get=only(others=404),
        post=only(others=404),
    ),
    Route(
        "my_affiliation_step",
        args=lambda w: [w.affiliation.pk, "leave"],
        absent=[NOBODY, "leave"],
        post=only("researcher", status=DONE, others=404),
    ),
    Route(
        "api_keys",
        get=SIGNED_IN,
        post=only("researcher", "other_researcher", "referent", status=200),
        sent=lambda w: {"name": "laptop", "scopes": ["read"], "days": "90"},
    ),
    Route(
        "api_key_revoke",
        args=lambda w: [w.key.pk],
        absent=[NOBODY],
        post=only("researcher", "referent", "desk", status=DONE, others=404, administrator=403),
    ),
    Route(
        "api_key_rotate",
        args=lambda w: [w.key.pk],
        absent=[NOBODY],
        post=only("researcher", others=404),
    ),
    Route("organisation_keys", get=LEADS),
    Route("organisation_people", get=only("referent", "other_referent")),
    Route("organisation_people_csv", get=only("referent", "other_referent")),
    Route(
        "affiliation_last_day",
        args=lambda w: [w.affiliation.pk],
        absent=[NOBODY],
        post=only("referent", "desk", status=DONE, others=404, researcher=403, administrator=403),
        sent=lambda w: {"prolong": "1"},
    ),
    Route(
        "organisation_invitations",
        get=only("referent", "other_referent"),
        post=only("referent", status=DONE, other_referent=422),
        sent=lambda w: {
            "email": "new@laboratory.example",
            "position": "Engineer",
            "language": "en",
        },
    ),
    Route(
        "organisation_invite_list",
        get=only("referent", "other_referent"),
        post=only("referent", "other_referent"),
        sent=lambda w: {"lines": "new@laboratory.example", "language": "en", "check": "1"},
    ),
    Route(
        "invitation_step",
        args=lambda w: [w.invitation.pk, "withdraw"],
        absent=[NOBODY, "withdraw"],
        post=only("referent", "desk", status=DONE, others=404, administrator=403),
    ),
    Route(
        "invitation",
        args=lambda w: [w.tokens["invitation"]],
        get=PUBLIC,
        # Without an account a name and a password are asked; whoever is signed in says yes, but for
        # those who belong there already.
        post=anyone(DONE, anonymous=422, researcher=409, referent=409),
        is_public=True,
    ),
    Route(
        "invitation",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route(
        "organisation_review",
        get=only("referent", "other_referent"),
        # Another referent has no open review: nothing of this one's can be said.
        post=only("referent", status=DONE, other_referent=422),
        sent=lambda w: {"verdict": "keep", "affiliation": [w.affiliation.pk]},
    ),
    Route(
        "review_open",
        args=lambda w: [w.laboratory.pk],
        absent=[NOBODY],
        post=only("referent", status=DONE, others=404),
    ),
    Route(
        "review_undo",
        args=lambda w: [w.review_act.pk],
        absent=[NOBODY],
        post=only("referent", status=DONE, others=404),
    ),
    Route("desk_unanswered", get=DESK),
    Route(
        "desk_absences",
        get=only("desk", "quota_administrator", "administrator"),
        post=only("desk", "quota_administrator", "administrator", status=422),
        sent=lambda w: {"email": "nobody@example.org"},
    ),
    Route(
        "desk_absence_end",
        case="unknown",
        args=lambda w: [NOBODY],
        post=only("desk", "quota_administrator", "administrator", status=404),
    ),
    Route("desk_erasures", query=lambda w: "q=researcher", get=DESK),
    # It asks the desk's password again, like one's own erasure.
    Route(
        "desk_erasure",
        args=lambda w: [w.researcher.pk],
        get=only("desk", status=PROVE),
        post=only("desk", status=PROVE),
    ),
    Route("desk_keys", get=DESK),
    Route("my_programs", get=SIGNED_IN),
    Route(
        "my_program_revoke",
        args=lambda w: [w.program.client_id],
        absent=["nothing"],
        post=only("researcher", status=DONE, others=404),
    ),
    Route(
        "my_partner",
        args=lambda w: [w.linked.partner.code],
        post=only("other_researcher", "referent", status=DONE, researcher=409),
    ),
    # The referent's screen.
    Route("organisation", get=only("referent", "other_referent")),
    Route(
        "organisation_decide",
        # Whoever leads people elsewhere decides nothing of what is named here.
        post=only("referent", "desk", "other_referent", status=DONE),
        sent=lambda w: {"affiliation": [w.request.pk]},
    ),
    Route(
        "affiliation_step",
        args=lambda w: [w.request.pk, "accept"],
        absent=[NOBODY, "accept"],
        post=only("referent", "desk", status=DONE, others=404, administrator=403),
    ),
    Route(
        "affiliation_step",
        case="of oneself",
        args=lambda w: [w.affiliation.pk, "suspend"],
        absent=[NOBODY, "suspend"],
        post=only("referent", "desk", status=DONE, others=404, researcher=403, administrator=403),
        sent=lambda w: {"reason": "Away for a year."},
    ),
    # Licences.
    Route("licences", get=SIGNED_IN),
    Route(
        "licence_sign",
        args=lambda w: ["open"],
        get=SIGNED_IN,
        post=signed_in(422),
    ),
    Route(
        "licence_sign",
        case="unknown",
        args=lambda w: ["nothing"],
        get=only(others=404),
        post=only(others=404),
        absent=["never"],
    ),
    Route(
        "signature_pdf",
        args=lambda w: [w.signature.number],
        absent=[NOBODY],
        get=only("researcher", "desk", "administrator", others=404),
    ),
    Route(
        "signature_json",
        args=lambda w: [w.signature.number],
        absent=[NOBODY],
        get=only("researcher", "desk", "administrator", others=404),
    ),
    # Accounts with partners: the desk looks at what failed.
    Route("desk_partners", get=DESK),
    Route(
        "desk_partner_ask",
        args=lambda w: [w.linked.partner.code],
        post=only("desk", status=DONE),
        sent=lambda w: {"what": "replay"},
    ),
    Route(
        "desk_account_replay",
        args=lambda w: [w.linked.pk],
        post=only("desk", status=DONE),
    ),
    # Programs are registered by administrators.
    Route(
        "desk_programs",
        get=only("administrator"),
        post=only("administrator"),
        sent=lambda w: {
            "name": "A tool",
            "kind": "tool",
            "scopes": ["openid"],
            "redirect_uris": "",
        },
    ),
    Route(
        "desk_program",
        args=lambda w: [w.program.pk],
        get=only("administrator"),
        post=only("administrator", status=DONE),
        sent=lambda w: {
            "name": "Theia",
            "scopes": ["openid"],
            "redirect_uris": "https://theia.example/",
        },
    ),
    Route(
        "desk_program_step",
        args=lambda w: [w.program.pk, "renew"],
        post=only("administrator"),
    ),
    Route(
        "desk_program_step",
        case="disable",
        args=lambda w: [w.program.pk, "disable"],
        post=only("administrator", status=DONE),
    ),
    # Administrators write texts; another administrator approves.
    Route("licence_edit", get=ADMINISTRATOR),
    Route(
        "licence_write",
        args=lambda w: ["open"],
        get=ADMINISTRATOR,
        post=only("administrator", status=422),
    ),
    Route(
        "licence_write",
        case="unknown",
        args=lambda w: ["nothing"],
        get=only("administrator", status=404),
        post=only("administrator", status=404),
    ),
    Route(
        "licence_draft",
        args=lambda w: [w.draft.pk],
        get=ADMINISTRATOR,
        post=only("administrator", status=422),
    ),
    Route(
        "licence_draft",
        case="unknown",
        args=lambda w: [NOBODY],
        get=only("administrator", status=404),
        post=only("administrator", status=404),
    ),
    Route(
        "licence_draft_step",
        args=lambda w: [w.draft.pk, "approve"],
        post=only("administrator", status=DONE),
    ),
    Route(
        "licence_draft_step",
        case="of its writer",
        args=lambda w: [w.draft.pk, "drop"],
        post=only(),
    ),
    # A legal representative accepts a changed text by a mailed link.
    Route("accept_again", args=lambda w: [w.again], get=PUBLIC, post=anyone(409), is_public=True),
    Route(
        "accept_again",
        case="unknown",
        args=lambda w: [UNKNOWN],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route("api_licences", get=PUBLIC, as_json=True, is_public=True),
    # The desk.
    Route("desk_memberships", get=DESK),
    Route("desk_membership", args=lambda w: [w.candidate.reference], get=DESK),
    Route(
        "desk_membership", case="unknown", args=lambda w: ["A-0000"], get=only("desk", status=404)
    ),
    Route("desk_certificate", args=lambda w: [w.membership.reference], get=DESK),
    Route(
        "desk_membership_step",
        args=lambda w: [w.candidate.reference, "approve"],
        post=only("desk", status=DONE),
        sent=lambda w: {"legal_verified_how": "by telephone"},
    ),
    Route(
        "desk_membership_step",
        case="of another",
        args=lambda w: [w.candidate.reference, "accept"],
        post=only("desk", status=404),
    ),
    Route(
        "desk_membership_step",
        case="not now",
        args=lambda w: [w.membership.reference, "approve"],
        post=only("desk", status=409),
        sent=lambda w: {"legal_verified_how": "by telephone"},
    ),
    Route(
        "desk_opinion",
        args=lambda w: [w.opinion.membership.reference, w.opinion.pk],
        post=only("desk", status=DONE),
        sent=lambda w: {"answer": "favour"},
    ),
    Route(
        "desk_opinion",
        case="of another",
        args=lambda w: [w.candidate.reference, w.opinion.pk],
        post=only("desk", status=404),
    ),
    Route(
        "desk_referent",
        args=lambda w: [w.membership.reference, w.affiliation.pk],
        post=only("desk", status=DONE),
    ),
    Route(
        "desk_referent",
        case="of another organisation",
        args=lambda w: [w.candidate.reference, w.affiliation.pk],
        post=only("desk", status=404),
    ),
]

"""The room's addresses: they do not move."""

from allauth.account.decorators import secure_admin_login
from allauth.idp.oidc import views as oidc
from django.contrib import admin
from django.urls import include, path

from accounts.views import (
    account,
    data,
    desk,
    dossiers,
    finding,
    invitations,
    join,
    keys,
    licence_edit,
    licences,
    organisation,
    partners,
    people,
    programs,
    provider,
    reviews,
)

# The admin has no door of its own: it sends to the same log-in as everybody.
admin.site.login = secure_admin_login(admin.site.login)

# The provider's, at the paths and under the names that allauth gives them.
_provider = [
    path(".well-known/openid-configuration", oidc.configuration, name="configuration"),
    path(".well-known/jwks.json", oidc.jwks, name="jwks"),
    path("identity/o/authorize", provider.Authorization.as_view(), name="authorization"),
    path("identity/o/device", provider.device, name="device_authorization"),
    path("identity/o/logout", provider.Logout.as_view(), name="logout"),
    path("identity/o/api/token", provider.Token.as_view(), name="token"),
    path("identity/o/api/userinfo", oidc.user_info, name="userinfo"),
    path("identity/o/api/revoke", oidc.revoke, name="revoke"),
    path("identity/o/api/device/code", oidc.device_code, name="device_code"),
    # Where the `teledetection` client looks: beside the address of the tokens.
    path("identity/o/api/auth/device", oidc.device_code, name="device_code_beside_tokens"),
]

urlpatterns = [
    path("", include(([path("", include((_provider, "oidc")))], "idp"))),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("join/", join.join, name="join"),
    path("join/find/", finding.find_organisations, name="find_organisations"),
    path("join/sent/", join.join_sent, name="join_sent"),
    path("join/done/", join.join_done, name="join_done"),
    path("join/proved/<str:token>/", join.join_proved, name="join_proved"),
    path("join/legal/<str:token>/", join.join_legal, name="join_legal"),
    path("join/correct/<str:token>/", join.join_correct, name="join_correct"),
    path("join/again/<slug:purpose>/<str:token>/", join.join_again, name="join_again"),
    path("join/kept/", join.join_kept, name="join_kept"),
    path("join/draft/<str:token>/", dossiers.join_draft, name="join_draft"),
    path("join/appeal/<str:token>/", dossiers.join_appeal, name="join_appeal"),
    path("join/renew/<str:token>/", dossiers.join_renew, name="join_renew"),
    path("join/opinion/<str:token>/", dossiers.join_opinion, name="join_opinion"),
    path("join/follow/<str:token>/", dossiers.join_follow, name="join_follow"),
    path("account/dossiers/<str:reference>/", dossiers.my_dossier, name="my_dossier"),
    path(
        "account/dossiers/<str:reference>/renew/",
        dossiers.my_dossier_renew,
        name="my_dossier_renew",
    ),
    path("join/certificates/<str:number>/", join.certificate, name="certificate"),
    path("account/", account.account, name="account"),
    path("account/attach/", account.attach, name="attach"),
    path("account/attach/<int:pk>/", account.attach_to, name="attach_to"),
    path(
        "account/affiliations/<int:pk>/<slug:step>/",
        account.my_affiliation_step,
        name="my_affiliation_step",
    ),
    path("account/keys/", keys.api_keys, name="api_keys"),
    path("account/keys/<int:pk>/revoke/", keys.api_key_revoke, name="api_key_revoke"),
    path("account/keys/<int:pk>/rotate/", keys.api_key_rotate, name="api_key_rotate"),
    path("organisation/people/", people.organisation_people, name="organisation_people"),
    path("organisation/people.csv", people.organisation_people_csv, name="organisation_people_csv"),
    path(
        "organisation/affiliations/<int:pk>/last-day/",
        people.affiliation_last_day,
        name="affiliation_last_day",
    ),
    path(
        "organisation/invitations/",
        invitations.organisation_invitations,
        name="organisation_invitations",
    ),
    path(
        "organisation/invitations/list/",
        invitations.organisation_invite_list,
        name="organisation_invite_list",
    ),
    path(
        "organisation/invitations/<int:pk>/<slug:step>/",
        invitations.invitation_step,
        name="invitation_step",
    ),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("organisation/review/", reviews.organisation_review, name="organisation_review"),
    path("organisation/<int:pk>/review/open/", reviews.review_open, name="review_open"),
    path("organisation/review/acts/<int:pk>/undo/", reviews.review_undo, name="review_undo"),
    path("desk/unanswered/", reviews.desk_unanswered, name="desk_unanswered"),
    path("organisation/keys/", keys.organisation_keys, name="organisation_keys"),
    path("desk/keys/", keys.desk_keys, name="desk_keys"),
    path("account/partners/<slug:code>/", partners.my_partner, name="my_partner"),
    path("account/programs/", programs.my_programs, name="my_programs"),
    path(
        "account/programs/<str:client_id>/revoke/",
        programs.my_program_revoke,
        name="my_program_revoke",
    ),
    path("account/data/", data.data, name="data"),
    path("account/data/ask/", data.ask, name="data_ask"),
    path("account/data/erase/", data.erase, name="data_erase"),
    path("account/data/copies/<int:pk>/", data.take, name="data_take"),
    path("data/", data.privacy, name="privacy"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/accept/", organisation.organisation_decide, name="organisation_decide"),
    path(
        "organisation/affiliations/<int:pk>/<slug:step>/",
        organisation.affiliation_step,
        name="affiliation_step",
    ),
    path(
        "organisation/documents/<str:reference>/<slug:kind>.pdf",
        organisation.membership_document,
        name="membership_document",
    ),
    path("licences/", licences.licences, name="licences"),
    path("licences/edit/", licence_edit.licence_edit, name="licence_edit"),
    path("licences/edit/drafts/<int:pk>/", licence_edit.licence_draft, name="licence_draft"),
    path(
        "licences/edit/drafts/<int:pk>/<slug:step>/",
        licence_edit.licence_draft_step,
        name="licence_draft_step",
    ),
    path("licences/edit/<slug:code>/", licence_edit.licence_write, name="licence_write"),
    path("licences/again/<str:token>/", licences.accept_again, name="accept_again"),
    path("licences/<slug:code>/", licences.licence_sign, name="licence_sign"),
    path("api/v1/", include("accounts.api.urls")),
    path("licences/signatures/<int:number>.pdf", licences.signature_pdf, name="signature_pdf"),
    path("licences/signatures/<int:number>.json", licences.signature_json, name="signature_json"),
    path("desk/memberships/", desk.desk_memberships, name="desk_memberships"),
    path("desk/memberships/<str:reference>/", desk.desk_membership, name="desk_membership"),
    path(
        "desk/memberships/<str:reference>/certificate.pdf",
        desk.desk_certificate,
        name="desk_certificate",
    ),
    path(
        "desk/memberships/<str:reference>/referents/<int:pk>/",
        desk.desk_referent,
        name="desk_referent",
    ),
    path(
        "desk/memberships/<str:reference>/opinions/<int:pk>/",
        desk.desk_opinion,
        name="desk_opinion",
    ),
    path(
        "desk/memberships/<str:reference>/<slug:step>/",
        desk.desk_membership_step,
        name="desk_membership_step",
    ),
    path("desk/partners/", partners.desk_partners, name="desk_partners"),
    path("desk/partners/<slug:code>/", partners.desk_partner_ask, name="desk_partner_ask"),
    path(
        "desk/partners/accounts/<int:pk>/replay/",
        partners.desk_account_replay,
        name="desk_account_replay",
    ),
    path("desk/programs/", programs.desk_programs, name="desk_programs"),
    path("desk/programs/<int:pk>/", programs.desk_program, name="desk_program"),
    path(
        "desk/programs/<int:pk>/<slug:step>/",
        programs.desk_program_step,
        name="desk_program_step",
    ),
]

"""The routes that packages bring, by group, and why they are not ours to walk method by method."""

from tests.routes.table import DONE, LOGIN, PROVE, Group

GROUPS = [
    Group(
        "allauth: signing up and in; its flows are its own, ours are tested in tests/accounts",
        {
            "account_login": (200, DONE),
            "account_logout": (DONE, 200),
            "account_inactive": (200, 200),
            "account_signup": (200, DONE),
            "account_reauthenticate": (LOGIN, 200),
            "account_email": (LOGIN, 200),
            "account_email_verification_sent": (200, 200),
            "account_confirm_email": (200, 200),
            "account_change_password": (LOGIN, 200),
            "account_set_password": (LOGIN, DONE),
            "account_reset_password": (200, 200),
            "account_reset_password_done": (200, 200),
            "account_reset_password_from_key": (200, 200),
            "account_reset_password_from_key_done": (200, 200),
            "account_confirm_login_code": (LOGIN, DONE),
        },
        {
            "account_confirm_email": ["nothing"],
            "account_reset_password_from_key": ["1", "nothing"],
        },
    ),
    Group(
        "allauth: second factors and passkeys, changed only after the password was proved again",
        {
            "mfa_index": (LOGIN, 200),
            "mfa_authenticate": (LOGIN, DONE),
            "mfa_reauthenticate": (LOGIN, 200, PROVE),  # asked of those who have a factor
            "mfa_activate_totp": (LOGIN, PROVE),
            "mfa_deactivate_totp": (LOGIN, 404, PROVE),
            # None of them has recovery codes.
            "mfa_view_recovery_codes": (LOGIN, 404),
            "mfa_generate_recovery_codes": (LOGIN, PROVE),
            "mfa_download_recovery_codes": (LOGIN, 404),
            "mfa_list_webauthn": (LOGIN, 200),
            "mfa_add_webauthn": (LOGIN, PROVE),
            "mfa_reauthenticate_webauthn": (LOGIN, PROVE),
            "mfa_remove_webauthn": (LOGIN, PROVE),
            "mfa_edit_webauthn": (LOGIN, PROVE),
            "mfa_login_webauthn": (LOGIN, DONE),
        },
        {"mfa_remove_webauthn": [1], "mfa_edit_webauthn": [1]},
    ),
    Group(
        "allauth: DINAMIS as a provider, whose own requests tests/accounts/test_provider.py makes",
        {
            "idp:oidc:configuration": (200, 200),
            "idp:oidc:jwks": (200, 200),
            # Nothing asked: no program to answer to.
            "idp:oidc:authorization": (LOGIN, 400),
            "idp:oidc:device_authorization": (LOGIN, 200),
            "idp:oidc:logout": (DONE, 200),
            "idp:oidc:token": (405, 405),
            "idp:oidc:userinfo": (401, 401),
            "idp:oidc:revoke": (405, 405),
            "idp:oidc:device_code": (405, 405),
            "idp:oidc:device_code_beside_tokens": (405, 405),
        },
    ),
    Group(
        "allauth: identities of other houses; no provider is set up here, tests/accounts/ walks real ones",
        {
            "socialaccount_connections": (LOGIN, 200),
            "socialaccount_login_cancelled": (200, 200),
            "institutions": (404, 404),
            "openid_connect_login": (404, 404),
            "openid_connect_callback": (404, 404),
            "saml_login": (404, 404),
            "saml_acs": (405, 405),
            "saml_finish_acs": (404, 404),
            "saml_metadata": (404, 404),
        },
        {
            "openid_connect_login": ["lab"],
            "openid_connect_callback": ["lab"],
            "saml_login": ["univ"],
            "saml_acs": ["univ"],
            "saml_finish_acs": ["univ", "answer"],
            "saml_metadata": ["univ"],
        },
    ),
    Group("allauth: one's own open sessions", {"usersessions_list": (LOGIN, 200)}),
]

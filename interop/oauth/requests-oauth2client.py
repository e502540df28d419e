"""requests-oauth2client (PyPI), as an application's developer would use it."""

import os

from requests_oauth2client import (
    BearerToken,
    ClientSecretBasic,
    ClientSecretPost,
    OAuth2Client,
    OAuth2ClientCredentialsAuth,
    PrivateKeyJwt,
    PublicApp,
)

from browser import Browser
from flows import claims_of, expect, refused, run, setting

CALLBACK = "https://app.example/callback"
issuer, user, api, other = (setting[name] for name in ("issuer", "user", "api", "other"))
web, app, basic, post, signer, orders = (
    setting["clients"][name] for name in ("web", "app", "basic", "post", "signer", "orders")
)
browser = Browser()
kept = {}


def client_of(auth, redirect_uri=CALLBACK):
    # `testing` is its word for plain HTTP.
    return OAuth2Client.from_discovery_endpoint(
        issuer=issuer, auth=auth, redirect_uri=redirect_uri, testing=True
    )


client = client_of(ClientSecretBasic(web["client_id"], web["client_secret"]))


def sign_in(client=client, by=browser, scope=None, **parameters):
    scope = scope or f"openid profile email {api['scope']}"
    request = client.authorization_request(scope=scope, **parameters)
    answer = request.validate_callback(by.walk(str(request), user, client.redirect_uri))
    # The id token is validated as well: signature, nonce, at_hash, auth_time.
    return client.authorization_code(answer, validate="openid" in scope)


def code_with_pkce():
    expect(client.authorization_response_iss_parameter_supported, "iss in responses")
    kept["token"] = token = sign_in(resource=api["resource"])
    audience = claims_of(token.access_token)["aud"]
    expect(api["resource"] in audience, f"the API in aud, got {audience}")


def public_client():
    port = 49152 + os.getpid() % 1000
    client = client_of(PublicApp(app["client_id"]), f"http://127.0.0.1:{port}/callback")
    token = sign_in(client)
    fresh = client.refresh_token(token.refresh_token)
    expect(fresh.refresh_token != token.refresh_token, "a rotated refresh token")


def userinfo():
    token = sign_in(scope="openid email")
    info = client.userinfo(token)
    expect(info["sub"] == token.id_token.sub and info["email"], "sub and email")


def refresh():
    token = kept["token"]
    fresh = client.refresh_token(token.refresh_token)
    before, after = (claims_of(one.access_token) for one in (token, fresh))
    expect(before["sub"] == after["sub"] and before["jti"] != after["jti"], "sub kept, jti new")


def replay():
    first = sign_in(by=Browser())
    second = client.refresh_token(first.refresh_token)
    third = client.refresh_token(second.refresh_token)
    for old in (first, third):
        refused(lambda: client.refresh_token(old.refresh_token), "invalid_grant")


def for_itself(auth):
    token = client_of(auth).client_credentials(scope=api["scope"], resource=api["resource"])
    expect(isinstance(token, BearerToken) and token.expires_in > 0, "a token with a life")
    expect(claims_of(token.access_token)["client_id"] == auth.client_id, "the client")


def session_of_its_own():
    auth = ClientSecretBasic(basic["client_id"], basic["client_secret"])
    on_demand = OAuth2ClientCredentialsAuth(client_of(auth), scope=api["scope"], resource=api["resource"])
    on_demand.renew_token()
    expect(claims_of(on_demand.token.access_token)["aud"] == api["resource"], "the API")


def introspect_and_revoke():
    token = sign_in(by=Browser())
    ask = lambda: client.introspect_token(token.refresh_token, token_type_hint="refresh_token")
    expect(ask()["active"] is True, "an active token")
    expect(client.revoke_refresh_token(token.refresh_token), "a revocation")
    expect(ask() == {"active": False}, "an inactive one, and nothing else")


def exchange():
    service = client_of(ClientSecretBasic(orders["client_id"], orders["client_secret"]))
    token = sign_in(by=Browser(), resource=api["resource"])
    made = service.token_exchange(
        subject_token=token, resource=other["resource"], scope=other["scope"]
    )
    claims = claims_of(made.access_token)
    expect(claims["aud"] == other["resource"], "the other API")
    expect(claims["act"]["sub"] == orders["client_id"], "who acts")


def wrong_secret():
    refused(lambda: for_itself(ClientSecretBasic(basic["client_id"], "wrong")), "invalid_client")


run([
    ("code-with-pkce", code_with_pkce),
    ("public-client-on-loopback", public_client),
    ("max-age", lambda: sign_in(max_age=1000)),
    ("userinfo", userinfo),
    ("refresh", refresh),
    ("refresh-replay", replay),
    ("client-credentials-basic",
     lambda: for_itself(ClientSecretBasic(basic["client_id"], basic["client_secret"]))),
    ("client-credentials-post",
     lambda: for_itself(ClientSecretPost(post["client_id"], post["client_secret"]))),
    ("client-credentials-private-key-jwt",
     lambda: for_itself(PrivateKeyJwt(signer["client_id"], signer["jwk"]))),
    ("client-credentials-on-demand", session_of_its_own),
    ("wrong-secret", wrong_secret),
    ("introspection-and-revocation", introspect_and_revoke),
    ("token-exchange", exchange, "token-exchange"),
])
